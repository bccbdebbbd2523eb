"""facts.json: its schema, its bytes, and that unknown is never healthy."""

import json
from datetime import date

import jsonschema
import pytest
from stores import feedback_file, make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib.facts import facts_json
from odrlib.languages import speaking
from odrlib.plain import csv_text

TODAY = date(2026, 11, 1)


def facts(folder, files, settings="", as_of=None):
    return odr.build_facts(odr.read_store(make_store(folder, files, settings), as_of, today=TODAY))


def month(count, *bad, flag="A"):
    """`count` orders on 1 March 2026, and an order defect download with the orders `bad`."""
    return {
        "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(count)]),
        "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", flag) for n in bad]),
    }


def part(found, profile="amazon", channel="all"):
    return found.as_dict()["profiles"][profile][channel]


STORES = {
    "over": (month(300, 1, 2, 3), "", "2026-03-20"),
    "no defects": (month(300), "", "2026-03-20"),
    "twelve orders": (month(12, 1), "", "2026-03-20"),
    "only feedback": (
        {
            "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(300)]),
            "exports/fb.txt": feedback_file([(order_id(1), 1, "3/9/26")]),
        },
        "",
        "2026-03-20",
    ),
    "nothing": ({}, "", "2026-03-20"),
    "orders only": ({"exports/orders.txt": orders_file([order(1, "2026-03-01")])}, "", None),
    "no orders": ({"exports/odr.csv": odr_file([(order_id(1), "2026-03-01", "A")])}, "", None),
    "typed figure": (
        month(300, 1, 2, 3),
        "[amazon]\norders = 301\ndefective = 3\nfirst = 2026-01-05\nlast = 2026-03-05\n",
        "2026-03-20",
    ),
}


@pytest.mark.parametrize("name", STORES)
def test_checks_find_the_same_whoever_asked_the_sources(tmp_path, name):
    files, settings, as_of = STORES[name]
    found = facts(tmp_path, files, settings, as_of)
    assert odr.check_tables(found.store) == found.quality


@pytest.mark.parametrize("name", STORES)
def test_every_store_gives_facts_that_fit_the_schema(tmp_path, name):
    files, settings, as_of = STORES[name]
    found = facts(tmp_path, files, settings, as_of)

    jsonschema.validate(json.loads(facts_json(found)), odr.facts_schema())


@pytest.mark.parametrize("name", STORES)
def test_the_same_input_gives_the_same_bytes(tmp_path, name):
    files, settings, as_of = STORES[name]

    assert facts_json(facts(tmp_path, files, settings, as_of)) == facts_json(
        facts(tmp_path, files, settings, as_of)
    )


def test_three_of_three_hundred_is_exactly_the_limit(tmp_path):
    found = facts(tmp_path, month(300, 1, 2, 3), as_of="2026-03-20")

    line = part(found)
    assert (300, 3, 0.01, "over") == tuple(
        line[k] for k in ("orders", "defective", "rate", "status")
    )
    assert (1, 0, 1) == tuple(
        line[k] for k in ("reversals_needed", "spare_defects", "good_orders_needed")
    )
    assert "under" == part(found, "brief")["status"]


def test_the_window_of_amazon_ends_where_the_typed_range_says(tmp_path):
    files, settings, as_of = STORES["typed figure"]
    window = facts(tmp_path, files, settings, as_of).as_dict()["profiles"]["amazon"]["window"]

    assert ("2026-01-05", "2026-03-05", 60, 15) == (
        window["first"],
        window["last"],
        window["days"],
        window["lag_days"],
    )


def test_the_briefs_window_on_the_first_of_june(tmp_path):
    found = facts(tmp_path, month(10), as_of="2026-06-01").as_dict()["profiles"]["brief"]["window"]

    assert ("2026-05-02", "2026-06-01") == (found["first"], found["last"])


def test_a_missing_kind_is_null_and_the_status_unknown(tmp_path):
    files, settings, as_of = STORES["only feedback"]
    line = part(facts(tmp_path, files, settings, as_of))

    assert (None, None, 1) == (line["claims"], line["chargebacks"], line["negative_feedback"])
    assert ("unknown", True) == (line["status"], line["at_least"])


def test_without_orders_everything_is_null(tmp_path):
    line = part(facts(tmp_path, STORES["no orders"][0]))

    assert (None, None, "unknown") == (line["orders"], line["rate"], line["status"])


def test_a_defect_without_an_order_makes_a_tight_rate_unknown(tmp_path):
    tight = part(facts(tmp_path / "tight", month(299, 1, 2, 999), as_of="2026-03-20"))
    roomy = part(facts(tmp_path / "roomy", month(900, 1, 2, 999), as_of="2026-03-20"))

    assert ("unknown", 1) == (tight["status"], tight["defects_without_order"])
    assert ("under", 1) == (roomy["status"], roomy["defects_without_order"])


def test_an_order_with_two_kinds_is_named(tmp_path):
    line = part(facts(tmp_path, month(300, 1, flag="AF"), as_of="2026-03-20"))

    assert (1, 1, 1) == (line["defective"], line["claims"], line["negative_feedback"])
    assert [order_id(1)] == line["orders_with_several_kinds"]


def test_files_are_written_with_every_defective_order(tmp_path):
    found = facts(tmp_path / "store", month(300, 1, 2, 3), as_of="2026-03-20")
    written = odr.write_facts(found, tmp_path / "out")
    lines = (tmp_path / "out" / "defects.csv").read_text(encoding="utf-8-sig").splitlines()

    assert [
        "facts.json",
        "defects.csv",
        "causes.csv",
        "categories.csv",
        "evidence.csv",
    ] == written["file"].tolist()
    assert [order_id(n) for n in (1, 2, 3)] == [line.split(",")[0] for line in lines[1:]]


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed():
    import pandas as pd

    table = pd.DataFrame({"sku": ["=cmd()", "+1", "@x", "-y", "safe"], "n": [-1, 2, 3, 4, 5]})

    assert "'=cmd(),-1" == csv_text(table).splitlines()[1]
    assert ["'+1,2", "'@x,3", "'-y,4", "safe,5"] == csv_text(table).splitlines()[2:]


# What facts.json says in words; everything else in it is a number or a code.
SAID = {
    *("title", "reason", "assumptions", "message", "to_do", "causes_reason", "said", "changed"),
    *("why", "shows", "says", "example", "scenario", "conflicts", "topic_title", "missing"),
    *(
        "ground",
        "suspect",
        "because",
        "fetch",
        "contradictions",
        "unknown",
        "notes",
        "where",
        "proof",
    ),
}


def in_codes(value):
    """A value of facts.json without what it says in words: sentences become their number."""
    if isinstance(value, dict):
        return {
            key: _without_words(one) if key in SAID else in_codes(one) for key, one in value.items()
        }
    return [in_codes(one) for one in value] if isinstance(value, list) else value


def _without_words(value):
    if isinstance(value, list):
        return [_without_words(one) for one in value]
    return "said" if isinstance(value, str) and value else in_codes(value)


@pytest.mark.parametrize("name", ["over", "no defects", "only feedback", "nothing", "typed figure"])
def test_facts_are_the_same_in_every_language_but_for_what_they_say(tmp_path, name):
    files, settings, as_of = STORES[name]
    told = {}
    for language in ("en", "zh"):
        store = make_store(tmp_path / language, files, settings)
        with speaking(language):
            read = odr.read_store(store, as_of, today=TODAY, language=language)
            told[language] = odr.build_facts(read).as_dict()

    assert in_codes(told["en"]) == in_codes(told["zh"])
    assert told["zh"]["profiles"]["amazon"]["title"] == "亚马逊规则"


def test_no_planted_buyer_is_in_the_facts(tmp_path):
    text = facts_json(facts(tmp_path, STORES["only feedback"][0], as_of="2026-03-20"))

    assert "PLANTED" not in text.upper()
