"""Live: is there somebody who can click, or is this a run that only leaves a page behind?"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

BATCH = "ODR_BATCH"
# Programs that run a notebook from top to bottom and show nobody its widgets.
RUNNERS = ("papermill", "nbconvert", "nbclient", "jupyter-execute", "jupyter-run")


def is_live() -> bool:
    """
    Does a notebook front end listen to this process?

    Not in a kernel that the report's own runner started (it says so in the environment), nor in one
    that papermill or nbconvert started, nor outside of any kernel.
    """
    if os.environ.get(BATCH) or "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return False
    return not any(runner in name for name in _parent() for runner in RUNNERS)


def _parent() -> list[str]:
    """The names of the program that started this one; none if nobody tells."""
    with suppress(Exception):
        import psutil

        return [Path(part).name for part in psutil.Process().parent().cmdline()[:3]]
    return []
