"""A defect counts unless something says it does not."""

import json
from datetime import date

import pytest
from stores import feedback_file, make_store, odr_file, order, order_id, orders_file, tab

import odrlib as odr
from odrlib.defects import (
    defects_not_counted,
    defects_without_order,
    said_of_defects,
    verdicts,
)
from odrlib.disagreements import defect_findings

DAY = "2026-03-01"
CLAIMS = "order_id,filed_on,reason,status,decided_on,charged_to,odr_impact,appeal_by,note\n"
CHARGEBACKS = "order_id,filed_on,reason_code,reason,status,class,odr_impact,answer_by,note\n"
REMOVALS = "order_id,kind,requested_on,result,decided_on,note\n"


def store(folder, **files):
    """Ten orders of one day, and these files."""
    places = {
        "odr": "exports/odr.csv",
        "feedback": "exports/feedback.txt",
        "claims": "ledger/claims.csv",
        "chargebacks": "ledger/chargebacks.csv",
        "removals": "ledger/removals.csv",
        "returns": "exports/returns.txt",
        "page": "exports/chargebacks.json",
    }
    orders = orders_file([order(n, DAY) for n in range(10)])
    content = {"exports/orders.txt": orders} | {places[name]: text for name, text in files.items()}
    return odr.read_store(make_store(folder, content), today=date(2026, 11, 1))


def bad(read, kind, profile="amazon"):
    """The numbers of the orders with a defect of that kind."""
    table = odr.defects_by_order(read, profile)
    return [int(name[-7:]) for name in table.loc[table[kind], "order_id"]]


def ids(findings):
    return sorted(finding.id for finding in findings)


def test_sources_are_united_and_an_order_counts_once(tmp_path):
    read = store(
        tmp_path,
        odr=odr_file([(order_id(1), DAY, "FA"), (order_id(2), DAY, "C")]),
        feedback=feedback_file([(order_id(1), 1, "3/9/26"), (order_id(3), 2, "3/9/26")]),
    )
    table = odr.defects_by_order(read)

    assert [1, 2, 3] == bad(read, "defective")
    assert [1, 3] == bad(read, "negative_feedback")
    assert 4 == table["defects"].sum()


def test_two_stars_are_negative_for_amazon_and_not_for_the_brief(tmp_path):
    rows = [(order_id(n), n, "3/9/26") for n in (1, 2, 3, 4, 5)]
    read = store(tmp_path, feedback=feedback_file(rows))

    assert [1, 2] == bad(read, "negative_feedback")
    assert [1] == bad(read, "negative_feedback", "brief")


def test_a_flag_without_stars_counts_in_the_brief_unless_the_stars_are_known(tmp_path):
    read = store(
        tmp_path,
        odr=odr_file([(order_id(1), DAY, "F"), (order_id(2), DAY, "F")]),
        feedback=feedback_file([(order_id(2), 2, "3/9/26")]),
    )

    assert [1, 2] == bad(read, "negative_feedback")
    assert [1] == bad(read, "negative_feedback", "brief")


def test_the_briefs_own_form_of_the_download(tmp_path):
    text = (
        "Order ID,Order Date,Defect Type\n"
        f"{order_id(1)},{DAY},A-to-z\n{order_id(1)},{DAY},1-Star\n{order_id(2)},{DAY},Chargeback\n"
    )
    read = store(tmp_path, odr=text)

    assert [1] == bad(read, "claim", "brief")
    assert [1] == bad(read, "negative_feedback", "brief")
    assert [2] == bad(read, "chargeback", "brief")
    assert 3 == odr.defects_by_order(read, "brief")["defects"].sum()


@pytest.mark.parametrize(
    ("rest", "counts"),
    [
        (",,not received,granted,,seller,,,", True),
        (",,not received,Under review,,,,,", True),
        (",,not received,,,,,,", True),
        (",,not received,some new word,,,,,", True),
        (",,not received,Denied,,,,,", False),
        (",,not received,withdrawn,,,,,", False),
        (",,not received,granted,,amazon,,,", False),
        (",,not received,granted,,seller,no,,", False),
        (",,not received,驳回,,,,,", False),
        (",,not received,abgelehnt,,,,,", False),
    ],
)
def test_what_takes_a_claim_off(tmp_path, rest, counts):
    read = store(tmp_path, claims=f"{CLAIMS}{order_id(1)}{rest}\n")

    assert ([1] if counts else []) == bad(read, "claim")


def test_a_denied_claim_is_off_even_if_amazons_older_list_names_it(tmp_path):
    read = store(
        tmp_path,
        odr=odr_file([(order_id(1), DAY, "A")]),
        claims=f"{CLAIMS}{order_id(1)},,,denied,,,,,\n",
    )

    assert [] == bad(read, "claim")
    assert "defect-sources-disagree" in ids(defect_findings(read))
    assert ["denied"] == defects_not_counted(verdicts(read))["why"].tolist()


def test_a_granted_claim_counts_beside_a_withdrawn_one(tmp_path):
    rows = f"{order_id(1)},,,withdrawn,,,,,\n{order_id(1)},,,granted,,seller,yes,,\n"

    assert [1] == bad(store(tmp_path, claims=CLAIMS + rows), "claim")


@pytest.mark.parametrize(
    ("rest", "counts"),
    [
        (",,13.1,,,,,,", True),
        (",,10.4,,,,,,", False),
        (",,41,,,,,,", True),
        (",,,,,fraud,,,", False),
        (",,10.4,,,service,,,", True),
        (",,13.1,,,service,no,,", False),
    ],
)
def test_what_takes_a_chargeback_off(tmp_path, rest, counts):
    read = store(tmp_path, chargebacks=f"{CHARGEBACKS}{order_id(1)}{rest}\n")

    assert ([1] if counts else []) == bad(read, "chargeback")


def test_the_chargeback_page_and_the_ledger_are_one_source(tmp_path):
    page = {
        "chargebacks": [
            {
                "id": "1",
                "reasonCode": "41",
                "status": "Resolved",
                "filingDate": {"formattedDate": "3/9/26"},
                "relatedOrders": [
                    {"orderId": order_id(n), "orderDate": {"formattedDate": "3/1/26"}, "items": []}
                ],
            }
            for n in (1, 2)
        ]
    }
    ledger = f"{CHARGEBACKS}{order_id(1)},,,,,fraud,,,\n"
    read = store(tmp_path, page=json.dumps(page), chargebacks=ledger)

    assert [2] == bad(read, "chargeback")


@pytest.mark.parametrize(("result", "counts"), [("removed", False), ("refused", True), ("", True)])
def test_removed_feedback_is_off(tmp_path, result, counts):
    read = store(
        tmp_path,
        feedback=feedback_file([(order_id(1), 1, "3/9/26")]),
        removals=f"{REMOVALS}{order_id(1)},feedback,,{result},,\n",
    )

    assert ([1] if counts else []) == bad(read, "negative_feedback")


def test_feedback_struck_through_by_amazon_is_off(tmp_path):
    text = (
        "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
        "3/9/26\t1\tlate This item was fulfilled by Amazon, and we take responsibility for this "
        f"fulfillment experience.\t\t{order_id(1)}\tx\n"
    )

    assert [] == bad(store(tmp_path, feedback=text), "negative_feedback")


def test_a_kind_no_file_tells_has_no_column(tmp_path):
    read = store(tmp_path, feedback=feedback_file([(order_id(1), 1, "3/9/26")]))

    assert ("claim", "chargeback") == read.unknown
    assert {"claim", "chargeback"}.isdisjoint(odr.defects_by_order(read).columns)


def test_a_returns_file_alone_tells_claims_in_part(tmp_path):
    returns = (
        "Order ID\tOrder date\tReturn request date\tReturn request status\tA-to-Z Claim\tASIN\t"
        "Merchant SKU\tReturn Reason\tResolution\n"
        f"{order_id(1)}\t{DAY}\t2026-03-09\tApproved\tY\tB000000001\tKETTLE\tCR-DEFECTIVE\t\n"
        f"{order_id(2)}\t{DAY}\t2026-03-09\tApproved\tN\tB000000001\tKETTLE\tCR-DEFECTIVE\t\n"
    )
    read = store(tmp_path, returns=returns)

    assert [1] == bad(read, "claim")
    assert "claim" in read.unknown
    assert ("claim",) == read.partial


def test_a_defect_on_a_cancelled_order_is_in_no_rate(tmp_path):
    orders = orders_file([order(1, DAY, order_status="Cancelled"), order(2, DAY)])
    folder = make_store(
        tmp_path,
        {"exports/a.txt": orders, "exports/odr.csv": odr_file([(order_id(1), DAY, "A")])},
    )
    read = odr.read_store(folder, today=date(2026, 11, 1))

    assert "0.00% (0 of 1 orders)" == str(odr.defect_rate(odr.defects_by_order(read)))


def test_a_defect_whose_order_is_missing_is_listed_with_its_day(tmp_path):
    read = store(tmp_path, odr=odr_file([(order_id(77), DAY, "A")]))
    lost = defects_without_order(read, verdicts(read))

    assert [(order_id(77), "claim", "2026-03-01")] == [
        (row.order_id, row.kind, f"{row.ordered_on:%Y-%m-%d}") for row in lost.itertuples()
    ]


def test_the_day_and_reason_a_defect_arrived(tmp_path):
    read = store(
        tmp_path,
        feedback=feedback_file([(order_id(1), 1, "3/14/26")]),
        claims=f"{CLAIMS}{order_id(1)},2026-03-11,never came,granted,,seller,,,\n",
    )
    row = odr.defects_by_order(read).set_index("order_id").loc[order_id(1)]

    assert ("2026-03-11", "never came") == (f"{row['arrived_on']:%Y-%m-%d}", row["reason"])


def test_words_that_decide_nothing_are_said(tmp_path):
    read = store(tmp_path, claims=f"{CLAIMS}{order_id(1)},,,maybe,,,,,\n")
    found = [finding for finding in defect_findings(read) if finding.id == "unknown-word"]

    assert "The status 'maybe' in 1 row of claims decides nothing" in found[0].message


def test_no_source_says_nothing(tmp_path):
    read = store(tmp_path)

    assert 0 == len(said_of_defects(read))
    assert not odr.defects_by_order(read)["defective"].any()
    assert "unknown" == odr.defect_rate(odr.defects_by_order(read)).status(odr.policy.AMAZON)


def test_a_download_without_a_column_does_not_tell_that_kind(tmp_path):
    text = f"Order ID,Order Date,Negative Feedback\n{order_id(1)},{DAY},Yes\n"
    read = store(tmp_path, odr=text)

    assert ("claim", "chargeback") == read.unknown


def test_a_debit_alone_is_said_and_not_counted(tmp_path):
    header = [
        "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date",
        "total-amount", "currency", "transaction-type", "order-id", "merchant-order-id",
        "adjustment-id", "shipment-id", "marketplace-name", "amount-type", "amount-description",
        "amount", "fulfillment-id", "posted-date", "posted-date-time", "order-item-code",
        "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased",
        "promotion-id",
    ]  # fmt: skip
    row = dict.fromkeys(header, "") | {
        "settlement-id": "1", "transaction-type": "A-to-z Guarantee Claim", "amount": "-20.0",
        "order-id": order_id(1), "posted-date": "2026-03-09", "currency": "USD",
    }  # fmt: skip
    head = dict.fromkeys(header, "") | {
        "settlement-id": "1",
        "total-amount": "5",
        "currency": "USD",
    }
    files = {
        "exports/orders.txt": orders_file([order(n, DAY) for n in range(10)]),
        "exports/odr.csv": odr_file([]),
        "exports/settlement.txt": tab(header, [head, row]),
    }
    read = odr.read_store(make_store(tmp_path, files), today=date(2026, 11, 1))

    assert [] == bad(read, "claim")
    assert ["debit-without-defect"] == ids(defect_findings(read))
