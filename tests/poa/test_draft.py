"""The worksheet: facts per cause, every order once, nothing planned told as done."""

from __future__ import annotations

import io
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

import odrlib as odr
from odrlib.errors import BadParameter
from odrlib.poa import check_poa, draft_poa
from odrlib.poa.groups import cause_groups
from odrlib.poa.language import CODES, language
from odrlib.poa.measures import Measure
from odrlib.poa.replay import replay
from odrlib.poa.why import why_chain
from tests.stores import make_store, odr_file, order, orders_file

ORDER = re.compile(r"\d{3}-\d{7}-\d{7}")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Twelve orders, three of them defective, with one measure planned and one done."""
    rows = [order(n, f"2026-03-{n:02d}") for n in range(1, 13)]
    bad = [(rows[n]["amazon-order-id"], f"2026-03-{n + 1:02d}", "A") for n in (1, 4, 7)]
    measures = (
        "id,cause,kind,status,date,what,owner,frequency,threshold,artefact,setting\n"
        "A1,R27,corrective,done,2026-03-20,Stock checked,warehouse,,,check.pdf,\n"
    )
    files = {
        "exports/orders.txt": orders_file(rows),
        "exports/odr.csv": odr_file(bad),
        "ledger/measures.csv": measures,
        "evidence/measures/check.pdf": b"%PDF-1.4",
    }
    folder = make_store(tmp_path_factory.mktemp("small") / "store", files, 'name = "Kettles"\n')
    return odr.build_facts(odr.read_store(folder, "2026-04-30"))


def test_every_defective_order_stands_in_exactly_one_cause(stores):
    for scopes in stores.values():
        named = Counter(name for group in scopes.known.groups for name in group.order_ids)

        assert dict.fromkeys(scopes.known.defective_ids, 1) == dict(named)


@pytest.mark.parametrize("code", CODES)
def test_all_languages_have_the_same_plans_and_terms(code):
    ours, english = language(code), language("en")

    assert english.plans.keys() == ours.plans.keys()
    assert {k: v.keys() for k, v in english.terms.items()} == {
        k: v.keys() for k, v in ours.terms.items()
    }


@pytest.mark.parametrize("code", [*CODES, "zh"])
def test_a_plan_has_the_places_of_its_english_sister(code):
    places = re.compile(r"\{(\w+)\}")
    english = language("en").plans

    for name, plan in english.items():
        assert set(places.findall(plan)) == set(places.findall(language(code).plans[name])), name


def test_the_same_facts_give_the_same_bytes(small):
    assert draft_poa(small).docx() == draft_poa(small).docx()
    assert draft_poa(small).markdown() == draft_poa(small).markdown()


def test_the_word_file_has_the_chinese_in_a_column_of_its_own(small):
    table = Document(io.BytesIO(draft_poa(small).docx())).tables[0]

    assert ("Plan of Action", "行动计划（POA）工作表") == tuple(
        cell.text for cell in table.rows[1].cells
    )


@pytest.mark.parametrize("code", CODES)
def test_what_the_worksheet_says_is_supported_in_every_language(small, code):
    """Blanks are found; nothing else is wrong with the facts of a fresh worksheet."""
    checked = check_poa(draft_poa(small, code).markdown(), small)

    assert [] == [one for one in checked.statements if one.verdict != "supported"]
    assert "poa-blank-left" in {one.id for one in checked.findings}


def test_a_worksheet_in_an_unknown_language_is_refused(small):
    with pytest.raises(BadParameter, match="no language 'tlh'"):
        draft_poa(small, "tlh")


def test_a_planned_measure_is_never_worded_as_done(stores):
    text = draft_poa(odr.build_facts(odr.read_store(planned(stores)))).markdown()

    assert "Planned for 10 November 2026, not yet done: Lists of parcels" in text
    assert "On 10 November 2026 this was done" not in text


def planned(stores) -> Path:
    """The folder of the English store, with one more measure that is planned."""
    known = stores["en"].known
    path = known.store.folder / "ledger" / "measures.csv"
    cause = known.groups[0].category
    row = f"P1,{cause},preventive,planned,2026-11-10,Lists of parcels,lead,weekly,0.5 %,,\n"
    text = path.read_text(encoding="utf-8")
    if "P1," not in text:
        path.write_text(text.rstrip("\n") + "\n" + row, encoding="utf-8")
    return known.store.folder


def test_a_chain_of_why_ends_at_what_is_ours_or_at_a_blank(stores):
    for scopes in stores.values():
        known = scopes.known
        for group in known.groups:
            chain = why_chain(known.facts, group, known.measures)

            assert chain[-1].ours
            assert 2 <= len(chain) <= 5
            assert all(link.keys or link.blank for link in chain)


def test_an_event_that_does_not_say_what_happened_explains_nothing(stores, tmp_path):
    known = stores["en"].known
    told = [why_chain(known.facts, group, [])[-2] for group in known.groups]
    folder = shutil.copytree(known.store.folder, tmp_path / "store")
    (folder / "ledger" / "events.csv").write_text(
        "date,kind,what,column,value\n"
        + "".join(
            f"{row.date:%Y-%m-%d},{row.kind},,{row.column},{row.value}\n"
            for row in known.store.events.itertuples()
        ),
        encoding="utf-8",
    )
    mute = odr.build_facts(odr.read_store(folder))

    assert "why_event" in {link.plan for link in told}
    assert {"blank_event"} == {why_chain(mute, g, [])[-2].plan for g in cause_groups(mute)}


def test_of_two_events_of_one_day_no_name_of_a_file_decides(stores, tmp_path):
    known = stores["en"].known
    folder = shutil.copytree(known.store.folder, tmp_path / "store")
    told = []
    for names in (("events 1.csv", "events 2.csv"), ("events 2.csv", "events 1.csv")):
        for path in (folder / "ledger").glob("events*.csv"):
            path.unlink()
        for name, what in zip(names, ("switched", "changed"), strict=True):
            (folder / "ledger" / name).write_text(
                "date,kind,what,column,value\n"
                + "".join(
                    f"{row.date:%Y-%m-%d},{row.kind},{what},{row.column},{row.value}\n"
                    for row in known.store.events.itertuples()
                ),
                encoding="utf-8",
            )
        facts = odr.build_facts(odr.read_store(folder))
        told.append([why_chain(facts, group, [])[-2] for group in cause_groups(facts)])

    assert "why_event" in {link.plan for link in told[0]}
    assert told[0] == told[1]


def measure(threshold: str) -> Measure:
    return Measure("P", "R01", "preventive", "done", None, "", "", "", threshold, "", (), (), 2)


def test_only_tracked_services_stops_the_untracked_orders(stores):
    known = stores["en"].known
    group = next(group for group in known.groups if group.category == "R01")
    untracked = int(group.orders["tracked"].eq(False).sum())

    tried = replay(measure("only tracked services"), group.orders, known.store)
    assert (untracked, len(group.orders)) == (tried.stopped, tried.of)


def test_an_unknown_order_is_never_counted_as_stopped(small):
    """Nothing tells how these orders were sent."""
    orders = cause_groups(small)[0].orders
    tried = replay(measure("only tracked services"), orders, small.store)

    assert (0, 3, 3) == (tried.stopped, tried.of, tried.unknown)


def test_a_measure_without_a_readable_rule_is_not_back_tested(small):
    orders = cause_groups(small)[0].orders

    assert replay(measure("as good as we can"), orders, small.store) is None
    assert replay(measure("without sku KETTLE"), orders, small.store).stopped == 3


def test_what_steers_a_terminal_is_a_sign_in_the_worksheet_and_stops_no_word_file(small):
    title = "\x1b[2J\x9b31m\u202e\uffff"
    settings = replace(small.store.settings, name=title)
    sheet = draft_poa(replace(small, store=replace(small.store, settings=settings)))

    table = Document(io.BytesIO(sheet.docx())).tables[0]
    assert any("\u241b[2J" in cell.text for row in table.rows for cell in row.cells)
    assert not set("\x1b\x9b\u202e\uffff") & set(sheet.markdown())
