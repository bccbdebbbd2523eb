"""Run log: what became of each store of a run, one JSON object a line, for programs to read."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import odrlib
from odrlib.errors import ReportFailed
from odrlib.harmless import as_numbers
from odrlib.languages import tr
from odrlib.report.run import ReportResult, way_to

FOLDER = "runs"
# event -> its fields, each with what it holds; docs/batch.md shows this table, and a test holds it.
FIELDS = {
    "start": {
        "at": "moment the run began, UTC",
        "version": "of odrlib",
        "engine": "this machine, dask or executor",
        "jobs": "reports made at the same time; null if another engine decides",
        "stores": "how many",
        "as_of": "day asked for; empty: each store's own",
        "force": "whether unchanged stores are run too",
        "timeout": "seconds that one store may take",
    },
    "store": {
        "after": "seconds since the start; from a clock that never jumps",
        "id": "of the store",
        "status": "made, unchanged, failed, timed-out or interrupted",
        "folder": "of the report, inside the output folder; null if there is none",
        "as_of": "last day of the data",
        "seconds": "by phase: start, read, compute, draw, convert; whole: all of it",
        "fingerprint": "hash of what the report is made from, but the day",
        "error": "why there is no report, as a person is told",
        "failed_notebook": "the executed notebook of a failure, inside the output folder, or null",
    },
    "end": {
        "after": "seconds since the start",
        "exit": "exit code of the run; 130 if it was interrupted",
        "made": "how many", "unchanged": "how many", "failed": "how many",
        "timed-out": "how many", "interrupted": "how many",
    },
}  # fmt: skip
STATUSES = ("made", "unchanged", "failed", "timed-out", "interrupted")


class RunLog:
    """
    The log of one run, `out/runs/<start>-<random>.jsonl`.

    Each line is on the disk before the next thing happens, so a run that was killed has a log
    without an `end`. A log that cannot be written any more does not stop the reports.
    """

    def __init__(self, out: Path, **about: Any) -> None:
        self._began = monotonic()
        self._out = out
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(STATUSES, 0)
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.jsonl"
        self.path = out / FOLDER / name
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = open(  # noqa: SIM115 - until the run ends
                self.path, "x", encoding="utf-8", errors="backslashreplace", newline="\n"
            )
            told = {"at": now.isoformat(timespec="seconds"), "version": odrlib.__version__}
            self._write("start", told | about)
        except OSError as error:
            raise ReportFailed(
                tr("{out}: cannot be written ({reason})", out=out, reason=error.strerror)
            ) from error

    def store(self, result: ReportResult) -> None:
        """What became of a store."""
        with self._lock:
            self._counts[result.status] += 1
        told = result.as_dict()
        fields = {name: told[name] for name in FIELDS["store"] if name != "after"}
        for name in ("folder", "failed_notebook"):
            fields[name] = self._inside(told[name])
        self._later("store", fields)

    def end(self, code: int) -> None:
        """The run is over."""
        self._later("end", {"exit": code} | self._counts)
        with suppress(OSError):
            self._file.close()

    def _inside(self, path: str | None) -> str | None:
        return None if path is None else way_to(Path(path), self._out)

    def _later(self, event: str, told: Mapping[str, Any]) -> None:
        with suppress(OSError):
            self._write(event, {"after": round(monotonic() - self._began, 3), **told})

    def _write(self, event: str, told: Mapping[str, Any]) -> None:
        line = as_numbers(json.dumps({"event": event, **told}, ensure_ascii=False, allow_nan=False))
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()
