"""
Program: a process that answers requests in lines of JSON, and may be taken down by any of them.

Files that somebody else made are opened by such a process. Where it does not answer in time, or
dies over a file, it is started anew for the next one.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Any


class Died(Exception):
    """The program ended instead of answering."""


class Program:
    """Starts `python *command` when it is first asked; `stop` ends it."""

    def __init__(self, *command: str) -> None:
        self._command = [sys.executable, *command]
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer; TimeoutError if there is none in so many seconds, Died if it ended."""
        process = self._started()
        try:
            asking = _pipe(process.stdin)
            asking.write(json.dumps(request) + "\n")
            asking.flush()
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            raise TimeoutError from None
        except OSError:
            line = ""
        if not line:
            self.stop()
            raise Died
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what nobody has read
                    _pipe(stream).close()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._lines = queue.Queue()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                errors="surrogatepass",
            )
            threading.Thread(
                target=_pass_on, args=(self._process, self._lines), daemon=True
            ).start()
        return self._process


def _pipe(stream: IO[str] | None) -> IO[str]:
    """A pipe that was asked for, and so is there."""
    if stream is None:
        raise OSError("no pipe")
    return stream


def _pass_on(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    """Every line of the program into the queue, and an empty one when it has ended."""
    with suppress(ValueError):  # the pipe was closed by `stop`
        for line in _pipe(process.stdout):
            lines.put(line)
    lines.put("")
