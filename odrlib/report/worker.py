"""
Worker: a process that makes one report after the other, as it is told on standard input.

It holds papermill and the templates, and talks to the report's kernel, so that the reports of a
batch do not wait for each other inside one Python. A line in is a job, a line out is
`{"ready": true}` once it has loaded, `{"cell": true}` after each cell, or `{"result": …}`. When
standard input ends, for whatever reason, it ends its kernel, clears away what it was building, and
goes.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import signal
import sys
import threading
from importlib import import_module
from typing import IO, Any

from odrlib.report import kernel, locks

LIBRARIES = ("odrlib.report.attempt", "odrlib.report.asking", "odrlib.report.html", "papermill")


def main() -> None:
    """Make reports until standard input ends."""
    gc.disable()  # while it loads: what is loaded stays
    # Ctrl-C goes to all processes of a terminal, but is for whoever started us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints must not stand between the answers.
    os.dup2(2, 1)
    jobs: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    load()
    gc.freeze()
    gc.enable()
    _say(answers, ready=True)
    while True:
        _do(jobs.get(), answers)


def load() -> None:
    """Load what the first report would otherwise wait for, and no library for numbers."""
    kernel.skip_slow_grammars()
    # papermill looks for Hadoop's file system, and would take pyarrow along.
    sys.modules.setdefault("pyarrow.fs", None)  # type: ignore[arg-type]
    for library in LIBRARIES:
        import_module(library)
    from odrlib.report import page, resume, templates

    templates.environment().get_template(page.TEMPLATE)
    page.plotly_bundle(full=False)
    resume.sources()
    resume.libraries()


def _say(answers: IO[str], **told: Any) -> None:
    answers.write(json.dumps(told) + "\n")
    answers.flush()


def _do(job: dict[str, Any], answers: IO[str]) -> None:
    from odrlib.languages import speak
    from odrlib.report.attempt import attempt, failed

    speak(job["spoken"])
    options = {**job["options"], "progress": lambda: _say(answers, cell=True)}
    try:
        result = attempt(job["store"], job["out"], options)
    except Exception as error:  # a fault of ours in one store is no reason to end the others
        result = failed(job["store"], error)
    _say(answers, result=result.as_dict())


def _listen(jobs: queue.Queue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        jobs.put(json.loads(line))
    kernel.stop()
    locks.abandon()
    os._exit(0)


if __name__ == "__main__":
    main()
