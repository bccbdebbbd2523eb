"""A kernel from the warm process is a kernel like any other, and nothing outlives anybody."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import nbformat
import papermill
import pytest
from little_report import END, FACTS
from nbclient.exceptions import DeadKernelError

from odrlib.errors import ReportFailed
from odrlib.report import build_report, build_reports, engine, forking, pool
from odrlib.report.failure import TimedOut
from odrlib.report.forking import PATIENCE, can_fork, is_warm, wait_until_warm, warmed
from tests.report.processes import alive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_fork(), reason="only Linux forks kernels"),
]
WHO = """
import json, os
told = {"parent": os.getppid(), "own": os.getpid(), "batch": os.environ["ODR_BATCH"]}
Path(out, "who.json").write_text(json.dumps(told))
"""


@contextmanager
def ready(notebook: Path):
    """A warm process that has warmed up."""
    with warmed(notebook) as address:
        wait_until_warm(address)
        assert is_warm(address)
        yield address


def gone(*processes: int, seconds: float = 10) -> bool:
    """Whether all of them have ended within so many seconds."""
    until = time.monotonic() + seconds
    while any(map(alive, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(alive, processes))


def told(result) -> dict:
    return json.loads((result.folder / "who.json").read_text())


def test_kernels_come_from_one_warm_process_and_the_report_is_the_same(tmp_path, notebook, store):
    path, folder = notebook(FACTS, WHO, END), store("a")
    cold = build_report(folder, tmp_path / "cold", notebook=path)
    with ready(path) as address:
        warm = [build_report(folder, tmp_path / name, notebook=path, warm=address)
                for name in ("one", "two")]  # fmt: skip

    parents = {told(result)["parent"] for result in warm}
    assert len(parents) == 1
    assert os.getpid() not in parents
    assert len({told(result)["own"] for result in warm}) == 2
    assert {told(result)["batch"] for result in warm} == {"1"}
    for name in ("facts.json",):
        assert (cold.folder / name).read_bytes() == (warm[0].folder / name).read_bytes()


SPOKEN = (
    "import os, sys, time\nprint('out'); print('err', file=sys.stderr); 1 + 1",
    "os.system('echo from a shell')\ntime.sleep(0.3)",
    "!echo from a magic",
    "from IPython.display import HTML, clear_output, display\n"
    "shown = display(HTML('<b>a</b>'), display_id='one')",
    "shown.update(HTML('<b>b</b>'))",
    "print('gone'); clear_output(wait=True); print('stays')",
    "import asyncio\nawait asyncio.sleep(0.01); 'awaited'",
    "import contextvars\nkept = contextvars.ContextVar('kept'); kept.set(5);",
    "kept.get()",
    "import threading\nother = threading.Thread(target=print, args=['of a thread'])\n"
    "other.start(); other.join()",
    "for number in range(3):\n    print(number); time.sleep(0.25)",
    "%%capture held\nprint('captured')",
    "held.stdout, In[1][:9], sorted(Out)",
    "import logging; logging.warning('careful')",
    "import multiprocessing\n"
    "with multiprocessing.get_context('fork').Pool(1) as pool: print(pool.map(len, ['abc']))",
    "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    "display({'text/plain': ['a\\n', 'b'], 'application/json': [1, {'b': None}],\n"
    "         'application/x+json': float('nan'), 'text/html': '\\ud800'}, raw=True)",
    "import plotly.graph_objects as go; go.Figure(go.Bar(y=[1, 2]))",
    "print(os.fsdecode(b'\\xff'), '\\0')",
    "print('long' * 1_000_000)",
    "lines = lambda: [sys.stdout.write('a line\\n') for _ in range(100)]\n"
    "others = [threading.Thread(target=lines) for _ in range(8)]\n"
    "for other in others: other.start()\nfor other in others: other.join()",
    "input('who?')",
    "1 / 0",
    "raise SystemExit",
    "'still here'",
)  # fmt: skip


def together(outputs: list) -> list:
    """Outputs, with what is printed in a row as one: where it is cut depends on the clock."""
    found: list = []
    for output in outputs:
        last = found[-1] if found else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last.text += output.text
        else:
            found.append(output)
    return found


def test_a_forked_kernel_says_what_an_ordinary_one_says(tmp_path, notebook):
    path = notebook(*SPOKEN)
    cells = nbformat.read(path, 4)
    for cell in cells.cells:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), "raises-exception"]
    nbformat.write(cells, path)
    papermill.engines.papermill_engines.register("odr", engine.OdrEngine)

    def said(**options) -> list:
        with suppress(papermill.PapermillExecutionError):
            papermill.execute_notebook(
                path, tmp_path / "out.ipynb", engine_name="odr", kernel_name="python3",
                progress_bar=False, **options,
            )  # fmt: skip
        done = nbformat.read(tmp_path / "out.ipynb", 4)
        assert done.metadata.language_info.name == "python"
        return [
            (cell.source, cell.execution_count, together(cell.outputs))
            for cell in done.cells
            if cell.cell_type == "code"
        ]

    cold = said()
    with ready(notebook(FACTS, END, name="little")) as address:
        warm = said(warm=address)

    assert warm == cold
    assert len(warm) == 1 + len(SPOKEN)


def test_a_forked_child_that_is_killed_while_it_prints_stops_nothing(tmp_path, notebook, store):
    prints = (
        "import os, signal, time\n"
        "for _ in range(20):\n"
        "    child = os.fork()\n"
        "    while not child: print('x' * 100, flush=True)\n"
        "    time.sleep(0.01); os.kill(child, signal.SIGKILL); os.waitpid(child, 0)"
    )
    path = notebook(FACTS, prints, "print('went on')", END)
    with ready(path) as address:
        result = build_report(store("a"), tmp_path / "out", notebook=path, warm=address, timeout=60)

    assert "went on" in (result.folder / "report.ipynb").read_text(encoding="utf-8")


def test_what_a_widget_of_a_forked_kernel_takes_in_is_in_the_notebook(tmp_path, notebook, store):
    """Beside an ordinary kernel nbclient may wait for ever here: it sends while it waits."""
    widget = "import ipywidgets\noutput = ipywidgets.Output()\nwith output: print('inside')"
    path = notebook(FACTS, widget, "output.outputs", END)
    with ready(path) as address:
        result = build_report(store("a"), tmp_path / "out", notebook=path, warm=address)
    done = nbformat.read(result.folder / "report.ipynb", 4)
    taken = {"output_type": "stream", "name": "stdout", "text": "inside\n"}

    assert [f"({taken},)"] == [one.data["text/plain"] for one in done.cells[-2].outputs]
    (widgets,) = done.metadata.widgets.values()
    assert [[taken]] == [
        one["state"]["outputs"] for one in widgets["state"].values() if "outputs" in one["state"]
    ]


def test_what_processes_print_that_a_cell_forks_comes_whole(tmp_path, notebook, store):
    print_much = (
        "import multiprocessing\n"
        "fork = multiprocessing.get_context('fork')\n"
        "ones = [fork.Process(target=lambda n=n: [print(str(n) * 40_000) for _ in range(20)])\n"
        "        for n in range(3)]\n"
        "for one in ones: one.start()\n"
        "for one in ones: one.join()"
    )
    path = notebook(print_much, FACTS, END)
    with ready(notebook(FACTS, END, name="little")) as address:
        result = build_report(store("a"), tmp_path, notebook=path, warm=address)

    printed = nbformat.read(result.folder / "report.ipynb", 4).cells[3].outputs
    assert Counter(output.text for output in printed) == {
        "\n": 60, **{str(n) * 40_000: 20 for n in range(3)},
    }  # fmt: skip


def test_half_a_character_stops_no_cell(tmp_path, notebook, store):
    path = notebook("print('half \\ud800')", FACTS, END)
    with ready(notebook(FACTS, END, name="little")) as address:
        result = build_report(store("a"), tmp_path, notebook=path, warm=address)

    assert "half \\\\ud800\\n" in (result.folder / "report.ipynb").read_text(encoding="utf-8")


def test_what_one_kernel_does_to_its_modules_no_other_sees(tmp_path, notebook, store):
    leave = "import odrlib\nassert not hasattr(odrlib, 'left'), 'seen'\nodrlib.left = 1"
    path = notebook("", leave, FACTS, END)
    with ready(notebook(FACTS, END, name="other")) as address:
        for key in ("a", "b"):
            assert build_report(store(key), tmp_path, notebook=path, warm=address).error == ""


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("1 / 0", r"ZeroDivisionError: division by zero"),
        ("import os\nos._exit(0)", r"the kernel died"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", r"the kernel died"),
        (
            "import os, time\nif not os.fork():\n    time.sleep(20)\n    os._exit(0)\nos._exit(1)",
            r"the kernel died",
        ),
        ("import time\ntime.sleep(60)", r"took longer than 9 seconds"),
    ],
    ids=["raises", "exits", "killed", "leaves a process behind", "times out"],
)
def test_a_forked_kernel_fails_as_any_other_and_the_next_one_works(
    tmp_path, notebook, store, source, why
):
    good = notebook(FACTS, END, name="good")
    with ready(good) as address:
        bad = notebook(FACTS, source, END)
        with pytest.raises(ReportFailed, match=why):
            build_report(store("a"), tmp_path / "out", notebook=bad, timeout=9, warm=address)
        result = build_report(store("b"), tmp_path / "out", notebook=good, warm=address)

    assert result.error == ""


def test_where_no_warm_process_answers_the_ordinary_kernel_is_started(tmp_path, notebook, store):
    path, door = notebook(FACTS, WHO, END), tmp_path / "door"
    door.touch()

    result = build_report(store("a"), tmp_path, notebook=path, warm=str(door))

    assert told(result)["parent"] == os.getpid()


def test_nobody_waits_for_a_process_that_ended_before_it_was_warm(tmp_path, notebook, store):
    path = notebook(FACTS, WHO, END)
    with warmed(tmp_path / "no notebook.ipynb") as address:
        wait_until_warm(address)
        assert not is_warm(address)
        result = build_report(store("a"), tmp_path, notebook=path, warm=address)

    assert told(result)["parent"] == os.getpid()
    assert result.seconds["whole"] < PATIENCE


def test_a_batch_that_is_killed_leaves_no_process_behind(tmp_path, notebook, store):
    tell = (
        "import os\nfrom pathlib import Path\n"
        "Path(store, 'pids').write_text(f'{os.getppid()} {os.getpid()}')"
    )
    path = notebook(tell, "import time\ntime.sleep(300)", FACTS, END)
    folder = store("a")
    script = (
        "from odrlib.report import build_report\n"
        "from odrlib.report.forking import wait_until_warm, warmed\n"
        f"with warmed({str(notebook(FACTS, END, name='warm'))!r}) as address:\n"
        "    wait_until_warm(address)\n"
        f"    build_report({str(folder)!r}, {str(tmp_path / 'out')!r}, notebook={str(path)!r}, "
        "warm=address)\n"
    )
    batch = subprocess.Popen([sys.executable, "-c", script])
    for _ in range(1200):
        if (folder / "pids").exists() and (folder / "pids").read_text():
            break
        time.sleep(0.05)
    warm, kernel = map(int, (folder / "pids").read_text().split())
    os.kill(batch.pid, signal.SIGKILL)
    batch.wait()

    assert gone(warm, kernel)


def test_papermill_with_our_engine_marks_where_a_dead_kernel_stopped(tmp_path, notebook):
    path = notebook("1 + 1", "import os\nos._exit(1)", "2 + 2")
    papermill.engines.papermill_engines.register("odr", engine.OdrEngine)

    with pytest.raises(DeadKernelError):
        papermill.execute_notebook(
            path, tmp_path / "out.ipynb", engine_name="odr", kernel_name="python3",
            progress_bar=False,
        )  # fmt: skip
    cells = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"]
    states = [c["metadata"]["papermill"]["status"] for c in cells if c["cell_type"] == "code"]
    assert states == ["completed", "completed", "failed", "pending"]


LEAVES = """
import os, signal, subprocess
other = subprocess.Popen(["sleep", "300"])
Path(store, "other").write_text(str(other.pid))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("kind", ["forked", "ordinary"])
def test_what_a_cell_started_ends_with_a_kernel_that_dies(tmp_path, notebook, store, kind):
    good, bad, folder = notebook(FACTS, END, name="good"), notebook(FACTS, LEAVES, END), store("a")
    with ready(good) as address, pytest.raises(ReportFailed, match="the kernel died"):
        build_report(folder, tmp_path, notebook=bad, warm=address if kind == "forked" else "")

    assert gone(int((folder / "other").read_text()))


def test_what_a_cell_started_ends_when_the_warm_process_is_killed(tmp_path, notebook, store):
    good, folder = notebook(FACTS, END, name="good"), store("a")
    bad = notebook(FACTS, LEAVES.replace("getpid()", "getppid()"), "import time; time.sleep(9)")
    with ready(good) as address, pytest.raises(ReportFailed, match="the kernel died"):
        build_report(folder, tmp_path, notebook=bad, warm=address)

    assert gone(int((folder / "other").read_text()))


HANGS = "import os, time\nif 'ODR_BATCH' not in os.environ:\n    time.sleep(300)"


def test_a_warm_process_that_never_warms_costs_a_batch_its_patience_once(
    tmp_path, notebook, store, monkeypatch
):
    monkeypatch.setattr(forking, "PATIENCE", 3)
    monkeypatch.setattr(pool, "PATIENCE", 3)
    stores, began = [store(name) for name in "abcde"], time.monotonic()

    made = build_reports(stores, tmp_path, notebook=notebook(HANGS, FACTS, END), jobs=1)

    assert {"made"} == {result.status for result in made}
    assert time.monotonic() - began < 5 * 3 + 5 * max(r.seconds["whole"] for r in made[1:])
    assert max(result.seconds["whole"] for result in made[1:]) < 3 + made[0].seconds["whole"]


def test_who_waits_for_it_has_that_time_beside_the_store_s_own(monkeypatch, tmp_path):
    monkeypatch.setattr(pool, "GRACE", 0)
    waited = []
    worker = object.__new__(pool._Worker)
    vars(worker).update(made=0, _stdin=io.StringIO(), _lines=SimpleNamespace(get=None))

    def get(timeout):
        waited.append(timeout)
        raise queue.Empty

    worker._lines.get = get
    for warm in ("", str(tmp_path / "not yet there"), str(tmp_path)):
        with pytest.raises(TimedOut):
            worker.report("a", "out", {"timeout": 5, "warm": warm}, lambda: None)

    assert [5, 5 + PATIENCE, 5] == [round(seconds) for seconds in waited]


THREAD = """
import sys, threading, types
held = sys.modules.setdefault("held", types.SimpleNamespace(lock=threading.Lock(), busy=False))
if not held.busy:
    held.busy = True
    threading.Thread(target=lambda: (held.lock.acquire(), threading.Event().wait()),
                     daemon=True).start()
"""


def test_no_kernel_is_forked_from_a_process_with_threads_of_a_cell(notebook):
    with warmed(notebook(THREAD, FACTS, END)) as address:
        wait_until_warm(address)

        assert not is_warm(address)
