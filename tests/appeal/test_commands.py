"""`odr appeal …`: a case from notice to approval by hand, exit codes, and JSON."""

import json

import pytest
from click.testing import CliRunner
from stores import make_store

from odrlib.cli_appeal import appeal
from odrlib.errors import BadParameter

REJECTED = (
    "Wir verfügen nicht über genügend Informationen, um Ihr Konto zu reaktivieren.\n"
    "- Ausführlichere Angaben zu den Grundursachen dafür, dass Käufer Bestellungen nicht erhalten\n"
    "Wenn wir sie nicht innerhalb von 14 Tagen erhalten, bleibt Ihr Konto deaktiviert.\n"
)


def odr(*arguments):
    run = CliRunner().invoke(appeal, [str(one) for one in arguments], catch_exceptions=True)
    if isinstance(run.exception, BadParameter):
        raise run.exception
    return run


@pytest.fixture
def store(tmp_path):
    files = {"plan.md": "A plan.", "notice.txt": REJECTED, "rule.png": "picture"}
    return make_store(tmp_path / "store", files)


def test_notice_as_json_keeps_the_contract(store):
    said = json.loads(odr("notice", store / "notice.txt", "--json").stdout)
    said.pop("findings")

    assert {
        "patterns": ["N2", "N5"],
        "language": "de",
        "cells": [["NR", "cause"]],
        "order_ids": [],
        "days": 14,
        "final": False,
        "counts_in_odr": None,
        "linked_account": False,
    } == said


def test_a_pasted_notice_reads_as_its_file(store):
    pasted = CliRunner().invoke(appeal, ["notice", "-", "--json"], input=REJECTED)

    assert odr("notice", store / "notice.txt", "--json").stdout == pasted.stdout


def test_a_case_by_hand(store):
    odr("open", store, "Order defect rate", "--notice", store / "notice.txt", "--on", "2026-03-01")
    odr("draft", store, "C001", store / "plan.md", "--facts", store / "notice.txt")
    odr("submit", store, "C001", "--on", "2026-03-02")
    odr("review", store, "C001")
    odr("reply", store, "C001", "approved", "--exempt", "114-0000000-0000001:claim")
    odr("commit", store, "C001", "sign", "--owner", "Li", "--due", "2026-04-01", "--artefact", "a")
    odr("done", store, "P001", store / "rule.png")
    odr("close", store, "C001")
    (case,) = json.loads(odr("list", store, "--json").stdout)["cases"]

    assert ("C001", "closed", "approved") == (case["id"], case["state"], case["outcome"])
    assert "2026-03-02" == case["submissions"][0]["submitted_on"]
    assert "nothing was changed" in odr("verify", store).stdout
    assert [] == json.loads(odr("due", store, "--json").stdout)["due"]


def test_due_puts_the_overdue_first(store):
    odr("open", store, "Order defect rate", "--notice", store / "notice.txt", "--on", "2026-03-01")
    odr("commit", store, "C001", "sign", "--owner", "Li", "--due", "2026-03-20", "--artefact", "a")
    rows = json.loads(odr("due", store, "--as-of", "2026-03-16", "--json").stdout)["due"]

    assert [("appeal", "overdue", -1), ("commitment", "ahead", 4)] == [
        (row["what"], row["state"], row["days_left"]) for row in rows
    ]


def test_of_several_stores_one_that_cannot_be_read_gives_exit_3(store, tmp_path):
    odr("open", store, "Order defect rate")
    run = odr("list", store, tmp_path / "gone")

    assert 3 == run.exit_code
    assert "C001" in run.stdout


def test_an_unreadable_notice_opens_no_case(store):
    with pytest.raises(BadParameter):
        odr("open", store, "Order defect rate", "--notice", store / "gone.pdf")

    assert [] == json.loads(odr("list", store, "--json").stdout)["cases"]


def test_search_and_sheet_answer(store):
    odr("open", store, "Order defect rate", "--cause", "R01")

    assert "C001" in odr("search", store, "--cause", "R01").stdout
    assert "# Case sheet" in odr("sheet", store, "--as-of", "2026-03-01").stdout
    assert "defects" in json.loads(odr("sheet", store, "--as-of", "2026-03-01", "--json").stdout)
