"""
Forking: how a report asks the warm process of `odrlib.report.warm` for its kernel.

`warmed(notebook)` is such a process for as long as a batch runs, and `ForkedKernel` a kernel of it.
Where the system cannot, or the warm process has died, there is none, and the ordinary kernel is
started instead.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from odrlib.report.kernel import end_group
from odrlib.report.warm import kill_all, read_line
from odrlib.report.wire import Wire
from odrlib.rooms import private_room

PATIENCE = 60  # seconds; a warm-up takes about five, on a busy machine some more
ENDED = "-ended"
WITHIN = 30  # seconds that nothing of a message may come, once it has begun


def can_fork() -> bool:
    """Linux only: macOS and Windows cannot fork a process that has loaded these libraries."""
    return sys.platform == "linux"


@contextmanager
def warmed(notebook: Path, limits: Mapping[str, str] | None = None) -> Iterator[str]:
    """
    The address of a warm process that ends with the block; empty where there can be none.

    It warms up while the block already runs; who wants a kernel of it waits (`wait_until_warm`).
    `limits` are variables that its libraries read at their start.
    """
    if not can_fork():
        yield ""
        return
    with private_room() as private:
        address = str(private / "door")
        process = subprocess.Popen(
            [sys.executable, "-m", "odrlib.report.warm", address, str(notebook)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **(limits or {})},
        )  # fmt: skip
        watch = threading.Thread(target=_tell_its_end, args=(process, address), daemon=True)
        watch.start()
        try:
            yield address
        finally:
            if process.stdin is not None:
                process.stdin.close()
            watch.join(1)
            process.kill()
            watch.join()


def is_warm(address: str) -> bool:
    """Whether the process has warmed up and would answer."""
    return bool(address) and Path(address).exists()


def wait_until_warm(address: str) -> None:
    """
    Wait while the process warms up and lives, at most `PATIENCE` seconds.

    An ordinary kernel, started meanwhile, would take longer than this wait and its own report.
    """
    until = monotonic() + PATIENCE
    ended = Path(f"{address}{ENDED}")
    while address and not is_warm(address) and not ended.exists() and monotonic() < until:
        if not ended.parent.is_dir():  # the run is over
            return
        sleep(0.02)


def _tell_its_end(process: subprocess.Popen[bytes], address: str) -> None:
    """
    Leave a file beside the address once the process has ended, for who waits for it.

    One that hangs before it is warm is ended, or each report of the batch would wait for it.
    """
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    if not is_warm(address):
        process.kill()
    process.wait()
    with suppress(OSError):
        Path(f"{address}{ENDED}").touch()


def answers(address: str) -> bool:
    """Whether somebody is at the door."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        try:
            line.connect(address)
        except OSError:
            return False
    return True


class ForkedKernel:
    """
    A kernel of the warm process at `address`, and the wire to it.

    `request` says what `warm` wants to know. OSError or ValueError if there is none to be had.
    """

    def __init__(self, address: str, request: dict[str, Any]) -> None:
        self.returncode: int | None = None
        self._line = socket.socket(socket.AF_UNIX)
        ours, its = socket.socketpair()
        try:
            self._line.settimeout(10)
            self._line.connect(address)
            socket.send_fds(self._line, [f"{json.dumps(request)}\n".encode()], [its.fileno()])
            self.pid = int(read_line(self._line))
        except BaseException:
            self._line.close()
            ours.close()
            raise
        finally:
            its.close()
        # A message of which the rest does not come: the kernel died over it.
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", WITHIN, 0))
        self.wire = Wire(ours)

    def poll(self) -> int | None:
        """Its exit code if it has ended."""
        return self._ended(0)

    def kill(self) -> None:
        """End it at once, and what its cells have started."""
        if self.poll() is None:
            kill_all(self.pid)
        else:
            end_group(self.pid)

    def end(self, patience: float = 10) -> None:
        """End it, and wait at most so many seconds until it has."""
        self.kill()
        if self._ended(patience) is None:
            self.returncode = -signal.SIGKILL  # it cannot do anything any more
        self.wire.close()
        self._line.close()

    def _ended(self, timeout: float) -> int | None:
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = int(read_line(self._line))
            except (BlockingIOError, TimeoutError):
                return None
            except (OSError, ValueError):
                # The warm process is gone, and its kernels with it.
                self.returncode = -signal.SIGKILL
        return self.returncode
