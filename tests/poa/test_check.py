"""The check: one rule per test, on a plan that is otherwise clean."""

from __future__ import annotations

import re

import pytest
from docx import Document

import odrlib as odr
from odrlib.errors import BadParameter
from odrlib.poa import check_poa
from odrlib.poa.similarity import copied
from tests.stores import make_store, odr_file, order, order_id, orders_file

MEASURES = (
    "id,cause,kind,status,date,what,owner,frequency,threshold,artefact,setting\n"
    "A1,R05,corrective,done,2026-03-20,Cartons of the kettle replaced,warehouse lead,,,check.pdf,\n"
    "A2,R05,preventive,existing,2026-03-21,Drop test of each delivery of cartons,warehouse lead,"
    "weekly,,drop.pdf,\n"
    "A3,R05,preventive,planned,2026-05-10,Second carton supplier under contract,buyer,monthly,,,\n"
)
PLAN = f"""# Plan of Action

Store: Kettles

Date: 1 May 2026

## Root cause 1: cartons of the kettle

Between 15 February and 15 April 2026, 3 of 12 orders were defective: 3 A-to-z claims. The cartons \
were too thin, and our work instruction did not ask for a test.

### Corrective action

On 20 March 2026 we replaced the cartons of the kettle (check.pdf).

### Preventive action

Since 21 March 2026 the warehouse lead makes a drop test of each delivery of cartons, weekly. The \
record is drop.pdf.

## Appendix: orders

- {order_id(2)}
- {order_id(5)}
- {order_id(8)}
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """Twelve orders of a kettle, three with a claim; a neighbour with one order of its own."""
    root = tmp_path_factory.mktemp("stores")
    rows = [order(n, f"2026-03-{n:02d}") for n in range(1, 13)]
    bad = [(order_id(n), f"2026-03-{n:02d}", "A") for n in (2, 5, 8)]
    claims = f"order_id,filed_on,reason,status,decided_on,charged_to,odr_impact,appeal_by,note\n\
{order_id(11)},2026-03-20,Not received,denied,2026-03-25,none,yes,,\n"
    files = {
        "exports/orders.txt": orders_file(rows),
        "exports/odr.csv": odr_file(bad),
        "ledger/claims.csv": claims,
        "ledger/measures.csv": MEASURES,
        "ledger/settings.csv": "name,value,checked_on,file\nmessage notification,off,2026-04-01,\n",
        "evidence/measures/check.pdf": b"%PDF-1.4",
        "evidence/measures/drop.pdf": b"%PDF-1.4",
        "appeals/2026-01/sent.md": "Nothing that is alike.",
    }
    settings = 'name = "Kettles"\ncategories = ["kitchen"]\n'
    folder = make_store(root / "kettles", files, settings)
    theirs = {"exports/orders.txt": orders_file([order(77, "2026-03-03")])}
    other = make_store(root / "lamps", theirs, 'name = "Lamps and More"\n')
    toml = other / "store.toml"
    toml.write_text(toml.read_text().replace('"small"', '"lamps"'))
    return odr.build_facts(odr.read_store(folder, "2026-04-30"))


def ids(facts, plan: str) -> set[str]:
    return {one.id for one in check_poa(plan, facts).findings}


def verdicts(facts, plan: str, text: str) -> list[str]:
    return [one.verdict for one in check_poa(plan, facts).statements if one.text == text]


def test_the_plan_of_these_tests_is_clean(facts):
    checked = check_poa(PLAN, facts)

    assert [] == [(one.id, one.message) for one in checked.findings]
    assert checked.clean


CHANGES = [
    ("3 A-to-z claims", "4 A-to-z claims", "poa-contradicted"),
    ("3 of 12 orders", "3 of 19 orders", "poa-contradicted"),
    ("15 April 2026", "31 April 2026", "poa-contradicted"),
    ("On 20 March", "On 22 March", "poa-contradicted"),
    (order_id(5), order_id(6), "poa-order-not-defective"),
    (order_id(5), order_id(6), "poa-order-missing"),
    (order_id(5), order_id(99), "poa-order-unknown"),
    (order_id(5), order_id(77), "poa-order-of-another-store"),
    ("Store: Kettles", "Store: Lamps and More", "poa-wrong-store"),
    ("Store: Kettles", "Store: Lamps and More", "poa-other-store-named"),
    ("Store: Kettles", "Title: Some", "poa-store-not-named"),
    ("we replaced", "we will replace", "poa-corrective-not-done"),
    ("On 20 March 2026 we", "We", "poa-corrective-without-date"),
    ("### Preventive action", "### Closing", "poa-part-missing"),
    ("Since 21 March 2026 the", "From 10 May 2026 a second carton supplier under contract; the",
     "poa-planned-as-done"),
    (", weekly", "", "poa-preventive-without-frequency"),
    ("(check.pdf)", "(picture.png)", "poa-record-unknown"),
    ("The cartons were too thin", "It was human error", "poa-cause-ends-outside"),
    ("The cartons were too thin", "The buyer is lying", "poa-blame"),
    ("The cartons were too thin", "We will do our best", "poa-vague"),
    ("The cartons were too thin", "We beg you", "poa-emotional"),
    ("The cartons were too thin", "Customer satisfaction is our top priority",
     "poa-template-phrase"),
    ("The cartons were too thin", "We refunded 20 EUR", "poa-wrong-currency"),
    ("The cartons were too thin", "Seen on Amazon.de", "poa-other-site"),
    ("The cartons were too thin", "Our Rückbuchung rate rose", "poa-term-of-another-site"),
    ("The cartons were too thin", "[to be filled: the cause]", "poa-blank-left"),
    ("The record is", "We answer each message within 24 hours. The record is",
     "poa-setting-contradicts"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "finding"), CHANGES)
def test_each_fault_has_its_finding(facts, old, new, finding):
    assert old in PLAN
    assert finding in ids(facts, PLAN.replace(old, new))


def test_blame_is_allowed_with_amazons_decision(facts):
    said = f"The carrier's error is settled: Amazon denied the claim of order \
{order_id(11)}, decision attached."

    assert "poa-blame" not in ids(facts, PLAN.replace("The cartons were too thin", said))


def test_an_apology_is_no_fault_beside_a_dated_action(facts):
    sorry = PLAN.replace("The cartons were too thin", "We apologise, the cartons were too thin")

    assert "poa-apology-only" not in ids(facts, sorry)
    assert "poa-apology-only" in ids(facts, sorry.replace("On 20 March 2026 we", "We"))


def test_a_plan_in_another_language_is_told(facts):
    german = "Wir haben die Kartons durch neue ersetzt und die Anweisung für das Lager geändert."

    assert "poa-wrong-language" in ids(facts, german)
    assert "poa-mixed-language" in ids(
        facts, PLAN.replace("## Appendix", f"{german}\n\n## Appendix")
    )


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("3", "supported"), ("three", "supported"), ("four", "contradicted"), ("4", "contradicted")],
)
def test_a_number_beside_a_noun_is_judged_by_that_noun(facts, said, verdict):
    plan = PLAN.replace("3 A-to-z claims", f"{said} A-to-z claims")

    assert verdict in verdicts(facts, plan, said)


@pytest.mark.parametrize(
    "day",
    ["20 March 2026", "March 20, 2026", "2026-03-20", "2026/03/20", "2026年3月20日",
     "20. März 2026",
     "03/20/2026", "20 de marzo de 2026", "20 mars 2026", "20 marzo 2026"],
)  # fmt: skip
def test_a_day_is_read_in_every_form(facts, day):
    plan = PLAN.replace("On 20 March 2026", f"On {day}")

    assert ["supported"] == verdicts(facts, plan, day)


def test_a_statement_has_its_line_and_column(facts):
    found = [one for one in check_poa(PLAN, facts).statements if one.text == "12"]

    line = PLAN.split("\n")[found[0].line - 1]
    assert "12" == line[found[0].column - 1 :][:2]


def test_word_text_and_pdf_are_read_as_markdown_is(facts, tmp_path):
    document = Document()
    for line in PLAN.split("\n"):
        level = len(line) - len(line.lstrip("#"))
        if level:
            document.add_heading(line.lstrip("# "), level)
        elif line:
            document.add_paragraph(line)
    document.save(tmp_path / "plan.docx")
    (tmp_path / "plan.txt").write_text(re.sub(r"^#+ ", "", PLAN, flags=re.MULTILINE))

    expected = [(one.text, one.verdict) for one in check_poa(PLAN, facts).statements]
    for name in ("plan.docx", "plan.txt"):
        checked = check_poa(tmp_path / name, facts)

        assert expected == [(one.text, one.verdict) for one in checked.statements]
        assert [] == [one.message for one in checked.findings]


@pytest.mark.parametrize(("name", "data"), [("a.docx", b"PK"), ("a.pdf", b"%PDF-"), ("a.exe", b"")])
def test_what_cannot_be_read_is_refused(facts, tmp_path, name, data):
    (tmp_path / name).write_bytes(data)

    with pytest.raises(BadParameter):
        check_poa(tmp_path / name, facts)


def test_a_file_that_is_not_there_is_refused(facts, tmp_path):
    with pytest.raises(BadParameter, match="no such file"):
        check_poa(tmp_path / "none.md", facts)


LONG = (
    "The cartons that our supplier sent in spring had walls of three layers instead of five, and "
    "nobody at the incoming goods desk measured them because the form had no line for it."
)


def test_a_copied_run_is_told_with_its_words():
    found = copied(f"One thing first. {LONG}", f"Dear team, {LONG} Regards.")

    assert found.alarms
    assert "had walls of three layers instead of five" in found.run


def test_two_honest_plans_on_one_cause_do_not_alarm():
    other = (
        "In April our supplier delivered boxes with three layers; at goods receipt we did not "
        "measure the thickness, since our checklist did not mention it."
    )

    assert not copied(LONG, other).alarms


def test_a_plan_copied_from_the_archive_is_told(facts):
    archive = facts.store.folder / "appeals" / "2026-01" / "sent.md"
    archive.write_text(LONG, encoding="utf-8")

    assert "poa-copied" in ids(facts, PLAN.replace("The cartons were too thin", LONG))
    assert "poa-copied" not in ids(facts, PLAN)


def test_the_json_has_the_form_of_the_contract(facts):
    said = check_poa(PLAN, facts).as_dict()

    assert {"schema_version", "draft", "store", "language", "statements", "findings"} == said.keys()
    assert {"text", "kind", "verdict", "fact", "place"} == said["statements"][0].keys()
