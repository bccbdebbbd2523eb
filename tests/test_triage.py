"""Triage: which defects can be taken off, by which way, until when."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from stores import odr_file, order, order_id, orders_file
from triage_stories import DAY, HEADERS, STORIES, chargeback, claim, files_of, parcel, told

import odrlib as odr
from odrlib.defects import verdicts
from odrlib.errors import BadParameter
from odrlib.languages import speaking
from odrlib.policy import table
from odrlib.reasons import classify_reasons, statements
from odrlib.triage import ROUTES, quiz_state, said, triage, triage_dict
from odrlib.triage.candidate import Condition, all_of
from odrlib.triage.routes import deadline_days

VERDICTS = ["yes", "unknown", "no", "not needed"]


@pytest.fixture(scope="module")
def traps(tmp_path_factory):
    """The triage of all stories in one store, by story."""
    _, _, found = told(tmp_path_factory.mktemp("traps"), files_of(STORIES))
    rows = found.set_index("order_id")
    return {story.name: rows.loc[order_id(n)] for n, story in enumerate(STORIES, start=1)}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_trap(story, traps):
    row = traps[story.name]

    assert (story.kind, story.route, story.verdict) == (row["kind"], row["route"], row["verdict"])


def test_the_confusion_matrix_of_the_traps_is_a_diagonal(traps):
    meant = pd.Series([story.verdict for story in STORIES], name="meant")
    found = pd.Series([traps[story.name]["verdict"] for story in STORIES], name="found")
    matrix = pd.crosstab(meant, found).reindex(index=VERDICTS, columns=VERDICTS, fill_value=0)
    right = {verdict: int((meant == verdict).sum()) for verdict in VERDICTS}

    assert right == {name: int(matrix.at[name, name]) for name in VERDICTS}
    assert len(STORIES) == int(matrix.to_numpy().sum())


def test_the_days_left_of_the_last_day_are_none(traps):
    names = ("decided 30 days ago", "decided 31 days ago", "chargeback, day 7", "chargeback, day 8")

    assert [0, -1, 0, -1] == [int(traps[name]["days_left"]) for name in names]


def test_each_condition_of_claims_protection_says_what_tells_it(traps):
    told_ = traps["protected in every way"]["conditions"]

    assert [
        ("about delivery", "yes", "claims.reason"),
        ("Claims Protected label", "yes", "deliveries.service"),
        ("first scan on time", "yes", "deliveries.first_scan_at, orders.promised_ship"),
        ("reimbursed by Amazon", "yes", "costs, settlements, claims.status"),
        ("in time", "yes", "claims.decided_on"),
    ] == [(one["name"], one["answer"], one["field"]) for one in told_]


def test_why_is_a_sentence(traps):
    says = {
        "product only": "The whole comment is about the product; in time until 8 June 2026.",
        "protected, confirmed on time, first scan late": "The carrier's first scan "
        "(23 February 2026, 08:00) is after the promised ship time (22 February 2026, 23:59).",
        "protected, the seller refunded before the decision": "The seller refunded the buyer "
        "himself on 15 March 2026, before the decision.",
        "decided 30 days ago": "Granted to the buyer; in time until 31 March 2026; Amazon weighs "
        "the proof.",
        "decided 31 days ago": "The time for it ended on 30 March 2026.",
        "debited but not counted": "It does not count: no effect on the ODR. The money was charged "
        "to the seller; that is another matter than the rate.",
        "Buy Shipping, confirmed on time, no scan told": "No file tells the carrier's first scan "
        "(a ship confirmation is not one).",
    }

    assert says == {name: traps[name]["why"] for name in says}


def test_money_and_rate_of_a_claim_are_two_facts(traps):
    names = ("debited but not counted", "funded by Amazon", "decided 30 days ago")

    assert [("seller", "no"), ("amazon", "no"), ("seller", "yes")] == [
        (traps[name]["charged_to"], traps[name]["odr_impact"]) for name in names
    ]


def test_the_buyer_may_always_be_asked_and_never_decides(traps):
    row = traps["product and service mixed"]
    buyer = row["also"][-1]

    assert "no" == row["verdict"]
    assert ("buyer's removal", "unknown", "2026-05-09") == (
        buyer["route"], buyer["verdict"], buyer["deadline"]
    )  # fmt: skip
    assert "never pay for it and never offer it against a refund" in buyer["why"]


def test_the_proof_fits_what_the_claim_is_about(traps):
    delivery, defect = traps["decided 30 days ago"], traps["protected, but the item is the matter"]

    assert delivery["proof"][0].startswith("the carrier's proof of delivery with the address")
    assert defect["proof"][0] == "the listing as it was on the order's day"


def test_no_buyers_word_is_in_the_table(traps):
    text = json.dumps([[str(value) for value in row] for row in traps.values()])
    private = ("555", "Scunthorpe", "Fucking", "dull", "planted")

    assert not [word for word in private if word in text]


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [("yes yes", "yes"), ("yes unknown", "unknown"), ("unknown no", "no"), ("yes no", "no")],
)
def test_unknown_never_becomes_yes(answers, verdict):
    conditions = [Condition("", answer, "", "") for answer in answers.split()]

    assert verdict == all_of(conditions)


@pytest.mark.parametrize(
    ("story", "certainty"),
    [
        ("protected in every way", "likely"),
        ("decided 30 days ago", "open"),
        ("decided 31 days ago", "certain"),
        ("product only", "likely"),
        ("product and service mixed", "likely"),
        ("product only, day 91", "likely"),
        ("nobody told when it was decided", "unknown"),
        ("withdrawn", "certain"),
    ],
)
def test_a_no_is_certain_by_a_rule_and_likely_by_our_reading(traps, story, certainty):
    assert certainty == traps[story]["certainty"]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("claims", claim(reason="")),
        ("claims", claim(decided="")),
        ("claims", claim(status="")),
        ("claims", claim(paid="")),
        ("deliveries", parcel("")),
        ("deliveries", parcel("Claims Protected", scan="")),
        ("deliveries", parcel("Claims Protected", ship_by="")),
    ],
    ids=["reason", "decided", "status", "who paid", "label", "first scan", "ship-by"],
)
def test_a_protected_claim_with_one_field_empty_is_not_a_yes(tmp_path, table, row):
    """Each field that a condition asks for is needed: what is unknown never becomes yes."""
    rows = {"claims": claim(), "deliveries": parcel("Claims Protected")} | {table: row}
    files = {"exports/orders.txt": orders_file([order(1, DAY)])} | {
        f"ledger/{name}.csv": f"{HEADERS[name]}\n{text.format(id=order_id(1))}\n"
        for name, text in rows.items()
    }
    _, _, found = told(tmp_path, files)
    best = found.iloc[0]
    ways = {best["route"]: best["verdict"]} | {way["route"]: way["verdict"] for way in best["also"]}

    assert "unknown" == ways["Claims Protection"]


def test_what_amazon_still_lists_is_less_certain_and_said(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(1, DAY)]),
        "exports/odr.csv": odr_file([(order_id(1), DAY, "A")]),
        "ledger/claims.csv": f"{HEADERS['claims']}\n"
        f"{claim(status='withdrawn', impact='no', paid='none').format(id=order_id(1))}\n",
    }
    _, _, found = told(tmp_path, files)

    assert ("not needed", "likely") == (found.iloc[0]["verdict"], found.iloc[0]["certainty"])
    assert found.iloc[0]["why"] == (
        "It does not count: withdrawn. Amazon's own download still lists it: ask Amazon to correct "
        "the list."
    )


# -- the rate after ------------------------------------------------------------------------------


def test_one_of_two_defects_of_an_order_does_not_move_amazons_rate(tmp_path):
    """Two defective orders of four: one has a claim and a chargeback, one a claim."""
    files = {
        "exports/orders.txt": orders_file([order(n, DAY) for n in range(1, 5)]),
        "ledger/claims.csv": "\n".join(
            [HEADERS["claims"], *(claim().format(id=order_id(n)) for n in (1, 2)), ""]
        ),
        "ledger/chargebacks.csv": f"{HEADERS['chargebacks']}\n"
        f"{chargeback().format(id=order_id(1))}\n",
    }
    store, _, found = told(tmp_path, files)
    rows = found.set_index(["order_id", "kind"])["odr_after"]

    assert 0.5 == rows[order_id(1), "claim"]
    assert 0.25 == rows[order_id(2), "claim"]
    judged = verdicts(store, "brief")
    wide = odr.Window(date(2026, 2, 1), date(2026, 3, 31))
    summed = triage(
        store,
        odr.defects_by_order(store, "brief", judged),
        judged,
        classify_reasons(statements(store)),
        profile="brief",
        window=wide,
    ).set_index(["order_id", "kind"])["odr_after"]

    assert 0.5 == summed[order_id(1), "claim"]


def test_an_order_that_left_the_window_needs_nothing_and_one_to_come_is_there(tmp_path):
    files = {
        "exports/orders.txt": orders_file(
            [order(1, "2025-12-01"), order(2, DAY), order(3, "2026-03-25")]
        ),
        "ledger/claims.csv": "\n".join(
            [HEADERS["claims"], *(claim().format(id=order_id(n)) for n in (1, 2, 3)), ""]
        ),
    }
    _, _, found = told(tmp_path, files)

    assert [(order_id(2), True, 0.0), (order_id(3), False, 1.0)] == [
        (row.order_id, row.in_window, row.odr_after) for row in found.itertuples()
    ]


def test_a_claim_whose_order_no_file_has_is_there_without_a_day(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(1, DAY)]),
        "ledger/claims.csv": f"{HEADERS['claims']}\n{claim().format(id=order_id(77))}\n",
    }
    _, _, found = told(tmp_path, files)

    assert [order_id(77)] == list(found["order_id"])
    assert found["day"].isna().all()
    assert found["in_window"].isna().all()


# -- parcels that are not one --------------------------------------------------------------------


def test_two_parcels_that_disagree_answer_nothing(tmp_path):
    rows = [
        parcel().replace("Protected,,", "Protected,A1,"),
        parcel(scan="2026-02-23T08:00:00Z").replace("Protected,,", "Protected,A2,"),
    ]
    files = {
        "exports/orders.txt": orders_file([order(1, DAY)]),
        "ledger/claims.csv": f"{HEADERS['claims']}\n{claim().format(id=order_id(1))}\n",
        "ledger/deliveries.csv": "\n".join(
            [HEADERS["deliveries"], *(row.format(id=order_id(1)).replace(
                "Ground Advantage, Claims Protected", "Claims Protected") for row in rows), ""]
        ),
    }  # fmt: skip
    _, _, found = told(tmp_path, files)
    also = next(way for way in found.iloc[0]["also"] if way["route"] == "Claims Protection")

    assert "unknown" == also["verdict"]
    assert "Not all of its parcels were scanned in time, or not all are told." == also["why"]


def test_a_settlements_refund_before_the_decision_forfeits_and_the_claims_own_does_not(tmp_path):
    head = (
        "settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\t"
        "currency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\t"
        "posted-date-time\tsku\n"
    )
    rows = [
        f"1\t\t\t\t\tUSD\t{kind}\t{order_id(n)}\tItemPrice\tPrincipal\t-20.00\t{on}\tKETTLE\n"
        for n, kind, on in (
            (1, "Refund", "2026-03-15 10:00:00 UTC"),
            (2, "A-to-z Guarantee Refund", "2026-03-15 10:00:00 UTC"),
        )
    ]
    files = {
        "exports/orders.txt": orders_file([order(n, DAY) for n in (1, 2)]),
        "exports/settlement.txt": head + "".join(rows),
        "ledger/claims.csv": "\n".join(
            [HEADERS["claims"], *(claim().format(id=order_id(n)) for n in (1, 2)), ""]
        ),
    }
    _, _, found = told(tmp_path, files)

    assert ["no", "yes"] == list(found.sort_values("order_id")["verdict"])


# -- days of the store ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "moment", "verdict", "left"),
    [
        ("America/Los_Angeles", datetime(2026, 4, 1, 6, 59, tzinfo=UTC), "yes", 0),
        ("America/Los_Angeles", datetime(2026, 4, 1, 7, 0, tzinfo=UTC), "no", -1),
        ("Asia/Tokyo", datetime(2026, 3, 31, 14, 59, tzinfo=UTC), "yes", 0),
        ("Asia/Tokyo", datetime(2026, 3, 31, 15, 0, tzinfo=UTC), "no", -1),
        ("UTC", datetime(2026, 3, 31, 23, 59, tzinfo=UTC), "yes", 0),
    ],
)
def test_the_last_day_ends_at_midnight_of_the_store(tmp_path, zone, moment, verdict, left):
    """Decided on 1 March: the 30th day is 31 March, there."""
    files = {
        "exports/orders.txt": orders_file([order(1, DAY)]),
        "ledger/claims.csv": f"{HEADERS['claims']}\n"
        f"{claim(decided='2026-03-01').format(id=order_id(1))}\n",
    }
    store, defects, _ = told(tmp_path, files, f'timezone = "{zone}"\n')
    found = triage(
        store, defects, verdicts(store), classify_reasons(statements(store)), as_of=moment
    ).iloc[0]

    assert (verdict, left) == (found["verdict"], found["days_left"])
    # The moment before the end is in time, the end itself is not.
    assert (moment < found["ends_at"]) == (verdict == "yes")


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Tokyo", "2026-03-02"), ("America/Los_Angeles", "2026-03-01")]
)
def test_a_decision_at_a_moment_is_of_the_stores_day(tmp_path, zone, day):
    files = {
        "exports/orders.txt": orders_file([order(1, DAY)]),
        "ledger/claims.csv": f"{HEADERS['claims']}\n"
        f"{claim(decided='2026-03-01T20:00:00Z').format(id=order_id(1))}\n",
    }
    _, _, found = told(tmp_path, files, f'timezone = "{zone}"\n')

    assert pd.Timestamp(day) + pd.Timedelta(days=30) == found.iloc[0]["deadline"]


@pytest.mark.parametrize(
    ("zone", "scan", "verdict"),
    [
        ("America/Los_Angeles", "2026-02-23T07:59:00Z", "yes"),
        ("America/Los_Angeles", "2026-02-23T08:01:00Z", "no"),
        ("Asia/Tokyo", "2026-02-22T14:59:00Z", "yes"),
        ("Asia/Tokyo", "2026-02-22T15:01:00Z", "no"),
    ],
)
def test_a_ship_day_without_a_time_ends_at_midnight_of_the_store(tmp_path, zone, scan, verdict):
    row = parcel("Claims Protected", scan=scan, ship_by="2026-02-22")
    files = {
        "exports/orders.txt": orders_file([order(1, DAY)]),
        "ledger/claims.csv": f"{HEADERS['claims']}\n{claim().format(id=order_id(1))}\n",
        "ledger/deliveries.csv": f"{HEADERS['deliveries']}\n{row.format(id=order_id(1))}\n",
    }
    _, _, found = told(tmp_path, files, f'timezone = "{zone}"\n')

    assert ("Claims Protection", verdict) == (found.iloc[0]["route"], found.iloc[0]["verdict"])


# -- what it says of itself ----------------------------------------------------------------------


def test_the_json_has_what_the_command_promises(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(n, DAY) for n in range(1, 5)]),
        "exports/feedback.txt": "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
        f"3/10/26\t1\tPoor quality\t\t{order_id(1)}\tx@example.com\n",
    }
    _, _, found = told(tmp_path, files)
    (entry,) = json.loads(json.dumps(triage_dict(found), allow_nan=False))
    promised = {
        "order_id": order_id(1),
        "kind": "feedback",
        "route": "feedback removal",
        "verdict": "yes",
        "proof": ["the comment, all of it about the product"],
        "deadline": "2026-06-08",
        "days_left": 69,
        "certainty": "likely",
        "odr_after": 0.0,
    }

    assert promised == {name: entry[name] for name in promised}


def test_a_store_without_defects_has_an_empty_table(tmp_path):
    _, _, found = told(tmp_path, {"exports/orders.txt": orders_file([order(1, DAY)])})

    assert [] == triage_dict(found)


def test_rows_in_any_order_give_the_same_answer(tmp_path):
    some = STORIES[::6]
    files = files_of(some)
    turned = {
        name: "\n".join([text.split("\n")[0], *text.rstrip("\n").split("\n")[:0:-1], ""])
        for name, text in files.items()
    }
    _, _, first = told(tmp_path / "a", files)
    _, _, second = told(tmp_path / "b", turned)

    pd.testing.assert_frame_equal(first, second)


def test_a_table_of_another_kind_is_refused(tmp_path):
    store, defects, _ = told(tmp_path, {"exports/orders.txt": orders_file([order(1, DAY)])})
    with pytest.raises(BadParameter, match="reasons has no column order_id"):
        triage(store, defects, verdicts(store), pd.DataFrame())


def test_a_moment_without_a_zone_is_refused(tmp_path):
    store, defects, _ = told(tmp_path, {"exports/orders.txt": orders_file([order(1, DAY)])})
    reasons = classify_reasons(statements(store))
    with pytest.raises(BadParameter, match="without a time zone"):
        triage(store, defects, verdicts(store), reasons, as_of=datetime(2026, 3, 1))  # noqa: DTZ001


@pytest.mark.parametrize("route", ROUTES.values(), ids=lambda route: route.id)
def test_every_route_has_proof_source_and_day_checked(route):
    assert route.proof()
    assert route.source.startswith("https://")
    assert route.knowledge in ("Amazon", "third party", "K")
    assert "2026-11-22" == route.checked
    assert not route.deadline or deadline_days(route.deadline) > 0


def test_every_verdict_that_does_not_count_has_its_word():
    """The reasons of `defects.verdicts`, each with the route that status prints."""
    settled = table("removal")["settled"]

    assert {"withdrawn", "denied", "funded by Amazon", "struck through by Amazon",
            "removed by Amazon", "payment fraud, not a service chargeback",
            "no effect on the ODR"} <= set(settled)  # fmt: skip


# -- the quiz ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "status", "state"),
    [
        ({"quiz_offered": True}, "over", "offered"),
        ({"quiz_offered": False, "status": "at risk"}, "over", "not seen"),
        ({"status": "At Risk"}, "under", "look"),
        ({}, "over", "look"),
        ({}, "unknown", "look"),
        ({}, "under", "not needed"),
        ({"status": "Deactivated"}, "over", "too late"),
        ({"status": "已停用"}, "over", "too late"),
        ({"status": "Konto gesperrt"}, "over", "too late"),
    ],
)
def test_the_quiz_is_looked_for_before_a_deactivation(account, status, state):
    assert state == quiz_state(account, status)


# -- in Chinese ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_chinese(tmp_path_factory):
    store, defects, _ = told(tmp_path_factory.mktemp("traps-zh"), files_of(STORIES))
    with speaking("zh"):
        found = triage(store, defects, verdicts(store), classify_reasons(statements(store)))
    rows = found.set_index("order_id")
    return {story.name: rows.loc[order_id(n)] for n, story in enumerate(STORIES, start=1)}


def test_in_chinese_why_is_a_sentence_with_its_deadline(in_chinese):
    says = {
        "product only": "整条评论只涉及商品；期限至 2026年6月8日，仍在期限内。",
        "protected, confirmed on time, first scan late": "承运人的首次扫描（2026年2月23日 08:00）"
        "晚于承诺的发货时间（2026年2月22日 23:59）。",
        "decided 30 days ago": "已判买家胜诉；期限至 2026年3月31日，仍在期限内；"
        "证据是否充分由亚马逊判断。",
        "decided 31 days ago": "期限已于 2026年3月30日届满。",
        "debited but not counted": "不计入：不影响订单缺陷率。款项由卖家承担；这与缺陷率是两回事。",
    }

    assert says == {name: in_chinese[name]["why"] for name in says}


def test_in_chinese_codes_stay_and_texts_are_told(in_chinese, traps):
    codes = ["route", "verdict", "certainty"]
    for name, row in in_chinese.items():
        assert traps[name][codes].fillna("").tolist() == row[codes].fillna("").tolist()
    row = in_chinese["decided 30 days ago"]

    assert (row["where"], row["ground"]) == (
        "绩效 > A-to-z 索赔 > 可申诉",
        "已判买家胜诉的索赔可凭证明申诉",
    )
    with speaking("zh"):
        assert ("A-to-z 索赔申诉", "是", "待定") == tuple(said(row[code]) for code in codes)


def test_every_code_has_words_in_chinese(in_chinese):
    codes = {row[name] for row in in_chinese.values() for name in ("route", "verdict", "certainty")}
    conditions = {one["name"] for row in in_chinese.values() for one in row["conditions"]}
    with speaking("zh"):
        untold = [code for code in codes | conditions if said(code).isascii()]

    assert [] == untold
