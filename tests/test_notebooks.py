"""The notebooks: essays titled as questions, made of short cells, true on any store."""

from __future__ import annotations

import ast
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import odrlib as odr
from odrlib import chapters
from odrlib.languages import speaking
from odrlib.languages.notebook import translated

NOTEBOOKS = sorted(Path(__file__).parents[1].joinpath("notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
PARAMETERS = ["store", "as_of", "profile", "language", "out"]
OTHERS = {"glossary": ["store", "language"]}
MORE = {
    "what_proves_it": ["order_id"],
    "what_would_change_it": ["column", "value", "from_day", "order_ids"],
}
# Not a chapter about a store: it ends with its own table.
APART = {"report", "glossary", "explore"}
READ = "odr.read_store("
# The columns of Amazon's All Orders report by which it is recognised, and two more.
HEADER = (
    "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\t"
    "fulfillment-channel\tsku\tquantity\n"
)
DOWNLOAD = (
    "Order ID,Order Date,Fulfilled By,Negative Feedback,A-to-z Guarantee claim,Chargeback claim\n"
)


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def cells(path: Path, kind: str = "") -> list[dict]:
    return [cell for cell in read(path)["cells"] if kind in ("", cell["cell_type"])]


def code_cells(path: Path) -> list[dict]:
    return cells(path, "code")


def source(cell: dict) -> str:
    return "".join(cell["source"])


def prose(path: Path) -> list[str]:
    return [source(cell) for cell in cells(path, "markdown")]


def headings(path: Path) -> list[str]:
    lines = [line for text in prose(path) for line in text.splitlines()]
    return [line.removeprefix("## ") for line in lines if line.startswith("## ")]


def is_shown(cell: dict) -> bool:
    """Does the cell show something: is its last line a value?"""
    if cell["cell_type"] != "code":
        return False
    return isinstance(ast.parse(source(cell)).body[-1], ast.Expr)


def every_notebook(test):
    return pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)(test)


def every_chapter(test):
    chapter = [path for path in NOTEBOOKS if path.stem not in APART]
    return pytest.mark.parametrize("path", chapter, ids=[path.stem for path in chapter])(test)


def test_there_are_the_chapters_the_tutorial_the_glossary_and_the_report():
    assert set(NAMES) == {
        "explore",
        "glossary",
        "report",
        "tutorial",
        "what_are_the_defects",
        "what_causes_them",
        "what_changed_when",
        "what_goes_into_the_plan",
        "what_proves_it",
        "what_would_change_it",
        "where_do_we_stand",
    }


# -- style --------------------------------------------------------------------------------------


@every_notebook
def test_the_title_is_a_question_and_the_only_one(path):
    titles = [text for text in prose(path) if text.startswith("# ")]

    assert [title.splitlines()[0][-1] for title in titles] == ["?"]
    assert source(cells(path)[0]) == titles[0]


def test_the_report_has_four_parts_and_each_ends_with_the_detail():
    """So a manager can stop after the first sections of a part, and links hold in any language."""
    report = NOTEBOOKS[NAMES.index("report")]
    sections = [cell for cell in cells(report, "markdown") if source(cell).startswith("## ")]
    about = [cell["metadata"]["odr"] for cell in sections]
    parts = {part: [] for part in dict.fromkeys(one["part"] for one in about)}
    for section, one in zip(sections, about, strict=True):
        parts[one["part"]].append(source(section).startswith("## In detail: "))

    assert list(parts) == ["stand", "why", "do", "basis"]
    assert [parts[name] == sorted(parts[name]) for name in parts] == [True] * 4
    assert [any(parts[name]) for name in parts] == [True, True, True, False]
    assert len({one["anchor"] for one in about}) == len(about)


@every_notebook
def test_one_cell_holds_the_parameters_as_typed_text_with_a_comment_each(path):
    tagged = [c for c in code_cells(path) if "parameters" in c["metadata"].get("tags", [])]
    lines = "".join(tagged[0]["source"]).splitlines()

    assert len(tagged) == 1
    assert [line.split(":")[0] for line in lines] == OTHERS.get(
        path.stem, PARAMETERS + MORE.get(path.stem, [])
    )
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
def test_code_is_short(path):
    lines = [len(source(cell).splitlines()) for cell in code_cells(path)]

    assert statistics.median(lines) <= 3


@every_notebook
def test_a_sentence_stands_before_everything_that_is_shown(path):
    """The first screen of the report follows its introduction; its last cell only marks the end."""
    all_cells = [cell for cell in cells(path) if not source(cell).endswith("report.end()")]
    bare = [
        source(cell) for before, cell in pairwise(all_cells) if is_shown(cell) and is_shown(before)
    ]

    assert bare == []


@every_chapter
def test_a_chapter_ends_with_what_was_written_what_it_does_not_show_and_what_is_next(path):
    assert headings(path)[-3:] == ["Which files were written?", "What this does not show", "Next"]


@every_notebook
def test_a_heading_is_a_question_or_a_noun_of_every_chapter(path):
    nouns = {
        "Summary",
        "Glossary",
        "Next",
        "What this does not show",
        "What this page does not show",
    }
    steps = [name for name in headings(path) if name.startswith("Step: ")]

    assert [n for n in headings(path) if n[-1] != "?" and n not in {*nouns, *steps}] == []
    assert bool(steps) == (path.stem == "tutorial")


@every_notebook
def test_the_words_are_explained_one_step_away(path):
    linked = "](glossary.ipynb)" in prose(path)[0] + prose(path)[-1]
    held = any("glossary()" in source(cell) for cell in code_cells(path))

    assert linked or held


@pytest.mark.parametrize("language", ["en", "zh"])
@every_notebook
def test_a_link_leads_to_a_file(path, language):
    words = [source(cell) for cell in translated(read(path), language)["cells"]]
    links = re.findall(r"\]\(([^)#]+)\)", "\n".join(words))

    assert [link for link in links if not (path.parent / link).is_file()] == []


@every_notebook
def test_all_prose_is_said_in_chinese_with_the_same_links_and_code(path):
    english, chinese = cells(path, "markdown"), translated(read(path), "zh")["cells"]
    chinese = [cell for cell in chinese if cell["cell_type"] == "markdown"]
    parts = re.compile(r"\]\([^)]+\)|`[^`]+`|^#+ |</?details>", re.MULTILINE)

    assert [
        source(cell) for cell in chinese if not re.search("[\u4e00-\u9fff]", source(cell))
    ] == []
    assert [sorted(parts.findall(source(cell))) for cell in english] == [
        sorted(parts.findall(source(cell))) for cell in chinese
    ]


@every_notebook
def test_no_number_of_any_store_stands_in_the_prose(path):
    """Papermill runs the same words on other data, so the words hold no result."""
    allowed = {"95%", "30-day", "SHA-256"}
    told = [word.strip(".,:()") for text in prose(path) for word in text.split()]

    assert not [word for word in told if any(c.isdigit() for c in word) and word not in allowed]


@every_notebook
def test_no_prose_says_what_only_a_result_could_say(path):
    """A store may have no cause, no defect and no file, and the words stay true."""
    said = re.compile(
        r"as (we|you) can see|clearly|obviously|\bthese (groups|causes|are the)\b|"
        r"(?<!whether the )(store|account|rate) is (over|inside|above|below)\b",
        re.IGNORECASE,
    )

    assert [text for text in prose(path) if said.search(text)] == []


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
    return _store(folder, {"orders.txt": orders(days), "defects.csv": DOWNLOAD})


def nothing_wrong(folder: Path) -> Path:
    """Ten orders a day and one defect among them: inside the limit, and every file is in order."""
    days = [date(2026, 1, 1) + timedelta(days=number // 10) for number in range(900)]
    defect = "114-0000400-1000001,02/09/2026,Seller,Yes,No,No\n"
    return _store(folder, {"orders.txt": orders(days), "defects.csv": DOWNLOAD + defect})


def only_the_download(folder: Path) -> Path:
    """Amazon's list of defects without a file of orders: there is nothing to divide by."""
    defect = "114-0000001-1000001,03/01/2026,Seller,Yes,Yes,No\n"
    return _store(folder, {"defects.csv": DOWNLOAD + defect})


def half_of_the_exports(folder: Path) -> Path:
    """The demo store without every second of its files; nothing tells its chargebacks."""
    store = demo(folder)
    files = [path for path in sorted(store.rglob("*")) if path.is_file()]
    for path in [path for path in files if path.name != "store.toml"][1::2]:
        path.unlink()
    return store


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


STORES: dict[str, Callable[[Path], Path]] = {
    "demo": demo,
    "nothing wrong": nothing_wrong,
    "no defects": healthy,
    "twelve orders": twelve_orders,
    "half of the exports": half_of_the_exports,
    "no orders": no_orders,
    "only the download": only_the_download,
}


@pytest.fixture(scope="session")
def facts_of(tmp_path_factory):
    """A function from a store and a language to its facts, computed once for all notebooks."""
    root = tmp_path_factory.mktemp("stores")

    @cache
    def folder(name: str) -> Path:
        return STORES[name](root / name.replace(" ", "-"))

    @cache
    def facts(name: str, language: str) -> odr.Facts:
        with speaking("en"):
            return odr.build_facts(odr.read_store(folder(name), language=language))

    return facts


def show_all(path: Path, facts: odr.Facts, out: Path = Path()) -> list:
    """Run the cells of a notebook that choose and show, in this process; what each cell shows."""
    space: dict = {"odr": odr, "chapters": chapters, "facts": facts}
    shown = []
    for cell in code_cells(path):
        text = source(cell)
        if "parameters" in cell["metadata"].get("tags", []):
            exec(compile(text, path.name, "exec"), space)
            space |= {"out": str(out) if out.name else ""}
            continue
        if READ in text or text.startswith("import"):
            continue
        *steps, last = ast.parse(text).body
        exec(compile(ast.Module(steps, []), path.name, "exec"), space)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), path.name, "eval"), space))
        else:
            exec(compile(ast.Module([last], []), path.name, "exec"), space)
    return shown


@every_notebook
def test_a_notebook_reads_its_own_store(path):
    """So each stands alone; the tests below read each store once for all of them."""
    lines = [line for cell in code_cells(path) for line in source(cell).splitlines()]
    store = "tables = odr.read_store(store, as_of, language=language)"
    facts = "facts = odr.build_facts(tables, profile)"

    if path.stem == "glossary":
        assert "tables = odr.read_store(store, language=language)" in lines
    elif path.stem != "explore":
        assert [store, facts] == [line for line in lines if "odr." in line][:2]


def text_of(each) -> str:
    """What a cell shows, as plain text."""
    return each._repr_mimebundle_()["text/plain"]


def what_is_said(shown: list) -> str:
    """All text of what was shown, as one; the explorer is told by its plain text."""
    return "\n".join(
        json.dumps([text_of(each), getattr(each, "data", "")], ensure_ascii=False) for each in shown
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("store", STORES)
@every_notebook
def test_a_notebook_shows_every_section_of_any_store(path, store, language, facts_of):
    """Whatever is missing, each cell shows something with words in it."""
    with speaking(language):
        shown = show_all(path, facts_of(store, language))
        bundles = [each._repr_mimebundle_() for each in shown]

    assert all(bundle["text/plain"].strip() for bundle in bundles)
    assert not re.search(r"\bNone\b(?! of )|\bnan\b|NaT", what_is_said(shown))


@pytest.mark.parametrize("store", ["twelve orders", "no orders", "only the download"])
@every_notebook
def test_unknown_is_never_shown_as_healthy(path, store, facts_of):
    verdict, *_ = show_all(NOTEBOOKS[NAMES.index("report")], facts_of(store, "en"))
    shown = show_all(path, facts_of(store, "en"))

    assert verdict.text.endswith("inside the limit is unknown by both rules.")
    assert [card["status"] for card in verdict.data["cards"]] == ["unknown", "unknown"]
    said = [text_of(each) for each in shown]
    assert not [text for text in said if "inside the limit" in text and text != verdict.text]


@pytest.mark.parametrize("store", ["nothing wrong", "no defects"])
def test_a_store_inside_the_limit_is_called_so_and_given_no_cause(store, facts_of):
    report = NOTEBOOKS[NAMES.index("report")]
    shown = show_all(report, facts_of(store, "en"))
    said = [each.text for each in shown]

    assert shown[0].text == "s is inside the limit by both rules."
    assert "There is no cause to list." in said
    assert "There is no cause to date." in said


def test_no_defects_is_not_unknown(facts_of):
    stand = NOTEBOOKS[NAMES.index("where_do_we_stand")]
    cards = show_all(stand, facts_of("no defects", "en"))[0].data["cards"]

    assert [card["value"] for card in cards] == ["0.00%", "0.00%"]


def test_a_kind_that_no_file_tells_makes_the_rate_a_lower_bound(facts_of):
    facts = facts_of("half of the exports", "en")
    stand = NOTEBOOKS[NAMES.index("where_do_we_stand")]
    cards = show_all(stand, facts)[0].data["cards"]

    assert facts.store.unknown == ("chargeback",)
    assert [card["status"] for card in cards] == ["over", "over"]
    assert [card["value"].split("%")[0][:9] for card in cards] == ["at least ", "at least "]
    assert dict(cards[0]["parts"])["Chargebacks"] == "unknown"


@every_notebook
def test_a_notebook_leaves_the_facts_in_its_folder(path, facts_of, tmp_path):
    if path.stem in APART - {"report"}:
        pytest.skip("writes nothing")
    show_all(path, facts_of("twelve orders", "en"), tmp_path / "out")

    assert (tmp_path / "out" / "facts.json").is_file()


@pytest.mark.long
@pytest.mark.slow
@every_notebook
def test_papermill_runs_a_notebook_by_hand(path, tmp_path):
    """`papermill notebooks/… out.ipynb -p store … -p out …`, as any scheduler does it."""
    store = demo(tmp_path / "store")
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(path), str(out), "--no-progress-bar"]
    command += ["-p", "store", str(store)]
    writes = "out" in OTHERS.get(path.stem, PARAMETERS)
    command += ["-p", "out", str(tmp_path / "facts")] if writes else []
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=path.parent
    )
    outputs = [output for cell in code_cells(out) for output in cell["outputs"]]

    assert done.returncode == 0, done.stderr[-2000:]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert (tmp_path / "facts" / "facts.json").is_file() == writes


@pytest.mark.long
@pytest.mark.slow
def test_papermill_and_nbconvert_by_hand_make_a_chinese_page(tmp_path):
    """The language comes from store.toml alone, and the executed cells are still English."""
    store = nothing_wrong(tmp_path / "store")
    (store / "store.toml").write_text(
        'id = "s"\nmarketplace = "US"\nlanguage = "zh"\n', encoding="utf-8"
    )
    notebook, out = NOTEBOOKS[NAMES.index("where_do_we_stand")], tmp_path / "out.ipynb"
    run = [str(notebook), str(out), "--no-progress-bar", "-p", "store", str(store)]
    for command in (["papermill", *run], ["nbconvert", "--to", "odr", str(out)]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    page = (tmp_path / "out.html").read_text(encoding="utf-8")

    assert '<html lang="zh-Hans"' in page
    assert "我们现在处于什么位置？" in page
    assert "Where do we stand?" not in page
