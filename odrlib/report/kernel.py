"""
Kernel: the process a report notebook runs in, started lean and quiet.

`rfc3987_syntax` builds 39 grammars when jsonschema imports it, 2 to 3 seconds in every process that
reads notebooks; jsonschema does without it where it is missing, and only loses the check of
internationalised web addresses, which no notebook has.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

from odrlib.report import trace

STARTED: WeakSet[Any] = WeakSet()  # the processes of kernels, as long as anyone holds them
QUIET = ["--HistoryManager.enabled=False"]  # a data base on disk of what each cell said
LOG = "kernel.log"
GARBAGE = 50_000  # new objects before Python looks for those that only hold each other
ROOM_FOR_SOCKETS = 85  # characters; macOS allows 104 for a whole socket path


def skip_slow_grammars() -> None:
    """Let this process import nbformat without `rfc3987_syntax`. To be called before it does."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def environment(room: Path, watched: str = "") -> dict[str, str]:
    """What a kernel whose files lie in `room` is told; `watched` is what `trace.watch` is asked."""
    # A profile of its own: nobody's start-up files run inside a report.
    return os.environ | {"ODR_BATCH": "1", "IPYTHONDIR": str(room), trace.VARIABLE: watched}


def manager_class(watched: str = "", started_here: list[Any] | None = None) -> type:
    """
    A kernel manager whose kernel is this module, in this Python, with its noise in a file.

    `started_here` gets the process of each kernel.
    """
    from jupyter_client.manager import AsyncKernelManager

    class ReportKernelManager(AsyncKernelManager):
        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            own = [sys.executable, "-m", "odrlib.report.kernel", "-f", self.connection_file]
            return own + QUIET + (extra_arguments or [])

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            # jupyter_client wraps its own in a decorator, which hides that they are alike.
            room = Path(self.connection_file).parent
            env = environment(room, watched)
            with open(room / LOG, "ab") as log:
                await super().start_kernel(stdout=log, stderr=log, env=env, **options)
            started: Any = self.provisioner
            STARTED.add(started.process)
            if started_here is not None:
                started_here.append(started.process)

    return ReportKernelManager


def stop() -> None:
    """End every kernel of this process at once: whoever waits for one is told that it died."""
    for process in list(STARTED):
        if process.poll() is None:
            end_group(process.pid)
        process.kill()


def end_group(leader: int) -> None:
    """
    End what the cells of a kernel have started; else it outlives a kernel that died.

    A group of processes keeps its leader's number to itself as long as somebody is in it.
    """
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def connection(room: Path) -> dict[str, str]:
    """
    How to talk to a kernel whose files lie in the folder `room`.

    Sockets in a private folder need no port, so kernels that start together cannot take each
    other's; where there are none (Windows) or the path is too long, ports it is.
    """
    sockets = os.name == "posix" and len(str(room)) < ROOM_FOR_SOCKETS
    return {
        "transport": "ipc" if sockets else "tcp",
        "connection_file": str(room / "kernel.json"),
    }


def skip_debugger() -> None:
    """Let a kernel start without `debugpy`: nobody steps through a report while it is made."""
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]


if __name__ == "__main__":
    skip_slow_grammars()
    skip_debugger()
    if os.environ.get(trace.VARIABLE):
        trace.watch(os.environ[trace.VARIABLE])
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
