"""One small story per category: what happened to one order, and what it is called."""

from __future__ import annotations

import pandas as pd
import pytest

from odrlib.categories import Records, categorise
from odrlib.causes import Cause
from tests.categories.little import (
    NOT_DELIVERED,
    days,
    events,
    messages,
    moments,
    orders,
    reasons,
    returns,
    story,
)

MAIL = {"tracked": False, "carrier": "China Post", "ship_service": "Ordinary Mail"} | {
    "delivered_at": None,
    "tracking_state": None,
    "first_scan_at": None,
}


def told(row: dict) -> tuple[str, str]:
    return row["category"], row["certainty"]


def cause(*order_ids: str, **where: str) -> Cause:
    return Cause(
        where=where,
        orders=40,
        defective=9,
        expected=1.0,
        excess=8.0,
        low=3.0,
        high=15.0,
        rate=0.2,
        rate_elsewhere=0.01,
        p_value=1e-6,
        q_value=1e-4,
        order_ids=order_ids,
    )


def test_untracked_and_not_received_is_r01_and_says_so():
    row = story("T-INR", on="2026-03-17", **MAIL)

    assert ("R01", "strong") == told(row)
    assert (
        "complaint: not received",
        "tracked to the door: no",
        "service: Ordinary Mail",
        "carrier: China Post",
        "claim 9 days after the promised delivery",
    ) == row["shows"]
    assert "NR" == row["topic"]


def test_untracked_is_no_cause_of_a_broken_kettle():
    assert ("R08", "weak") == told(story("T-DEF", **MAIL))


def test_amazons_own_parcels_are_not_our_untracked_mail():
    row = story("T-INR", channel="afn", **MAIL)

    assert ("R27", "none") == told(row)
    assert "shipped-by-amazon" in row["missing"]


def test_late_by_the_carrier_though_handed_over_in_time_is_r02():
    row = story("T-LATE", delivered_at="2026-03-11 12:00")

    assert ("R02", "likely") == told(row)
    assert "delivered 3 days after the promised day" in row["shows"]


def test_lost_on_the_way_is_r02():
    lost = NOT_DELIVERED | {"tracking_state": "lost"}

    assert ("R02", "likely") == told(story("T-INR", **lost))


def test_first_scanned_long_after_the_confirmation_and_the_promise_is_r03():
    row = story("T-LATE", first_scan_at="2026-03-06 12:00", delivered_at="2026-03-10 12:00")

    assert ("R03", "strong") == told(row)
    assert (
        "first scan 36 hours after the promised ship time, 3 days after the confirmation"
    ) in row["shows"]
    assert "confirmed in time: yes" in row["shows"]


def test_a_late_hand_over_that_arrived_in_time_is_spoken_against():
    row = story("T-LATE", shipped_at="2026-03-05 12:00", first_scan_at="2026-03-05 18:00")

    assert ("R03", "likely") == told(row)
    assert ("delivered by the promised day: yes",) == row["conflicts"]


def test_delivered_a_few_days_before_the_claim_is_r04_and_a_signature_speaks_against_it():
    signed = pd.DataFrame({"order_id": ["o0"], "signed": pd.array([True], dtype="boolean")})
    plain = story("T-INR", on="2026-03-09")
    against = story("T-INR", on="2026-03-09", records=Records(shipments=signed))

    assert ("R04", "strong") == told(plain)
    assert "claim 3 days after the delivery" in plain["shows"]
    assert ("R04", "likely") == told(against)
    assert ("signed for: yes",) == against["conflicts"]


def test_broken_within_three_days_of_the_delivery_is_r05_and_later_only_by_the_words():
    assert ("R05", "strong") == told(story("T-DMG", on="2026-03-08"))
    assert ("R05", "weak") == told(story("T-DMG", on="2026-03-20"))


def test_the_first_trouble_counts_not_the_day_of_the_claim():
    asked = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-07 10:00", "seller"))

    row = story("T-DMG", on="2026-03-20", records=Records(messages=asked))

    assert ("R05", "strong") == told(row)
    assert "first complaint 1 day after the delivery" in row["shows"]


def test_damaged_by_carrier_as_the_return_says_is_r05():
    back = Records(returns=returns(reason="CR-DAMAGED_BY_CARRIER", requested_on="2026-03-20"))

    assert ("R05", "likely") == told(story("T-DMG", on="2026-03-20", records=back))


def test_three_wrong_items_of_one_warehouse_and_day_are_r06():
    swapped = [
        {"negative_feedback": True, "arrived_on": "2026-03-12", "warehouse": "W"} for _ in range(4)
    ]
    others = [
        {"warehouse": f"W{number % 3}", "shipped_at": f"2026-03-{number % 28 + 1:02} 12:00"}
        for number in range(300)
    ]
    table = orders(*swapped, *others)
    answer = categorise(table, reasons({f"o{number}": ("T-WRONG",) for number in range(4)}))

    assert {"R06"} == set(answer["category"])
    assert {"strong"} == set(answer["certainty"])
    assert (
        "4 of 4 such complaints are of warehouse W and ship day 3 March 2026, "
        "where 0.1 would be expected"
    ) == answer["shows"][0][1]


def test_switcheroo_is_r06_and_missing_parts_r07_by_their_codes():
    wrong = Records(returns=returns(reason="SWITCHEROO"))
    short = Records(returns=returns(reason="CR-MISSING_PARTS"))

    assert ("R06", "likely") == told(story("T-WRONG", records=wrong))
    assert ("R07", "likely") == told(story("T-MISS", records=short))
    assert ("R07", "weak") == told(story("T-MISS"))


def test_a_noted_lot_of_this_sku_before_the_order_makes_r08_strong():
    lot = events(("2026-02-20", "lot", "Lot 7 received", "sku", "KETTLE"))
    row = story("T-DEF", records=Records(events=lot))

    assert ("R08", "strong") == told(row)
    assert "20 February 2026: Lot 7 received" in row["shows"]


@pytest.mark.parametrize(
    "event",
    [
        ("2026-03-03", "lot", "Lot 8 received", "sku", "KETTLE"),
        ("2026-02-20", "lot", "Lot 7 received", "sku", "TEAPOT"),
        ("2026-02-20", "lot", "Lots of things received", None, None),
        ("2025-06-01", "lot", "Lot 1 received", "sku", "KETTLE"),
        ("2026-02-20", "weather", "Storm", "sku", "KETTLE"),
    ],
    ids=["after the order", "another SKU", "of no SKU", "long ago", "another kind"],
)
def test_an_event_that_cannot_have_done_it_is_no_evidence(event):
    assert ("R08", "weak") == told(story("T-DEF", records=Records(events=events(event))))


def test_an_event_may_name_the_day_of_the_orders_that_it_concerns():
    lot = events(("2026-02-20", "lot", "Lot 7 received", "day", "2026-03-02"))

    assert ("R08", "strong") == told(story("T-DEF", records=Records(events=lot)))


def test_a_named_cause_of_the_sku_makes_r08_strong_also_for_what_broke():
    named = Records(causes=[cause("o0", sku="KETTLE")])
    row = story("T-DMG", on="2026-03-08", records=named)

    assert ("R08", "strong") == told(row)
    assert ("R05",) == row["also"]
    assert ("named cause “SKU KETTLE”: 9 of 40 orders defective, 1.0 expected") in row["shows"]


def test_a_listing_edited_before_the_order_is_r09():
    edit = events(("2026-02-25", "listing", "New title", "asin", "B0KETTLE"))

    assert ("R09", "strong") == told(story("T-NAD", records=Records(events=edit)))


def test_returned_as_too_small_nine_times_and_once_as_too_large_is_r10():
    codes = ["CR-APPAREL_TOO_SMALL"] * 12 + ["AMZ-PG-APP-TOO-LARGE"]
    back = pd.concat([returns(order_id=f"x{n}", reason=code) for n, code in enumerate(codes)])
    row = story("T-SIZE", records=Records(returns=back))

    assert ("R10", "strong") == told(row)
    assert "KETTLE came back as too small 12 times and as too large 1 times" in row["shows"]


def test_not_compatible_is_r11_and_hard_to_install_with_many_messages_r12():
    code = Records(returns=returns(reason="PART_NOT_COMPATIBLE"))
    talk = messages(
        *(("o0", f"2026-03-0{day} 09:00", who) for day in (7, 8) for who in ("buyer", "seller"))
    )

    assert ("R11", "likely") == told(story("T-COMPAT", records=code))
    assert ("R12", "strong") == told(story("T-INSTALL", records=Records(messages=talk)))


def test_an_answer_after_two_days_is_r13_and_a_quick_one_speaks_against_it():
    slow = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-09 09:00", "seller"))
    quick = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-07 12:00", "seller"))
    late = story("T-SERVICE", records=Records(messages=slow))
    answered = story("T-SERVICE", records=Records(messages=quick))

    assert ("R13", "strong") == told(late)
    assert "buyer waited 2 days for an answer" in late["shows"]
    assert ("R13", "weak") == told(answered)
    assert ("buyer waited 3 hours for an answer",) == answered["conflicts"]


def test_a_named_cause_of_slow_answers_explains_what_is_called_not_received():
    slow = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-09 09:00", "seller"))
    named = [cause("o0", slow_answer="yes")]
    alone = story("T-INR", on="2026-03-11", records=Records(messages=slow))
    beside = story("T-INR", on="2026-03-11", records=Records(messages=slow, causes=named))

    assert ("R04", "strong") == told(alone)
    assert ("R13",) == alone["also"]
    assert ("R13", "strong") == told(beside)


def test_a_refused_return_is_r14():
    refused = Records(returns=returns(status="Denied", in_policy=True))
    row = story("T-RETURN", records=refused)

    assert ("R14", "strong") == told(row)
    assert ("return refused: yes", "return within policy: yes") == row["shows"][1:]


def test_a_return_left_without_an_answer_is_r14():
    pending = Records(returns=returns(status="Pending", requested_on="2026-03-09"))
    row = story("T-RETURN", records=pending)

    assert ("R14", "strong") == told(row)
    assert "return request open for 5 days when the claim came" in row["shows"]


def test_a_refund_five_days_after_the_return_arrived_is_r15():
    paid = pd.DataFrame(
        {"order_id": ["o0"], "date": days("2026-03-15"), "kind": ["refund"], "amount": [20.0]}
    )
    back = returns(delivered_on="2026-03-10")
    row = story("T-REFUND", on="2026-03-20", records=Records(returns=back, costs=paid))

    assert ("R15", "strong") == told(row)
    assert "refunded 5 days after the return arrived" in row["shows"]


def test_no_refund_in_the_settlements_of_those_days_is_r15_but_without_them_unknown():
    back = returns(delivered_on="2026-03-10")
    money = pd.DataFrame(
        {
            "order_id": ["x", "y"],
            "type": ["Order", "Refund"],
            "amount": [9.0, -9.0],
            "posted_at": moments("2026-03-01", "2026-03-31"),
        }
    )
    unpaid = story("T-REFUND", on="2026-03-20", records=Records(returns=back, settlements=money))
    unknown = story("T-REFUND", on="2026-03-20", records=Records(returns=back))

    assert "not refunded 10 days after the return arrived" in unpaid["shows"]
    assert ("R15", "strong") == told(unpaid)
    assert ("R15", "weak") == told(unknown)


def test_half_of_the_value_refunded_is_r15():
    half = Records(returns=returns(refunded=10.0))

    assert "50% of the order's value refunded" in story("T-REFUND", records=half)["shows"]


def test_never_shipped_where_shipments_are_known_is_r16():
    nothing = {"shipped_at": None, "first_scan_at": None} | {
        "delivered_at": None,
        "tracking_state": None,
        "tracked": None,
    }
    known = orders(*({} for _ in range(9)), nothing)
    row = story("T-INR", records=Records(orders=known), **nothing)

    assert ("R16", "strong") == told(row)
    assert "not shipped, though promised before" in row["shows"]
    assert ("R27", "none") == told(story("T-INR", records=Records(orders=known[9:]), **nothing))


def test_charged_twice_by_the_networks_code_is_r17_and_fraud_r18():
    twice = pd.DataFrame(
        {"order_id": ["o0"], "reason_code": ["12.6.1"], "class_": [None], "filed_on": days(None)}
    ).astype({"class_": "str"})
    stolen = twice.assign(reason_code="10.4")

    assert ("R17", "strong") == told(
        story("T-CHARGE", kind="chargeback", records=Records(chargebacks=twice))
    )
    assert ("R18", "strong") == told(
        story("T-CHARGE", kind="chargeback", records=Records(chargebacks=stolen))
    )


def test_opened_before_stays_weak_though_units_of_the_sku_came_back():
    back = returns(order_id="x", requested_on="2026-02-20", status="Unit returned to inventory")
    row = story("T-USED", records=Records(returns=back))

    assert ("R19", "weak") == told(row)
    assert ("1 unit of the SKU came back, fit to be sold again, in the 30 days before") in row[
        "shows"
    ]


def test_customs_and_a_number_from_abroad_are_r20():
    abroad = {"carrier": "Yanwen", "tracking_number": "RB123456785CN"} | NOT_DELIVERED

    assert ("R20", "strong") == told(story("T-CUSTOMS", **abroad))
    assert ("R20", "weak") == told(story("T-CUSTOMS", **NOT_DELIVERED))


def test_back_to_the_sender_is_r21():
    row = story("T-INR", **NOT_DELIVERED | {"tracking_state": "returned"})

    assert ("R21", "strong") == told(row)
    assert "could not be handed over: yes" in row["shows"]


def test_a_number_with_a_wrong_check_digit_that_nobody_scanned_is_r24():
    wrong = {"carrier": "UPS", "tracking_number": "1Z5R89390357567120"}
    unseen = {"first_scan_at": None, "delivered_at": None, "tracking_state": "not_found"}

    assert ("R24", "strong") == told(story("T-INR", **wrong, **unseen))
    assert "R24" != story("T-INR", on="2026-03-09", **wrong)["category"]


def test_one_number_on_orders_of_two_states_is_r24():
    same = {"tracking_number": "X77"} | NOT_DELIVERED
    known = orders(same, same | {"state": "CA"})
    row = story("T-INR", records=Records(orders=known), **same)

    assert ("R24", "strong") == told(row)
    assert "one tracking number on 2 orders to 2 places" in row["shows"]


def test_two_orders_in_one_parcel_are_no_reused_number():
    same = {"tracking_number": "X77"} | NOT_DELIVERED
    known = orders(same, same)

    assert "R24" != story("T-INR", records=Records(orders=known), **same)["category"]


def test_delivered_before_it_was_shipped_is_r24_but_not_by_a_time_zone():
    early = {"delivered_at": "2026-03-01 09:00", "ordered_at": "2026-02-27 10:00"}
    hours = {"delivered_at": "2026-03-03 09:00"}

    assert "R24" == story("T-INR", **early)["category"]
    assert "R24" not in story("T-INR", **hours)["also"]
    assert "R24" != story("T-INR", **hours)["category"]


def test_feedback_on_the_product_only_or_on_amazons_delivery_is_r25():
    product = story("T-QUAL", kind="negative_feedback", flags={"product_only": True})
    delivery = story("T-LATE", kind="negative_feedback", channel="afn")

    assert ("R25", "likely") == told(product)
    assert ("R25", "strong") == told(delivery)
    assert "R25" != story("T-QUAL", flags={"product_only": True})["category"]


def test_another_seller_on_the_listing_is_r26():
    noted = events(("2026-02-25", "hijack", "Three new offers", "asin", "B0KETTLE"))

    assert ("R26", "strong") == told(story("T-WRONG", records=Records(events=noted)))
    assert ("R26", "weak") == told(story("T-FAKE"))


def test_what_nobody_tells_is_unexplained_and_says_what_would_decide_it():
    nothing = dict.fromkeys(
        ("tracked", "tracking_state", "delivered_at", "first_scan_at", "shipped_at", "carrier")
    )
    row = story("T-INR", on=None, **nothing)

    assert ("R27", "none") == told(row)
    assert "Unexplained" == row["title"]
    assert ("complaint: not received",) == row["shows"]
    assert (
        "no-day",
        "no-tracking",
        "no-delivery-scan",
        "no-first-scan",
        "no-messages",
    ) == row["missing"]


def test_a_change_of_mind_and_a_threat_are_no_cause():
    assert "R27" == story("T-REMORSE")["category"]
    assert "R27" == story("T-BLACKMAIL")["category"]


def test_danger_comes_first_whatever_else_is_surer():
    slow = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-09 09:00", "seller"))
    row = story("T-SAFETY", "T-SERVICE", records=Records(messages=slow))

    assert ("R08", "weak") == told(row)
    assert "the buyer speaks of harm or danger: look at it first" == row["shows"][0]
    assert "R13" in row["also"]


def test_evidence_beats_the_main_theme_alone():
    slow = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-09 09:00", "seller"))
    row = story("T-DEF", "T-SERVICE", records=Records(messages=slow))

    assert ("R13", "strong") == told(row)
    assert ("R08",) == row["also"]


def test_of_two_that_are_as_sure_the_main_theme_decides():
    slow = messages(("o0", "2026-03-07 09:00", "buyer"), ("o0", "2026-03-09 09:00", "seller"))
    row = story("T-DMG", "T-SERVICE", on="2026-03-09", records=Records(messages=slow))

    assert ("R05", "strong") == told(row)
    assert ("R13",) == row["also"]


def test_a_code_that_contradicts_the_text_makes_it_less_sure():
    row = story("T-INR", on="2026-03-09", flags={"contradiction": True})

    assert ("R04", "likely") == told(row)
    assert ("the reason code and the text contradict each other",) == row["conflicts"]


def test_silent_defects_are_explained_only_by_fields():
    mail = Records(causes=[cause("o0", carrier="China Post")])

    assert ("R01", "likely") == told(story(records=mail, **MAIL))
    assert ("R27", "none") == told(story(**MAIL))
    assert pd.isna(story(**MAIL)["theme"])
