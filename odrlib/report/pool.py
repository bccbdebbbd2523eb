"""Pool: processes that make the reports of a batch, and what happens if one dies or hangs."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from odrlib.errors import ReportFailed
from odrlib.languages import language, tr
from odrlib.report.attempt import failed
from odrlib.report.failure import TimedOut
from odrlib.report.forking import PATIENCE, is_warm
from odrlib.report.run import ReportResult

RECYCLED = 50  # reports that a worker makes before a fresh one takes its place
GRACE = 30  # seconds after a store's limit within which its worker should have told so
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class Died(Exception):
    """A worker has ended in the middle of a report."""


class Pool:
    """
    As many workers as there are reports made at the same time; each starts when it is needed.

    `warm` is the address of a warm process, of which they take their kernels.
    """

    def __init__(self, jobs: int, warm: str = "") -> None:
        self._warm = warm
        self._environment = os.environ | limits(jobs)
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._stopped = threading.Event()
        # All load the same libraries, and one processor is the warm process's as long as it warms.
        self._loading = threading.Semaphore(max(1, (os.cpu_count() or 1) - 1))
        self._workers: set[_Worker] = set()
        for _ in range(jobs):
            self._free.put(None)

    def report(
        self, store: str, out: str, options: Mapping[str, Any], progress: Callable[[], object]
    ) -> ReportResult:
        """One report by a free worker; a worker that dies over it is tried once more."""
        worker = self._free.get()
        try:
            for _ in range(2):
                if self._stopped.is_set():
                    break
                worker = worker or self._started()
                try:
                    return worker.report(store, out, {**options, "warm": self._warm}, progress)
                except Died:
                    self._forget(worker)
                    worker = None
            why = tr("the process that made the report was killed, twice")
            return failed(store, ReportFailed(why))
        except TimedOut as error:
            self._forget(worker)
            worker = None
            return failed(store, error)
        finally:
            if worker and worker.made >= RECYCLED:
                self._forget(worker)
                worker = None
            self._free.put(worker)

    def stop(self) -> None:
        """End all workers and their kernels; each clears away what it was building."""
        self._stopped.set()
        for worker in list(self._workers):
            worker.ask_to_end()
        for worker in list(self._workers):
            self._forget(worker)

    def _started(self) -> _Worker:
        with self._loading:
            worker = _Worker(self._environment)
            self._workers.add(worker)
            if self._stopped.is_set():
                worker.ask_to_end()
            worker.wait()
        return worker

    def _forget(self, worker: _Worker | None) -> None:
        if worker:
            worker.end()
            self._workers.discard(worker)


def limits(jobs: int) -> dict[str, str]:
    """How many threads each of so many processes may use, as libraries read it at their start."""
    share = str(max(1, (os.cpu_count() or 1) // jobs))
    return {name: os.environ.get(name, share) for name in THREADS}


class _Worker:
    """The parent's side of `odrlib.report.worker`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.made = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "odrlib.report.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", errors="surrogateescape", env=dict(environment),
        )  # fmt: skip
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: PT018 - both are pipes
        self._stdin, self._stdout = stdin, stdout
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait(self) -> None:
        """Wait until it has loaded, or has ended."""
        with suppress(queue.Empty):
            line = self._lines.get(timeout=GRACE)
            if not line:
                self._lines.put(line)  # for whoever asks it for a report

    def report(
        self, store: str, out: str, options: Mapping[str, Any], progress: Callable[[], object]
    ) -> ReportResult:
        """One report, or Died, or TimedOut."""
        job = {"store": store, "out": out, "options": dict(options), "spoken": language()}
        self.made += 1
        try:
            self._stdin.write(json.dumps(job, default=str) + "\n")
            self._stdin.flush()
        except (OSError, ValueError) as error:
            raise Died from error
        warm = options.get("warm", "")
        warming = PATIENCE if warm and not is_warm(warm) else 0
        until = time.monotonic() + warming + options["timeout"] + GRACE
        while True:
            try:
                line = self._lines.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                raise TimedOut(
                    tr(
                        "the report took longer than {seconds:g} seconds",
                        seconds=options["timeout"],
                    )
                ) from None
            if not line:
                raise Died
            told = json.loads(line)
            if "result" in told:
                return ReportResult.from_dict(told["result"])
            if "cell" in told:
                progress()

    def ask_to_end(self) -> None:
        """Its standard input ends, and so does it."""
        with suppress(OSError, ValueError):
            self._stdin.close()

    def end(self) -> None:
        """See that it ends."""
        self.ask_to_end()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()
        self._listener.join(10)
        with suppress(OSError, ValueError):
            self._stdout.close()

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            for line in self._stdout:
                self._lines.put(line)
        self._lines.put("")
