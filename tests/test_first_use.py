"""First use: who asks for little loads little. Each story runs in a process of its own."""

import os
import subprocess
import sys

import pytest
from stores import make_store, odr_file, order, order_id, orders_file

# What takes long to load.
HEAVY = ("numpy", "pandas", "pyarrow", "scipy", "plotly", "papermill", "nbformat")
TELL = f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
RUN = f"""
import sys, atexit
sys.argv[0] = "odr"
atexit.register(lambda: {TELL})
from odrlib.cli import main
main()
"""
BATCH = f"""
import subprocess, sys
from odrlib.report import build_reports

class Started(Exception):
    pass

def start(command, **_):
    {TELL}
    raise Started(*command)

subprocess.Popen = start
try:
    build_reports(sys.argv[2:], sys.argv[1], jobs=2)
except Started as first:
    print(first.args[2])
"""
WAITS = """
import sys, threading, time
from concurrent.futures import Future
from odrlib.errors import ReportFailed
from odrlib.report import build_reports
from odrlib.report.attempt import failed

class Patient:
    "An executor whose reports end when the index is loaded, or after half a minute."

    def submit(self, job, store, *rest):
        report = Future()
        threading.Thread(target=self.end, args=(report, store)).start()
        return report

    def end(self, report, store):
        until = time.monotonic() + 30
        while "odrlib.report.index" not in sys.modules and time.monotonic() < until:
            time.sleep(0.05)
        sys.stdout.write(f"{'odrlib.report.index' in sys.modules} ")  # in one piece
        report.set_result(failed(store, ReportFailed("no report")))

build_reports(sys.argv[2:], sys.argv[1], executor=Patient())
"""

WORKS = f"""
import sys
from odrlib.report import worker
worker.load()
from odrlib.report.attempt import attempt
from odrlib.report.page import plotly_bundle
print(attempt(sys.argv[2], sys.argv[1], {{}}).status, plotly_bundle.cache_info().misses)
print([name for name in {HEAVY[:5]} if name in sys.modules], file=sys.stderr)
"""


def python(program, *arguments, **variables):
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONUTF8": "1", **variables},
    )  # fmt: skip


def little_stores(room, ids):
    return [
        make_store(room / id_, {"store.toml": f'id = "{id_}"\nmarketplace = "US"\n'}) for id_ in ids
    ]


@pytest.mark.parametrize(
    "line",
    ["--help", "--version", "conquer", "report", "status --profit", "appeal --help",
     "appeal reply --help", "poa check --help", "portfolio --help", "--lang zh report --help"],
)  # fmt: skip
def test_help_and_a_refused_command_line_load_no_library_for_numbers(line):
    assert "[]" == python(RUN, *line.split()).stderr.splitlines()[-1]


def test_a_command_that_counts_loads_what_it_counts_with(tmp_path):
    """Else the test above could not fail."""
    made = python(RUN, "init", tmp_path / "new")

    assert "pandas" in made.stderr.splitlines()[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="no warm process there")
def test_a_batch_starts_its_warm_process_before_it_loads_a_library_for_numbers(tmp_path):
    run = python(BATCH, tmp_path / "out", *little_stores(tmp_path, "abcde"))

    assert ("odrlib.report.warm", "[]") == (run.stdout.strip(), run.stderr.strip())


def test_what_writes_the_index_loads_while_the_reports_are_made(tmp_path):
    run = python(WAITS, tmp_path / "out", *little_stores(tmp_path, "ab"))

    assert ["True", "True"] == run.stdout.split()
    assert (tmp_path / "out" / "index.html").is_file()


def test_a_worker_makes_a_report_with_no_library_for_numbers(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(300)]),
        "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2, 3)]),
    }
    run = python(WORKS, tmp_path / "out", make_store(tmp_path / "store", files))

    assert ("made 1", "[]") == (run.stdout.strip(), run.stderr.strip())  # plotly.js is read once
