"""A run is a report only if it reached its end; what is written is written whole or not at all."""

import json
import os
import subprocess
import sys

import pytest
from little_report import END, FACTS

from odrlib.errors import BadParameter, BadStore, ReportFailed
from odrlib.report import build_report, kernel, notebook_path
from odrlib.report.clock import phases
from odrlib.report.kernel import connection

pytestmark = pytest.mark.slow


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_run_to_the_end_leaves_page_notebook_and_facts(tmp_path, notebook, store):
    out = tmp_path / "reports"

    result = build_report(store("a"), out, notebook=notebook(FACTS, END))

    assert result.error == ""
    assert (result.id, result.name, result.as_of) == ("a", "Store A", "2026-03-01")
    assert files(out) == [
        "a",
        "a/2026-03-01",
        "a/2026-03-01/digest.json",
        "a/2026-03-01/facts.json",
        "a/2026-03-01/report.html",
        "a/2026-03-01/report.ipynb",
        "a/2026-03-01/run.json",
    ]
    assert "Store A · US · 2026-03-01" in result.page.read_text(encoding="utf-8")
    assert set(result.seconds) == {"start", "read", "compute", "draw", "convert", "whole"}
    assert all(seconds >= 0 for seconds in result.seconds.values())


def test_parameters_reach_the_notebook_and_stay_true_where_the_report_lies(
    tmp_path, notebook, store
):
    folder = store("a")

    result = build_report(
        folder, tmp_path / "reports", notebook=notebook(FACTS, END), as_of="2026-02-28"
    )

    facts = json.loads((result.folder / "facts.json").read_text(encoding="utf-8"))
    way, as_of, profile, language, out = facts["parameters"]
    assert (as_of, profile, language, out) == ("2026-02-28", "amazon", "en", ".")
    assert (result.folder / way).resolve() == folder.resolve()
    assert result.as_of == "2026-02-28"
    assert str(tmp_path) not in (result.folder / "report.ipynb").read_text(encoding="utf-8")


def test_a_second_run_replaces_the_first_whole(tmp_path, notebook, store):
    folder, out, path = store("a"), tmp_path / "reports", notebook(FACTS, END)
    first = build_report(folder, out, notebook=path)
    (first.folder / "left-over.csv").write_text("old", encoding="utf-8")

    build_report(folder, out, notebook=path)

    assert "a/2026-03-01/left-over.csv" not in files(out)
    assert len(files(out)) == 7


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("1 / 0", r"cell 4 \(1 / 0\): ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(0)", r"cell 4 \(import sys\): stopped the notebook early"),
        ("import os\nos._exit(0)", r"cell 4 \(import os\): the kernel died"),
        (
            "import time\ntime.sleep(60)",
            r"cell 4 \(import time\): the report took longer than 9 seconds",
        ),
    ],
    ids=["raises", "sys.exit", "dies", "times out"],
)
def test_a_run_that_does_not_reach_its_end_leaves_its_notebook_and_no_report(
    tmp_path, notebook, store, source, why
):
    out = tmp_path / "reports"

    with pytest.raises(ReportFailed, match=why) as raised:
        build_report(store("a"), out, notebook=notebook(FACTS, source, END), timeout=9)

    assert files(out) == ["a", "a/failed", "a/failed/error.json", "a/failed/report.ipynb"]
    assert raised.value.notebook == out / "a/failed/report.ipynb"
    told = json.loads((out / "a/failed/error.json").read_text(encoding="utf-8"))
    assert told["error"] == str(raised.value)
    cells = json.loads(raised.value.notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    errors = [any(o["output_type"] == "error" for o in cell["outputs"]) for cell in code]
    # The parameters, papermill's own cell, the facts; the cell that failed; the one never run.
    assert errors[:3] == [False, False, False]
    assert errors[4:] == [False]
    assert errors[3] or "sys.exit" in source


WRITES = "from pathlib import Path\nPath(out, 'facts.json').write_text('{}')"
SHOWS = "from IPython.display import display\ndeep = 1\n"
DEEP = "for _ in range(300): deep = [deep]\ndisplay({'application/json': deep}, raw=True)"
TABLE = "display({'application/vnd.odrlib.table+json': {}}, raw=True)"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (WRITES.format("[]"), "wrote a facts.json that cannot be used"),
        (WRITES.format('{"as_of": null}'), "wrote a facts.json that cannot be used"),
        (WRITES.format('{"as_of": "2026-W44-6"}'), "wrote a facts.json that cannot be used"),
        (WRITES.format('{"as_of": "2026-03-01", "a": NaN}'), "wrote a facts.json that cannot be"),
        (SHOWS + DEEP, "no page can be made"),
        (SHOWS + TABLE, "no page can be made"),
    ],
    ids=["a list", "no day", "a week", "no number", "deep", "no table"],
)
def test_what_a_notebook_of_somebody_s_own_does_otherwise_is_told_and_its_notebook_left(
    tmp_path, notebook, store, source, why
):
    out = tmp_path / "reports"

    with pytest.raises(ReportFailed, match=why) as raised:
        build_report(store("a"), out, notebook=notebook(FACTS, source, END))

    assert files(out) == ["a", "a/failed", "a/failed/error.json", "a/failed/report.ipynb"]
    assert raised.value.notebook == out / "a/failed/report.ipynb"


def test_a_report_that_is_made_again_takes_its_failure_away(tmp_path, notebook, store):
    folder, out = store("a"), tmp_path / "reports"
    with pytest.raises(ReportFailed):
        build_report(folder, out, notebook=notebook("1 / 0", name="bad"))

    build_report(folder, out, notebook=notebook(FACTS, END))

    assert [path.name for path in (out / "a").iterdir()] == ["2026-03-01"]


def test_a_report_stays_when_a_later_run_fails(tmp_path, notebook, store):
    folder, out = store("a"), tmp_path / "reports"
    made = build_report(folder, out, notebook=notebook(FACTS, END))
    before = {name: (made.folder / name).read_bytes() for name in files(made.folder)}

    with pytest.raises(ReportFailed):
        build_report(folder, out, notebook=notebook(FACTS, "1 / 0", END, name="bad"))

    assert {name: (made.folder / name).read_bytes() for name in files(made.folder)} == before
    assert sorted(path.name for path in (out / "a").iterdir()) == ["2026-03-01", "failed"]


@pytest.mark.parametrize(
    ("sources", "why"), [([FACTS], "without the mark"), ([END], "wrote no facts.json")]
)
def test_a_notebook_that_forgets_its_last_cell_is_no_report(
    tmp_path, notebook, store, sources, why
):
    with pytest.raises(ReportFailed, match=why):
        build_report(store("a"), tmp_path / "reports", notebook=notebook(*sources))


def test_our_own_errors_come_through_with_their_advice(tmp_path, notebook, store):
    source = "from odrlib.errors import BadParameter\nraise BadParameter('as_of: write a day')"

    with pytest.raises(BadParameter, match="as_of: write a day"):
        build_report(store("a"), tmp_path / "reports", notebook=notebook(source))


def test_a_folder_without_store_toml_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(BadStore, match=r"no store\.toml"):
        build_report(tmp_path, tmp_path / "reports")


@pytest.mark.long
def test_neither_process_pays_for_the_slow_grammars(tmp_path, notebook, store):
    """In a fresh process, because this one may have imported nbformat before us."""
    look = "import sys, nbformat\nassert 'rfc3987_syntax.syntax_helpers' not in sys.modules"
    path = notebook(look, FACTS, END)
    out = str(tmp_path / "reports")
    script = (
        "import sys\nfrom odrlib.report import build_report\n"
        f"build_report({str(store('a'))!r}, {out!r}, notebook={str(path)!r})\n"
        "print('rfc3987_syntax.syntax_helpers' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )

    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_start_up_files_of_a_person_do_not_run_inside_a_report(tmp_path, notebook, store):
    look = "assert '.ipython' not in get_ipython().ipython_dir"

    assert build_report(store("a"), tmp_path / "reports", notebook=notebook(look, FACTS, END)).page


def test_kernels_talk_through_private_sockets_where_there_are_any(tmp_path):
    assert connection(tmp_path / ("x" * 200))["transport"] == "tcp"
    if os.name == "posix":
        assert connection(tmp_path.__class__("/tmp/odr"))["transport"] == "ipc"


def test_ctrl_c_ends_the_kernels_it_leaves_behind(tmp_path, notebook, store):
    with pytest.raises(ReportFailed, match="the kernel died"):
        build_report(
            store("a"),
            tmp_path / "reports",
            notebook=notebook("1", "import time\ntime.sleep(60)", FACTS, END),
            progress=kernel.stop,
        )
    assert all(process.poll() is not None for process in list(kernel.STARTED))


def test_phases_cover_every_cell_from_the_one_that_reads():
    import nbformat

    def cell(source, duration, *mimes):
        outputs = [nbformat.v4.new_output("display_data", data={mime: {}}) for mime in mimes]
        ran = {"duration": duration, "start_time": "2026-03-01T10:00:04+00:00"}
        return nbformat.v4.new_code_cell(source, outputs=outputs, metadata={"papermill": ran})

    nb = nbformat.v4.new_notebook(
        cells=[
            cell("import odrlib as odr", 1.0),
            cell("odr.read_store(store)", 2.0),
            cell("facts", 3.0),
            cell("show.figure()", 4.0, "application/vnd.plotly.v1+json"),
        ]
    )
    from datetime import UTC, datetime

    began = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)
    assert phases(nb, began) == {"start": 4.0, "read": 2.0, "compute": 3.0, "draw": 4.0}


def test_a_notebook_that_is_not_there_is_named():
    with pytest.raises(BadParameter, match="no notebook 'nowhere'"):
        notebook_path("nowhere")
