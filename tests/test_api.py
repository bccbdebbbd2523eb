"""The public names, and that they are documented."""

import inspect
import json
import re
from importlib import import_module
from pathlib import Path

import pytest

import odrlib as odr

ROOT = Path(__file__).parent.parent
NAMES = (
    "Cause", "Evidence", "Facts", "Finding", "LikeTheRest", "Rate", "Reversed", "Selection",
    "Stopped", "Store", "Window", "attributes", "build_facts", "build_package", "case_sheet",
    "categorise", "category_counts", "causes_dict", "causes_table", "changes_of_causes",
    "check_evidence", "check_poa", "check_tables", "classify_reasons", "cleared_table",
    "component_rates", "composition", "defect_rate", "defects_by_order", "delay_curve", "draft_poa",
    "drill_down", "evidence_dict", "evidence_matrix", "explore", "facts_schema", "find_causes",
    "how_to_tell_apart", "init_store", "input_dict", "inventory", "mix_shifts", "nowcast",
    "order_reasons", "orders_to_prove", "rate_by", "rate_changes", "rate_grid", "read_notice",
    "read_register", "read_store", "reconcile", "related_metrics", "rise_table", "roll_off",
    "rolling_rate", "statements", "status_dict", "theme_counts", "timeline", "topic_counts",
    "triage_part", "weekly_rate", "what_changed", "what_if", "what_if_table", "window_nowcast",
    "write_demo", "write_facts",
)  # fmt: skip


def test_the_public_names_are_these():
    assert list(NAMES) == [name for name in odr.__all__ if not name.startswith("plot_")]


@pytest.mark.parametrize("name", odr.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    assert (inspect.getdoc(getattr(odr, name)) or "").strip()


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'odr_now'"):
        _ = odr.odr_now


def test_the_version_stands_in_the_changelog():
    assert f"## {odr.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_command_in_the_readme_exists():
    commands = import_module("odrlib.cli").commands.commands
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"run\.py odr (\w+)", text))

    assert named
    assert named <= set(commands)


def test_the_lines_for_a_wheel_in_the_readme_can_be_typed():
    """What they do is run by tests/test_release.py, with a smaller store."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```\n(pip install odrlib-.*?)```", text, flags=re.DOTALL)
    install, *lines = [line.split("#")[0].split() for line in block.splitlines()]
    main = import_module("odrlib.cli").commands
    above = main.make_context("odr", [], resilient_parsing=True)

    assert ["pip", "install", f"odrlib-{odr.__version__}-py3-none-any.whl"] == install
    for odr_, name, *arguments in lines:
        assert "odr" == odr_
        assert main.commands[name].make_context(name, arguments, parent=above).params


def test_every_file_the_documents_link_to_exists():
    for document in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        ROOT / "data" / "README.md",
    ]:
        text = document.read_text(encoding="utf-8")
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        assert [] == [link for link in links if not (document.parent / link).exists()], document


def test_the_schema_of_facts_is_a_schema():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(odr.facts_schema())
    assert 1 == odr.facts_schema()["properties"]["schema_version"]["const"]
    assert json.dumps(odr.facts_schema())
