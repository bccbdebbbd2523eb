"""Which processes of a test still run."""

from __future__ import annotations

from pathlib import Path


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be buried does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
