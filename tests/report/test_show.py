"""What a notebook cell shows: data as JSON for the report, and readable HTML for JupyterLab."""

import json

import pandas as pd
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.finding import Finding, Place
from odrlib.languages import speaking
from odrlib.report import media, show, style

TABLE = "application/vnd.odrlib.table+json"


def columns(shown):
    return {column["name"]: column for column in shown.data["columns"]}


def test_numbers_keep_their_value_beside_their_text():
    frame = pd.DataFrame({"sku": ["A", "B"], "orders": [1_200, 7], "rate": [0.0125, None]})

    shown = columns(show.table(frame, "SKUs", formats={"rate": ".2%"}))

    assert shown["orders"]["text"] == ["1,200", "7"]
    assert shown["orders"]["sort"] == [1200, 7]
    assert shown["rate"]["text"] == ["1.25%", "–"]
    assert shown["rate"]["sort"] == [0.0125, None]
    assert "sort" not in shown["sku"]


def test_days_and_moments_and_flags_read_as_people_write_them():
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2026-02-28", None]),
            "at": pd.to_datetime(["2026-02-28 13:05", "2026-03-01 00:00"], utc=True),
            "claim": pd.array([True, None], dtype="boolean"),
        }
    )

    shown = columns(show.table(frame, "Orders"))

    assert shown["day"]["text"] == ["2026-02-28", "–"]
    assert shown["at"]["text"] == ["2026-02-28 13:05", "2026-03-01 00:00"]
    assert shown["claim"]["text"] == ["yes", "–"]


def test_a_named_index_is_the_first_column_and_a_plain_one_is_not():
    counts = pd.Series([3], index=pd.Index(["USPS"], name="carrier"), name="defective")

    shown = show.table(counts.to_frame(), "Carriers")

    assert list(columns(shown)) == ["carrier", "defective"]
    assert list(columns(show.table(pd.DataFrame({"a": [1]}), "Plain"))) == ["a"]


def test_order_ids_become_links_alone_and_in_lists():
    frame = pd.DataFrame({"order_id": ["111-1"], "order_ids": [["111-1", "111-2"]]})

    shown = columns(show.table(frame, "Orders"))

    assert (shown["order_id"]["kind"], shown["order_ids"]["kind"]) == ("order", "orders")
    assert shown["order_ids"]["text"] == ["111-1 111-2"]


def test_no_orders_and_unknown_orders_are_no_links():
    frame = pd.DataFrame({"order_id": ["111-1", None], "order_ids": [[], ["111-1"]]})

    html = show.table(frame, "Orders")._repr_mimebundle_()["text/html"]

    assert html.count("<a ") == 2
    assert "0 orders" in html


def test_a_format_for_a_column_that_is_not_there_names_those_that_are():
    with pytest.raises(BadParameter, match="no column 'rates' in this table; it has rate"):
        show.table(pd.DataFrame({"rate": [0.1]}), "Rates", formats={"rates": ".1%"})


def test_an_empty_table_is_a_table():
    shown = show.table(pd.DataFrame({"order_id": [], "value": []}), "Nothing")

    assert shown.data["total"] == 0
    assert "No rows." in shown._repr_mimebundle_()["text/html"]


def test_lab_shows_few_rows_while_all_travel():
    frame = pd.DataFrame({"order_id": [f"111-{n}" for n in range(40)]})

    bundle = show.table(frame, "Orders")._repr_mimebundle_()

    assert bundle["text/html"].count("<tr>") == 1 + show.ROWS
    assert len(bundle[TABLE]["columns"][0]["text"]) == 40


def test_a_long_table_travels_in_part_and_says_so():
    frame = pd.DataFrame({"order_id": [f"111-{n}" for n in range(show.TRAVEL + 7)]})

    shown = show.table(frame, "Orders")

    assert (shown.data["total"], shown.data["held"]) == (507, 500)
    assert len(shown.data["columns"][0]["text"]) == 500
    html = shown._repr_mimebundle_()["text/html"]
    assert "This page holds the first 500 of 507 rows; the files beside it hold them all." in html


def test_a_long_list_of_orders_travels_in_part_and_is_counted_whole():
    frame = pd.DataFrame({"order_ids": [[f"111-{n}" for n in range(1204)], ["111-1"]]})

    shown = show.table(frame, "Causes")

    assert shown.data["columns"][0]["sizes"] == [1204, 1]
    html = shown._repr_mimebundle_()["text/html"]
    assert "1,204 orders" in html
    assert html.count("<a ") == show.LISTED // 2 + 1


def test_what_a_cell_shows_reads_right_in_chinese():
    frame = pd.DataFrame({"order_ids": [["111-1", "111-2"]], "claim": [True]})

    with speaking("zh"):
        html = show.table(frame, "订单", rows=1)._repr_mimebundle_()["text/html"]
        said = show.say("第一句。", "", "第二句。").text

    assert "2 个订单" in html
    assert ">是<" in html.replace("\n", "")
    assert said == "第一句。第二句。"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_what_buyers_write_is_text(comment):
    """Whatever stands in a cell comes out as itself, and brings no element of its own."""
    plain = show.table(pd.DataFrame({"comment": ["a"]}), "Comments")._repr_mimebundle_()
    bundle = show.table(pd.DataFrame({"comment": [comment]}), "Comments")._repr_mimebundle_()

    assert bundle["text/html"].count("<") == plain["text/html"].count("<")
    assert bundle[TABLE]["columns"][0]["text"] == [comment]


def test_findings_come_worst_first_and_fold_when_many():
    many = [Finding("future-date", "warning", f"Row {n} is dated ahead.") for n in range(10)]
    error = Finding(
        "two-stores", "error", "Two sellers.", "Take one out.", Place("exports/a.txt", 9)
    )

    errors, warnings = show.findings([*many, error]).data["levels"]

    assert (errors["level"], errors["groups"][0]["id"]) == ("error", "two-stores")
    assert (warnings["level"], warnings["groups"][0]["id"]) == ("warning", "future-date")
    assert errors["groups"][0]["items"][0]["place"]["line"] == 9
    assert (len(warnings["groups"][0]["items"]), warnings["groups"][0]["more"]) == (8, 2)


def test_no_findings_say_so():
    assert "Nothing to report." in show.findings([])._repr_mimebundle_()["text/html"]


def test_a_figure_carries_its_words_and_no_template_of_plotly():
    fig = go.Figure(go.Bar(x=[1, 2], y=["a", "b"]))

    bundle = show.figure(fig, "B leads", "Two bars.", "Counted.", pd.DataFrame({"n": [1]}))
    bundle = bundle._repr_mimebundle_()

    about = bundle["application/vnd.odrlib.figure+json"]
    assert (about["title"], about["alt"], about["how"]) == ("B leads", "Two bars.", "Counted.")
    assert about["table"]["caption"] == "B leads"
    assert bundle[media.PLOTLY]["layout"]["template"] == style.LAB
    assert bundle[media.PLOTLY]["layout"]["title"] == {"text": "B leads"}


def test_a_verdict_leaves_empty_lists_out():
    card = show.Card("Amazon's rule", "over", "1.24%", "31 of 2,500 orders", "below 1%", "March")

    shown = show.verdict("Over.", [card], to_do=["Track."])

    assert [each["name"] for each in shown.data["lists"]] == ["to_do"]
    assert "Over the limit" in shown._repr_mimebundle_()["text/html"]


def test_everything_shown_is_json():
    card = show.Card("a", "unknown", "unknown", "", "", "", ["x"], (("claims", "1"),))
    found = Finding("id", "information", "m", order_ids=("1", "2"))

    for shown in (show.verdict("v", [card]), show.say("a", ""), show.findings([found]), show.end()):
        assert json.loads(json.dumps(shown.data)) == shown.data
