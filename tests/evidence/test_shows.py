"""What a text shows, in the words of carriers and people; and that no text takes long."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.evidence import rules
from odrlib.evidence.moments import moments
from odrlib.evidence.shows import order_ids, read_shows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuesday, October 15, 2026 at 2:05 pm", "2026-10-15T14:05:00"),
        ("15. Oktober 2026, 14:05 Uhr", "2026-10-15T14:05:00"),
        ("2026-10-15T06:09:19+02:00", "2026-10-15T04:09:19"),
        ("2026年10月15日 09:05", "2026-10-15T09:05:00"),
        ("15 octobre 2026 à 14:05", None),
        ("10/15/2026", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(text, expected):
    (found,) = moments(text)

    assert date(2026, 10, 15) == found.day
    assert expected == (found.clock and found.clock.isoformat())


def test_a_date_that_can_be_two_days_is_both():
    (found,) = moments("03/04/2026", "mdy")

    assert (date(2026, 3, 4), date(2026, 4, 3)) == found.days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tracking Number:\n9400 1112 0108 0805 4830 16\n", {"9400111201080805483016"}),
        ("Tracking #: 1Z 640 806 60 1952 8711", {"1Z6408066019528711"}),
        ("Sendungsnummer 00340434161094042557", {"00340434161094042557"}),
        ("お問い合わせ番号 4711-8935-0541", {"471189350541"}),
        ("运单号：LZ123456785CN", {"LZ123456785CN"}),
        ("tracking number is RB 123 456 785 GB", {"RB123456785GB"}),
        ("Tracking 2026-10-15 06:09 delivered", set()),
        ("call 0049 30 1234567890", set()),
        ("Tracking of order 114-1234567-1234567", set()),
    ],
)
def test_what_a_text_calls_a_tracking_number(text, expected):
    assert expected == read_shows(text).labelled


@pytest.mark.parametrize(
    ("text", "site", "expected"),
    [
        ("Delivered: 10/15/2026 2:05 pm", "US", "2026-10-15"),
        ("Your item was delivered at the door at 2:05 pm on October 15, 2026", "US", "2026-10-15"),
        ("2026-10-15 06:09 Delivered, front door", "US", "2026-10-15"),
        ("Delivered\n15 October 2026", "UK", "2026-10-15"),
        ("Zustellung am 15.10.2026, 14:05 Uhr", "DE", "2026-10-15"),
        ("配達完了 2026/10/15 09:05", "JP", "2026-10-15"),
        ("已签收 2026-10-15 09:05", "US", "2026-10-15"),
        ("Livré le 15 octobre 2026", "FR", "2026-10-15"),
    ],
)
def test_the_day_of_delivery(text, site, expected):
    (days,) = read_shows(text, site).delivered

    assert expected == days[0].isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "Estimated to be delivered 10/15/2026",
        "Out for delivery 10/15/2026",
        "Not delivered 10/15/2026",
        "Undelivered 10/15/2026",
        "Voraussichtlich zugestellt: 15.10.2026",
        "预计签收 2026-10-15",
    ],
)
def test_what_is_not_yet_delivered_has_no_day_of_delivery(text):
    assert () == read_shows(text).delivered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signed by: A. PLANTED", True),
        ("Received by\nPLANTED", True),
        ("Empfangen von: MUSTERFRAU", True),
        ("受領者 山田", True),
        ("签收人：王", True),
        ("Signed by:\nAddress: 1 Main Street", None),
        ("Signature: none", False),
        ("Signature not required", False),
        ("Driver release. Left at front door", False),
        ("ohne Unterschrift abgelegt", False),
        ("置き配", False),
        ("Delivered", None),
    ],
)
def test_a_signature_is_there_or_denied_or_not_spoken_of(text, expected):
    assert expected is read_shows(text).signed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Delivered to: 12 Main Street, Springfield", True),
        ("SPRINGFIELD, IL 62704", True),
        ("Lieferadresse: Hauptstraße 12, 10115 Berlin", True),
        ("お届け先 東京都渋谷区神宮前1丁目", True),
        ("收件地址：浙江省杭州市文一路 12 号", True),
        ("10 rue de la Paix, Paris", True),
        ("SW1A 1AA London", True),
        ("Via Roma 12, Milano", True),
        ("Delivered to front door", False),
        ("Delivered to the reception", False),
        ("Address:", False),
        ("Proof of delivery 2026-10-15", False),
    ],
)
def test_an_address_is_a_fact_and_not_a_text(text, expected):
    assert expected is read_shows(text).address


@pytest.mark.parametrize(
    ("text", "site", "expected"),
    [
        ("Refund total: $1,031.50", "US", (1031.5, "")),
        ("Erstattung 1.031,50 € am 3.10.2026", "DE", (1031.5, "EUR")),
        ("返金 ¥8,980", "JP", (8980.0, "")),
        ("2026-10-25 refund of 31.00 for order 111-6324810-1201869", "US", (31.0, "")),
        ("USD 19.90 refunded", "US", (19.9, "USD")),
    ],
)
def test_amounts(text, site, expected):
    assert (expected,) == read_shows(text, site).money


def test_who_wrote_when():
    text = "2026-05-10 09:00 Käufer: Wo?\n10.05.2026 14:30 Verkäufer: Hier.\n2026-05-11 system: ok"
    turns = read_shows(text, "DE").turns

    assert ["buyer", "seller", "automatic"] == [turn.who for turn in turns]
    assert [9, 14, None] == [turn.at and turn.at.hour for turn in turns]


def test_an_order_id_is_found_in_text_and_name():
    assert {"114-1234567-1234567"} == order_ids("pod_114-1234567-1234567_1.pdf")
    assert frozenset() == order_ids("1114-1234567-12345678")


@pytest.mark.parametrize(
    ("kinds", "topic", "expected"),
    [
        (["claim"], "NR", {"logistics", "communication", "remedy"}),
        (["claim"], None, {"logistics", "communication", "remedy"}),
        (["claim"], "DP", {"communication", "remedy"}),
        (["chargeback"], "NR", {"logistics", "communication"}),
        (["chargeback"], "CS", {"communication", "remedy"}),
        (["negative_feedback"], "CS", {"communication", "remedy"}),
        (["chargeback", "negative_feedback"], "NR", {"logistics", "communication", "remedy"}),
        ([], "NR", set()),
    ],
)
def test_what_a_defect_needs(kinds, topic, expected):
    assert expected == set(rules.needed(kinds, topic))


def test_every_kind_and_topic_has_a_rule_with_its_source():
    topics = ("NR", "DI", "DP", "CS", "DQ", "OT", None)
    kinds = ("claim", "chargeback", "negative_feedback")

    assert all(rules.needed([kind], topic) for kind in kinds for topic in topics)
    assert all(row["source"] and row["checked"] for row in rules.data("rules")["needs"])


HOSTILE = ["tracking ", "1z ", "signed by: \n", "a.a-", "9", "9 ", "delivered 12 st ", "市区路",
           "$1,000,", "\n", "2026-10-10 buyer: ", "via a ", "1 a a a a ", "\u202e\x00"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece):
    start = time.perf_counter()
    read_shows(piece * (40_000 // len(piece)))

    assert time.perf_counter() - start < 10


@given(st.text(max_size=400))
def test_any_text_shows_something_or_nothing(text):
    shown = read_shows(text)

    assert shown.labelled <= shown.numbers
    assert all(len(days) >= 1 for days in shown.delivered)
