"""The notebooks: chapters titled as questions, made of one-line cells, that run on any store."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

NOTEBOOKS = sorted(Path(__file__).parents[1].joinpath("notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
PARAMETERS = ["store", "as_of", "profile", "language", "out"]
MORE = {
    "what_proves_it": ["order_id"],
    "what_would_change_it": ["column", "value", "from_day", "order_ids"],
}
# The columns of Amazon's All Orders report by which it is recognised, and two more.
HEADER = (
    "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsku\tquantity\n"
)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(path: Path) -> list[dict]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def prose(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in read(path)["cells"] if "source" in cell]


def every_notebook(test):
    return pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)(test)


def test_there_are_eight_chapters_and_the_report():
    assert NAMES == [
        "explore",
        "report",
        "what_are_the_defects",
        "what_causes_them",
        "what_changed_when",
        "what_goes_into_the_plan",
        "what_proves_it",
        "what_would_change_it",
        "where_do_we_stand",
    ]


# -- style --------------------------------------------------------------------------------------


@every_notebook
def test_the_title_is_a_question_and_the_only_one(path):
    titles = [text for text in prose(path) if text.startswith("# ")]

    assert [title.splitlines()[0][-1] for title in titles] == ["?"]
    assert prose(path)[0] == titles[0]


@every_notebook
def test_one_cell_holds_the_parameters_as_typed_text_with_a_comment_each(path):
    tagged = [c for c in code_cells(path) if "parameters" in c["metadata"].get("tags", [])]
    lines = "".join(tagged[0]["source"]).splitlines()

    assert len(tagged) == 1
    assert [line.split(":")[0] for line in lines] == PARAMETERS + MORE.get(path.stem, [])
    assert all(': str = "' in line and '"  # ' in line for line in lines)


@every_notebook
def test_notebooks_are_kept_without_outputs(path):
    assert all(cell["outputs"] == [] for cell in code_cells(path))
    assert all(cell["execution_count"] is None for cell in code_cells(path))
    assert read(path)["metadata"]["kernelspec"]["name"] == "python3"


@every_notebook
def test_every_cell_has_an_id_of_its_own(path):
    ids = [cell["id"] for cell in read(path)["cells"]]

    assert (read(path)["nbformat"], read(path)["nbformat_minor"]) == (4, 5)
    assert len(set(ids)) == len(ids)


@every_notebook
def test_cells_choose_and_odrlib_computes(path):
    """A def, a loop, a branch or a try belongs in odrlib, where it can be tested."""
    banned = (ast.FunctionDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try, ast.ClassDef)
    banned += (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.IfExp)
    sources = ["".join(cell["source"]) for cell in code_cells(path)]

    assert not [node for text in sources for node in ast.walk(ast.parse(text))
                if isinstance(node, banned)]  # fmt: skip
    assert max(len(text.splitlines()) for text in sources) <= 5 + len(MORE.get(path.stem, []))


@every_notebook
def test_a_name_is_bound_once(path):
    sources = ["".join(cell["source"]) for cell in code_cells(path)]
    bound = [
        node.id
        for text in sources
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]

    assert len(set(bound)) == len(bound)


@every_notebook
def test_no_number_of_any_store_stands_in_the_prose(path):
    """Papermill runs the same words on other data, so the words hold no result."""
    allowed = {"95%", "30-day"}
    told = [
        word.strip(".,:()")
        for cell in read(path)["cells"]
        if cell["cell_type"] == "markdown"
        for word in "".join(cell["source"]).split()
    ]

    assert not [word for word in told if any(c.isdigit() for c in word) and word not in allowed]


def test_ruff_has_nothing_to_say():
    pytest.importorskip("ruff")
    folder = str(NOTEBOOKS[0].parent)
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, folder],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout


# -- running ------------------------------------------------------------------------------------


def orders(days: list[date]) -> str:
    """An All Orders file with one order on each day."""
    rows = [
        f"114-{number:07d}-1000001\t{day}T10:00:00+00:00\t{day}T10:00:00+00:00\tShipped\t"
        "Merchant\tA\t1\n"
        for number, day in enumerate(days, start=1)
    ]
    return HEADER + "".join(rows)


def twelve_orders(folder: Path) -> Path:
    """A store of twelve orders and nothing else: every other thing about it is unknown."""
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(0, 36, 3)]
    return _store(folder, {"orders.txt": orders(days)})


def healthy(folder: Path) -> Path:
    """An order a day, and an order defect download without a row: there are no defects."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(90)]
    download = (
        "Order ID,Order Date,Fulfilled By,Negative Feedback,"
        "A-to-z Guarantee claim,Chargeback claim\n"
    )
    return _store(folder, {"orders.txt": orders(days), "defects.csv": download})


def no_orders(folder: Path) -> Path:
    """Nothing but a file that is no export."""
    return _store(folder, {"notes.txt": "call the carrier\n"})


def demo(folder: Path) -> Path:
    from odrlib.demo import write_store

    return write_store(folder, orders=1_500)


def _store(folder: Path, files: dict[str, str]) -> Path:
    (folder / "exports").mkdir(parents=True)
    (folder / "store.toml").write_text('id = "s"\nmarketplace = "US"\n', encoding="utf-8")
    for name, text in files.items():
        (folder / "exports" / name).write_text(text, encoding="utf-8", newline="")
    return folder


def show_all(path: Path, store: Path, out: Path) -> list:
    """Run the cells of a notebook in order, in this process; returns what each cell shows."""
    values = {"store": str(store), "as_of": "", "profile": "", "language": "", "out": str(out)}
    space: dict = {}
    shown = []
    for cell in code_cells(path):
        text = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", []):
            exec(compile(text, path.name, "exec"), space)
            space |= values
            continue
        *steps, last = ast.parse(text).body
        exec(compile(ast.Module(steps, []), path.name, "exec"), space)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), path.name, "eval"), space))
        else:
            exec(compile(ast.Module([last], []), path.name, "exec"), space)
    return shown


@every_notebook
@pytest.mark.parametrize("make", [demo, twelve_orders, healthy, no_orders])
def test_a_notebook_shows_every_section_of_any_store(path, make, tmp_path):
    """Whatever is missing, each cell shows something with words in it."""
    shown = show_all(path, make(tmp_path / "store"), tmp_path / "out")

    assert all("text/plain" in each._repr_mimebundle_() for each in shown)
    assert (tmp_path / "out" / "facts.json").is_file()


def test_unknown_is_never_shown_as_healthy(tmp_path):
    report = NOTEBOOKS[NAMES.index("report")]
    shown = show_all(report, twelve_orders(tmp_path / "store"), tmp_path / "out")
    verdict = shown[0]

    assert verdict.text == "Whether s is inside the limit is unknown by both rules."
    assert [card["status"] for card in verdict.data["cards"]] == ["unknown", "unknown"]
    assert not [each for each in shown if "inside the limit" in each.text and each is not verdict]


def test_no_defects_is_not_unknown(tmp_path):
    report = NOTEBOOKS[NAMES.index("report")]
    shown = show_all(report, healthy(tmp_path / "store"), tmp_path / "out")

    assert shown[0].text == "s is inside the limit by both rules."


@pytest.mark.slow
@every_notebook
def test_papermill_runs_a_notebook_by_hand(path, tmp_path):
    """`papermill notebooks/… out.ipynb -p store … -p out …`, as any scheduler does it."""
    store = demo(tmp_path / "store")
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(path), str(out), "--no-progress-bar"]
    command += ["-p", "store", str(store), "-p", "out", str(tmp_path / "facts")]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=path.parent
    )
    outputs = [output for cell in code_cells(out) for output in cell["outputs"]]

    assert done.returncode == 0, done.stderr[-2000:]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert (tmp_path / "facts" / "facts.json").is_file()
