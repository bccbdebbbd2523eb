"""What docs/batch.md says of the run log and of Airflow holds."""

import json
import re
import sys
import types
from pathlib import Path

import airflow_task
import pytest
from little_report import END, FACTS
from nbclient.exceptions import DeadKernelError
from papermill.engines import papermill_engines

import odrlib
from odrlib.report import build_reports
from odrlib.report.runlog import FIELDS, STATUSES

PAGE = Path(odrlib.__file__).parents[1] / "docs/batch.md"
KINDS = {
    "after": float, "at": str, "as_of": str, "engine": str, "error": str, "exit": int,
    "fingerprint": str, "force": bool, "id": str, "seconds": dict, "status": str, "stores": int,
    "timeout": float, "version": str,
}  # fmt: skip


def test_the_table_of_the_run_log_is_the_one_in_the_docs():
    page = PAGE.read_text(encoding="utf-8")
    told = re.findall(r"^\| (start|store|end) \| `([\w-]+)` \| (.+) \|$", page, re.MULTILINE)

    assert told == [
        (event, name, what) for event, fields in FIELDS.items() for name, what in fields.items()
    ]


@pytest.mark.slow
def test_each_line_of_a_run_log_has_these_fields_and_no_other(tmp_path, notebook, store):
    stores, where = [store("a"), store("b")], []
    bad = "assert store.endswith('/a'), 'no'"

    build_reports(stores, tmp_path / "out", notebook=notebook(FACTS, bad, END), log=where)

    text = where[0].read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["event"] for line in lines] == ["start", "store", "store", "end"]
    for line in lines:
        assert [*line] == ["event", *FIELDS[line["event"]]]
        for name, value in line.items():
            assert isinstance(value, KINDS.get(name, (str, int, float, type(None)))), name
    by_id = {line["id"]: line for line in lines[1:3]}
    assert (by_id["a"]["status"], by_id["b"]["status"]) == ("made", "failed")
    assert by_id["a"]["folder"] == "a/2026-03-01"
    assert by_id["b"]["failed_notebook"] == "b/failed/report.ipynb"
    assert {name: lines[-1][name] for name in STATUSES} == {
        "made": 1, "unchanged": 0, "failed": 1, "timed-out": 0, "interrupted": 0,
    }  # fmt: skip
    assert str(tmp_path) not in text


@pytest.fixture
def operator(monkeypatch):
    """The class and the function of the example in the docs, on the stand-in for Airflow."""
    example = re.search(
        r"```python\n(from airflow.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL
    )[1]
    name = "airflow.providers.papermill.operators.papermill"
    parts = name.split(".")
    for number in range(1, len(parts) + 1):
        whole = ".".join(parts[:number])
        monkeypatch.setitem(sys.modules, whole, types.ModuleType(whole))
    sys.modules[name].PapermillOperator = airflow_task.PapermillOperator
    space = {}
    exec(compile(example, "docs/batch.md", "exec"), space)
    before = papermill_engines.get_engine(None)
    yield space
    papermill_engines.register(None, before)


@pytest.mark.slow
def test_the_example_for_airflow_runs_and_a_dead_kernel_fails_the_task(
    tmp_path, notebook, operator
):
    task = operator["task"]("my-store")
    assert Path(task.input_nb).is_file()
    assert task.parameters["store"] == "/data/stores/my-store"

    def run(path):
        return operator["OdrOperator"](
            task_id="x", input_nb=str(path), output_nb=str(tmp_path / "done.ipynb"),
            parameters={"store": "s", "out": str(tmp_path)},
        ).execute({})  # fmt: skip

    run(notebook(FACTS, END))

    assert (tmp_path / "facts.json").is_file()
    with pytest.raises(DeadKernelError):
        run(notebook("import os\nos._exit(0)", name="bad"))
    cells = json.loads((tmp_path / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    assert cells[-1]["metadata"]["papermill"]["status"] == "failed"
