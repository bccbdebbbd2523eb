"""Notebooks in another language: cell by cell on the page, and as files that are never lost."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest
from click.testing import CliRunner

from odrlib.cli import commands
from odrlib.languages import language, speaking
from odrlib.languages.messages import notebooks_folder
from odrlib.languages.notebook import spoken_in, translated, write_notebooks
from odrlib.report.exporter import ReportExporter
from odrlib.report.show import say

PARAMETERS = """store: str = "../mine"  # the store folder, the one with store.toml in it
days: int = 60  # nobody translated this
language: str = ""  # en or zh; empty: as in store.toml"""
NEXT = "# What do the words mean?"


def notebook(*cells, **metadata):
    return nbformat.v4.new_notebook(cells=list(cells), metadata=metadata)


@pytest.fixture
def small():
    """Prose with and without a translation, parameters, and a cell whose comment is code's own."""
    whole = json.loads((notebooks_folder() / "glossary.ipynb").read_text(encoding="utf-8"))
    return notebook(
        nbformat.v4.new_markdown_cell("".join(whole["cells"][0]["source"])),
        nbformat.v4.new_markdown_cell("Of the analyst's own hand."),
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("days  # en or zh; empty: as in store.toml"),
    )


def test_each_cell_is_said_in_the_language_and_what_has_no_translation_stays(small):
    title, own, parameters, code = (cell.source for cell in translated(small, "zh").cells)

    assert title.startswith("# 这些词是什么意思？\n")
    assert own == "Of the analyst's own hand."
    assert parameters.splitlines() == [
        'store: str = "../mine"  # 店铺文件夹，即 store.toml 所在的文件夹',
        "days: int = 60  # nobody translated this",
        'language: str = ""  # en 或 zh；留空：按 store.toml',
    ]
    assert code == "days  # en or zh; empty: as in store.toml"


def test_translating_changes_neither_the_notebook_given_nor_the_language_spoken(small):
    before = copy.deepcopy(small)
    translated(small, "zh")

    assert (small, language()) == (before, "en")


def test_translating_twice_or_to_english_changes_nothing(small):
    chinese = translated(small, "zh")

    assert translated(chinese, "zh") == chinese
    assert translated(small, "en") == small


def shown(text: str):
    return nbformat.v4.new_output("display_data", data=say(text)._repr_mimebundle_())


def executed(small, parameter: str = ""):
    """The notebook as it is after a run that spoke Chinese."""
    with speaking("zh"):
        small.cells[3].outputs = [shown("全部正常。")]
    small.metadata["papermill"] = {"parameters": {"language": parameter}}
    return small


def test_an_executed_notebook_tells_its_language_by_parameter_or_by_what_it_shows(small):
    assert spoken_in(small) == "en"
    assert spoken_in(executed(small)) == "zh"
    assert spoken_in(executed(small, "en")) == "en"


def test_the_page_of_a_store_that_speaks_chinese_has_chinese_prose(small):
    """The language stood in store.toml, so that no parameter names it."""
    html, _ = ReportExporter().from_notebook_node(executed(small))

    assert '<html lang="zh-Hans"' in html
    assert "这些词是什么意思？" in html
    assert NEXT.removeprefix("# ") not in html


def test_an_answer_that_lab_folds_away_stands_open_on_the_page():
    folded = "Why?\n\n<details><summary>Answer</summary>\n\nBecause.\n\n</details>"
    html, _ = ReportExporter().from_notebook_node(notebook(nbformat.v4.new_markdown_cell(folded)))

    assert "<strong>Answer</strong>" in html
    assert "details&gt;" not in html


# -- as files -----------------------------------------------------------------------------------


def test_notebooks_are_written_in_the_language_and_speak_it(tmp_path):
    done = write_notebooks(tmp_path / "notebooks-zh", "zh")
    first = json.loads((tmp_path / "notebooks-zh" / "tutorial.ipynb").read_text(encoding="utf-8"))

    assert set(done.values()) == {"written"}
    assert "".join(first["cells"][0]["source"]).startswith("# 怎样从文件走到行动计划？")
    assert 'language: str = "zh"  # en 或 zh' in "".join(first["cells"][1]["source"])
    assert '"../data/demo' not in "".join(first["cells"][1]["source"])
    nbformat.validate(nbformat.from_dict(first))


def test_what_an_analyst_changed_is_kept_and_what_was_only_run_is_not_touched(tmp_path):
    write_notebooks(tmp_path, "zh")
    changed, run = tmp_path / "tutorial.ipynb", tmp_path / "glossary.ipynb"
    mine = json.loads(changed.read_text(encoding="utf-8"))
    mine["cells"][0]["source"] = "# 我的笔记"
    changed.write_text(json.dumps(mine), encoding="utf-8")
    theirs = json.loads(run.read_text(encoding="utf-8"))
    theirs["cells"][3]["execution_count"] = 7
    run.write_text(json.dumps(theirs), encoding="utf-8")
    before = changed.read_bytes(), run.read_bytes()
    done = write_notebooks(tmp_path, "zh")

    assert (changed.read_bytes(), run.read_bytes()) == before
    assert done[changed].startswith("stays as it is, because somebody changed it")
    assert done[run].startswith("is there already")


def test_a_notebook_in_another_language_that_nobody_changed_is_replaced(tmp_path):
    write_notebooks(tmp_path, "zh")

    assert set(write_notebooks(tmp_path, "en").values()) == {"written"}


def test_the_command_says_what_it_did_in_the_language(tmp_path):
    folder = tmp_path / "zh"
    result = CliRunner().invoke(commands, ["notebooks", str(folder), "--lang", "zh"])

    assert result.exit_code == 0
    assert f"{folder / 'glossary.ipynb'}: 已写出" in result.output.splitlines()
