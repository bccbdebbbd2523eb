"""Trackers: each of their states is one of ours, and delivered is only what they call so."""

import re

import pandas as pd

from odrlib import policy
from odrlib.exports.trackers import carriers, tracking_states

HEADER = "Tracking Number,Carrier,Status,Sub Status,Latest event time,Delivered time,Signed by\n"
MAIN_17TRACK = {
    "NotFound": "not_found",
    "InfoReceived": "label_only",
    "InTransit": "in_transit",
    "Expired": "expired",
    "AvailableForPickup": "pickup",
    "OutForDelivery": "out_for_delivery",
    "DeliveryFailure": "attempt_failed",
    "Delivered": "delivered",
    "Exception": "unknown",
}
CHINESE = ["查询不到", "收到信息", "运输途中", "运输过久", "到达待取", "派送途中"]
CHINESE += ["投递失败", "成功签收", "可能异常"]


def test_the_nine_states_of_17track_in_english_and_chinese():
    expected = list(MAIN_17TRACK.values())

    assert list(tracking_states(pd.Series(list(MAIN_17TRACK)))) == expected
    assert list(tracking_states(pd.Series(CHINESE))) == expected


def test_no_word_stands_for_two_states():
    states = {
        state: {re.sub(r"\W", "", word.casefold()) for word in words}
        for state, words in policy.table("tracking")["states"].items()
    }

    assert set(states) == set(policy.TRACKING_STATES)
    assert sum(map(len, states.values())) == len(set.union(*states.values()))


def test_the_sub_state_is_finer_than_the_state(read):
    reading = read(
        f"{HEADER}A1,UPS,Exception,Exception_Returned,,,\nA2,UPS,Exception,Exception_Other,,,\n"
        "A3,UPS,InTransit,,,,\n"
    )

    assert reading.frame["tracking_state"].tolist() == ["returned", "unknown", "in_transit"]


def test_the_last_event_is_the_delivery_only_of_a_delivered_parcel(read):
    reading = read(
        f"{HEADER}A1,UPS,Delivered,,2026-09-01 10:00,,\nA2,UPS,InTransit,,2026-09-01 10:00,,\n"
    )

    assert reading.frame["delivered_at"].notna().tolist() == [True, False]


def test_a_word_nobody_listed_is_unknown_and_never_delivered(read):
    reading = read(f"{HEADER}A1,UPS,Beamed up,,2026-09-01 10:00,,\n")

    assert reading.frame["tracking_state"].tolist() == ["unknown"]
    assert reading.frame["delivered_at"].isna().all()


def test_who_signed_is_not_kept_but_that_somebody_did(read):
    reading = read(f"{HEADER}A1,UPS,Delivered,,,2026-09-01,Jane Doe\nA2,UPS,Delivered,,,,\n")

    assert reading.frame["signed"].fillna(False).tolist() == [True, False]
    assert "Jane" not in repr(vars(reading))


def test_a_file_without_order_ids_keeps_its_rows_for_the_join_by_number(read):
    reading = read("Tracking Number,Status\nRB123456785CN,Delivered\n,Delivered\n")

    assert reading.frame["tracking_number"].tolist() == ["RB123456785CN"]
    assert reading.frame["order_id"].isna().all()
    assert reading.set_aside["reason"].tolist() == ["missing-value"]


def test_carriers_have_one_name_whatever_they_are_called():
    names = pd.Series(["21051", "usps", "USPS", "美国邮政", None])
    numbers = pd.Series([None, None, None, None, "9400111201080805483016"])

    assert set(carriers(names, numbers)) == {"USPS"}


def test_an_order_id_in_a_note_is_found_and_the_note_is_not_kept(read):
    reading = read(
        "Tracking Number,Order ID,Status,Remark\nA1,,Delivered,Jane Doe 113-1234567-1234567\n"
    )

    assert reading.frame["order_id"].tolist() == ["113-1234567-1234567"]
    assert "Jane" not in repr(vars(reading))
