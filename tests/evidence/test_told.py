"""What is told: command, chapter, sentences, the page of docs, and which orders are asked about."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import odrlib as odr
from odrlib.chapters import proof as chapter
from odrlib.cli import commands
from odrlib.evidence import evidence_files, orders_to_prove
from odrlib.words.evidence import evidence_summary, fetch_lines
from tests.evidence.folders import AS_OF, TODAY, clean, judge, order_id, store_files
from tests.evidence.test_matrix import PLANTED, late_answer, no_proof, no_signature
from tests.stores import make_store, order, orders_file

ROOM = Path(odr.__file__).parent / "evidence"
PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """One clean order, one without proof, one answered too late."""
    cases = [clean(1), clean(2), clean(3)]
    no_proof(cases[1], cases)
    late_answer(cases[2], cases)
    return make_store(tmp_path_factory.mktemp("told") / "a", store_files(cases))


def test_the_command_prints_the_contract_s_json(spoilt):
    result = CliRunner().invoke(commands, ["evidence", str(spoilt), "--json"])
    told = json.loads(result.output)

    assert 0 == result.exit_code
    assert {"schema_version", "as_of", "orders", "findings", "next"} == set(told)
    states = {
        row["order_id"]: [cell["state"] for cell in row["cells"].values()] for row in told["orders"]
    }
    assert {
        order_id(1): ["closed", "closed", "closed"],
        order_id(2): ["open", "closed", "closed"],
        order_id(3): ["closed", "contradicted", "closed"],
    } == states
    assert [(order_id(2), 1), (order_id(3), 0)] == [
        (row["order_id"], row["closes"]) for row in told["next"]
    ]


def test_the_command_prints_the_matrix_for_a_reader(spoilt):
    result = CliRunner().invoke(commands, ["evidence", str(spoilt)])

    assert 0 == result.exit_code
    assert "1 of 3 defective orders closed by evidence" in result.output
    assert "logistics open · communication closed · remedy closed" in result.output
    assert "closes 1, due 2026-06-17: a proof of delivery with address" in result.output
    assert "PLANTED" not in result.output


def test_a_store_that_cannot_be_read_is_bad_input(tmp_path):
    result = CliRunner().invoke(commands, ["evidence", str(tmp_path / "none")])

    assert isinstance(result.exception, odr.errors.BadStore)


def test_the_chapter_shows_matrix_findings_errands_files_and_a_story(spoilt):
    facts = odr.build_facts(odr.read_store(spoilt, today=TODAY))
    matrix = chapter.evidence_matrix(facts)

    assert 3 == matrix.data["total"]
    assert "findings" == chapter.evidence_findings(facts).kind
    assert 2 == chapter.what_to_fetch(facts).data["total"]
    assert 8 == chapter.evidence_on_hand(facts).data["total"]
    story = chapter.timeline_of(facts, order_id(3))
    said = next(column for column in story.data["columns"] if column["name"] == "broken")
    assert "answered after 24.0 hours" in said["text"]
    assert "1 of 3 defective orders" in chapter.evidence_answer(facts).text


def test_a_clean_store_has_nothing_to_fetch(tmp_path):
    make_store(tmp_path / "a", store_files([clean(1)]))
    facts = odr.build_facts(odr.read_store(tmp_path / "a", today=TODAY))

    assert "Nothing is to be fetched" in chapter.what_to_fetch(facts).text
    assert "No file in the evidence folder" in chapter.evidence_findings(facts).text
    assert (
        "1 of 1 defective order closed by evidence, nothing is missing."
        == chapter.evidence_answer(facts).text
    )


def test_a_store_without_defects_asks_for_nothing(tmp_path):
    make_store(tmp_path / "a", {"exports/orders.txt": orders_file([order(1, "2026-05-03")])})
    facts = odr.build_facts(odr.read_store(tmp_path / "a", today=TODAY))

    assert "No defective order asks for evidence." == evidence_summary(facts.proof.cells)
    # No file tells of defects: on the page, whether any asks for evidence is unknown.
    assert chapter.evidence_answer(facts).text.startswith("Amazon's rule: unknown, because")
    assert "There is no file in the evidence folder." == chapter.evidence_on_hand(facts).text
    assert {"orders": [], "findings": [], "next": []} == {
        key: odr.evidence_dict(facts.proof)[key] for key in ("orders", "findings", "next")
    }


def test_the_summary_counts_orders_and_cells():
    cells = pd.DataFrame(
        [("A", "closed"), ("A", "closed"), ("B", "open"), ("B", "contradicted"), ("C", "unknown")],
        columns=["order_id", "state"],
    )

    assert (
        "1 of 3 defective orders closed by evidence; of the cells of the others, 1 contradicted, "
        "1 open and 1 unknown." == evidence_summary(cells)
    )


def test_one_errand_for_several_orders_is_one_line(tmp_path):
    cases = [clean(1), clean(2)]
    for case in cases:
        no_signature(case, cases)
    table = judge(tmp_path / "a", [*cases, clean(3)]).next

    assert [2, 2] == table["closes"].tolist()
    assert ["UPS", "UPS"] == table["source"].tolist()
    assert 1 == len(fetch_lines(table))


def test_older_orders_are_asked_about_only_if_something_is_on_hand(tmp_path):
    make_store(tmp_path / "a", store_files([clean(1), clean(2)]))
    folder = tmp_path / "a" / "evidence" / order_id(2)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    ledger = tmp_path / "a" / "ledger" / "evidence.csv"
    lines = ledger.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if order_id(2) not in line]
    ledger.write_text("\n".join(kept) + "\n", encoding="utf-8")
    store = odr.read_store(tmp_path / "a", today=TODAY)
    defects = odr.defects_by_order(store)

    assert {order_id(1)} == set(orders_to_prove(store, defects, AS_OF)["order_id"])
    assert 2 == len(orders_to_prove(store, defects, date(2026, 5, 3)))
    assert [3, 0] == evidence_files(store, defects).sort_values("order_id")["count"].tolist()


def test_the_page_lists_every_finding():
    text = PAGE.read_text(encoding="utf-8")
    makers = {"contradiction", "missing", "Fault", "Finding"}
    ids = {row[1] for row in PLANTED}
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in makers:
                told = node.func.id != "missing" or any(k.arg == "level" for k in node.keywords)
                first = node.args[0] if node.args else None
                if told and isinstance(first, ast.Constant) and first.value != "note":
                    ids.add(first.value)

    assert len(ids) > 30
    assert [] == sorted(code for code in ids if f"`{code}`" not in text)
