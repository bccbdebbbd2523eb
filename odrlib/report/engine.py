"""
Engine: how papermill runs a notebook of ours, also by hand: `papermill --engine odr …`.

The kernel is a real one of this Python, without the imports that cost seconds, over private sockets
instead of ports, and from the warm process of a batch where there is one. And papermill calls a
notebook "completed" whose kernel died or whose cell ran out of time; here the cell it broke in is
marked as failed and those after it stay pending, as with any other error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from odrlib.report.forking import ForkedKernel
from odrlib.report.kernel import (
    LOG,
    STARTED,
    connection,
    end_group,
    environment,
    manager_class,
    skip_slow_grammars,
)
from odrlib.rooms import private_room

# Set by whoever runs a batch outside of odrlib and keeps a warm process for it.
ADDRESS = "ODR_WARM"


@cache
def _engine() -> type:
    """
    The engine's class, made when it is asked for.

    papermill loads the engines of all packages while it is itself being imported, so this module
    may be asked for its engine before it could import papermill's.
    """
    skip_slow_grammars()
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import NBClientEngine
    from traitlets.config import Config

    class OdrEngine(NBClientEngine):  # type: ignore[misc]  # papermill brings no types
        """papermill's own engine with our kernel, and a truthful end."""

        @classmethod
        def execute_managed_notebook(
            cls,
            nb_man: Any,
            kernel_name: str,
            *,
            warm: str = "",
            private: str | Path = "",
            watched: str = "",
            **options: Any,
        ) -> Any:
            """
            Run the notebook.

            Parameters
            ----------
            warm : address of a warm process, as `forking.warmed` gives it
            watched : what `trace.watch` is asked, if the kernel is to write down what it opens
            private : folder for sockets and the kernel's log; a temporary one by default
            options : as for papermill's own engine
            """
            warm = warm or os.environ.get(ADDRESS, "")
            with ExitStack() as stack:
                room = Path(private or stack.enter_context(private_room()))
                forked = _forked(warm, room, watched, options) if warm else None
                started: list[Any] = []
                try:
                    if forked:
                        return _run(forked, nb_man, kernel_name, options)
                    ours = {
                        "config": Config(KernelManager=connection(room)),
                        "kernel_manager_class": manager_class(watched, started),
                        "shutdown_kernel": "immediate",
                        "record_timing": False,  # papermill does, of each cell
                    }
                    return super().execute_managed_notebook(nb_man, kernel_name, **ours | options)
                except (DeadKernelError, CellTimeoutError):
                    for process in started:
                        end_group(process.pid)
                    _mark(nb_man)
                    raise

    return OdrEngine


def __getattr__(name: str) -> Any:
    if name == "OdrEngine":
        return _engine()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _forked(warm: str, room: Path, watched: str, options: Mapping[str, Any]) -> ForkedKernel | None:
    """A kernel of the warm process, if it has one to give."""
    folder = options.get("resources", {}).get("metadata", {}).get("path")
    request = {
        "cwd": str(folder or Path.cwd()),
        "env": environment(room, watched),
        "log": str(room / LOG),
    }
    try:
        forked = ForkedKernel(warm, request)
    except (OSError, ValueError):
        return None
    STARTED.add(forked)
    return forked


def _run(forked: ForkedKernel, nb_man: Any, kernel_name: str, options: dict[str, Any]) -> Any:
    """As papermill's engine does, but with our client."""
    from papermill.log import logger
    from papermill.utils import merge_kwargs, remove_args

    from odrlib.report.asking import ForkedClient

    client = ForkedClient(
        nb_man,
        forked,
        **merge_kwargs(
            remove_args(["input_path", "start_timeout", "execution_timeout"], **options),
            timeout=options.get("execution_timeout") or options.get("timeout"),
            kernel_name=kernel_name,
            record_timing=False,
            log=logger,
        ),
    )
    return client.execute()


def _mark(nb_man: Any) -> None:
    """Mark the cell in which the run broke off, the last that began."""
    begun = [cell for cell in nb_man.nb.cells if cell.metadata.papermill["start_time"]]
    for cell in begun[-1:]:
        nb_man.cell_exception(cell)
