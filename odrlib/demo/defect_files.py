"""Defect files: what Seller Central says of ratings, claims, chargebacks, returns and money."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.market import DAY, LAST, Market
from odrlib.demo.write import HEADERS, amounts, days, stamps
from odrlib.policy import AMAZON, MARKETPLACES

MFN_RETURNS = HEADERS["mfn_returns"]
SETTLEMENT = HEADERS["settlement"]

# Topic of a cause -> what the claim page and the two returns reports call it.
CLAIM_REASONS = {
    "NR": "Package did not arrive",
    "DQ": "Item not as described or defective",
    "DP": "Delivered damaged",
    "CS": "Refund not received",
}
RETURN_REASONS = {
    "NR": ("CR-MISSED_ESTIMATED_DELIVERY", "NEVER_ARRIVED"),
    "DQ": ("CR-DEFECTIVE", "DEFECTIVE"),
    "DP": ("CR-DAMAGED_BY_CARRIER", "DAMAGED_BY_CARRIER"),
    "CS": ("CR-NOT_AS_DESCRIBED", "NOT_AS_DESCRIBED"),
}
OTHER_RETURNS = np.array(
    ["UNWANTED_ITEM", "NO_REASON_GIVEN", "FOUND_BETTER_PRICE", "ORDERED_WRONG_ITEM", "DEFECTIVE"]
)


def feedback(
    events: pd.DataFrame, header: tuple[str, ...], form: str, response: str
) -> pd.DataFrame:
    """The seller feedback report: six columns in fixed order under the site's own names."""
    rated = events[events["stars"].gt(0)]
    columns = [
        days(rated["day"], form),
        rated["stars"].astype(str),
        rated["says"].where(rated["stars"].lt(4), "OK"),
        np.where(rated["stars"].lt(3) & rated["row"].mod(3).eq(0), response, ""),
        rated["order_id"],
        "planted" + (rated["row"] % 97).astype(str) + "@marketplace.amazon.com",
    ]
    return pd.DataFrame(dict(zip(header, columns, strict=True)), index=rated.index)


def in_window(orders: pd.DataFrame, window: tuple[Any, Any]) -> np.ndarray:
    """Which orders were placed on the days of the window, both ends included."""
    day = orders["day"].to_numpy()
    found: np.ndarray = (day >= window[0]) & (day <= window[1])
    return found


def odr_detail(
    orders: pd.DataFrame,
    events: pd.DataFrame,
    window: tuple[Any, Any],
    header: tuple[str, ...],
    *,
    form: str,
    fulfilled: dict[str, str],
    yes_no: tuple[str, str],
) -> pd.DataFrame:
    """The order defect rate's detail download: one row per defective order of the window."""
    counting = events[events["counts"]]
    rows = np.unique(counting["row"])
    listed = orders.iloc[rows[in_window(orders.iloc[rows], window)]]
    kinds = [
        listed["order_id"].isin(counting.loc[counting["kind"].isin(names), "order_id"])
        for names in (("1 star", "2 stars"), ("claim",), ("chargeback",))
    ]
    columns = [
        listed["order_id"],
        days(listed["day"], form),
        listed["channel"].map(fulfilled),
        *(np.where(kind, *yes_no) for kind in kinds),
    ]
    return pd.DataFrame(dict(zip(header, columns, strict=True)), index=listed.index)


def performance(
    marketplace: str, window: tuple[Any, Any], counts: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """The V2 seller performance report that states `counts` per channel (orders, defective ...)."""
    marketplace_id = MARKETPLACES[marketplace]["id"]
    ranges = {
        "reportingDateFrom": f"{np.datetime_as_string(window[0], unit='D')}T00:00:00Z",
        "reportingDateTo": f"{np.datetime_as_string(window[1], unit='D')}T23:59:59Z",
    }

    def rate(channel: str) -> dict[str, Any]:
        one = counts[channel]
        share = one["defective"] / one["orders"] if one["orders"] else 0
        status = "GOOD" if AMAZON.under(one["defective"], one["orders"]) else "BAD"
        return {
            "reportingDateRange": ranges,
            "orderCount": one["orders"],
            "orderWithDefects": {"count": one["defective"], "status": status},
            "claims": {"count": one["claims"], "status": status},
            "chargebacks": {"count": one["chargebacks"], "status": "GOOD"},
            "negativeFeedback": {"count": one["negative_feedback"], "status": status},
            "fulfillmentType": channel,
            "status": status if one["orders"] else "NONE",
            "rate": share,
            "targetValue": float(AMAZON.limit),
            "targetCondition": "LESS_THAN",
        }

    return {
        "accountStatuses": [{"marketplaceId": marketplace_id, "status": "AT_RISK"}],
        "performanceMetrics": [
            {
                "marketplaceId": marketplace_id,
                "orderDefectRate": {"afn": rate("afn"), "mfn": rate("mfn")},
                "warningStates": [],
                "accountHealthRating": {
                    "ahrScore": 228,
                    "ahrStatus": "GREAT",
                    "reportingDateRange": ranges,
                },
            }
        ],
    }


def chargebacks_page(orders: pd.DataFrame, events: pd.DataFrame) -> dict[str, Any]:
    """The JSON behind Seller Central's chargebacks page, as a browser saves it."""
    filed = events[events["kind"].eq("chargeback")]
    rows = orders.iloc[filed["row"]]
    code = np.where(
        filed["outcome"].eq("fraud"), "10.4", np.where(filed["row"] % 2, "13.1", "13.3")
    )
    shown = zip(
        filed["order_id"],
        days(filed["day"], "%b %-d, %Y"),
        days(rows["day"], "%b %-d, %Y"),
        code.tolist(),
        np.where(filed["day"] < LAST - 14 * DAY, "Resolved", "Pending").tolist(),
        (rows["price"] * rows["quantity"]).round(2).tolist(),
        rows["asin"],
        rows["title"],
        strict=True,
    )
    return {
        "chargebacks": [
            {
                "id": f"CB{index:07d}",
                "status": status,
                "reasonCode": reason,
                "filingDate": {"formattedDate": day},
                "relatedOrders": [
                    {
                        "orderId": order_id,
                        "orderDate": {"formattedDate": ordered},
                        "orderAmount": {"amount": amount},
                        "items": [{"asin": asin, "offeringTitle": title, "orderQuantity": 1}],
                    }
                ],
            }
            for index, (order_id, day, ordered, reason, status, amount, asin, title) in enumerate(
                shown, start=1
            )
        ]
    }


def returned(
    orders: pd.DataFrame,
    events: pd.DataFrame,
    channel: str,
    share: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """
    The orders of a channel that were sent back, with the day and the reason (topic or code).

    `share` of all orders for reasons of the buyer's own, and half of those with a claim.
    """
    claims = events[events["kind"].eq("claim") & events["counts"]]
    claims = claims[orders["channel"].to_numpy()[claims["row"]] == channel]
    claimed = claims.iloc[: len(claims) // 2]
    # A claim that no other file knows stands in the returns report alone.
    claimed = pd.concat([claimed, claims[claims["only_returns"]]]).drop_duplicates("row")
    mine = np.flatnonzero(
        orders["channel"].eq(channel)
        & orders["counts"]
        & (orders["day"].to_numpy() < LAST - 20 * DAY)
    )
    mine = np.setdiff1d(mine, events["row"])
    other = rng.choice(mine, size=int(share * len(mine)), replace=False)
    reason = rng.choice(OTHER_RETURNS, len(other))
    back = orders.iloc[np.concatenate([claimed["row"], other]).astype(int)]
    asked = np.concatenate(
        [
            claimed["day"].to_numpy() - DAY,
            orders["day"].to_numpy()[other] + rng.integers(6, 20, len(other)) * DAY,
        ]
    )
    return back.assign(
        asked=asked,
        topic=[*claimed["reason"], *([""] * len(other))],
        code=[*([""] * len(claimed)), *reason],
        a_to_z=[True] * len(claimed) + [False] * len(other),
        says=[*claimed["says"], *([""] * len(other))],
    ).sort_values(["asked", "order_id"])


def mfn_returns(back: pd.DataFrame, market: Market) -> pd.DataFrame:
    """The seller-fulfilled returns report; an empty cell is one blank, as in the real file."""
    code = ["CR-" + code for code in back["code"]]
    amount = amounts(back["price"] * back["quantity"])
    given = {
        "Order ID": back["order_id"],
        "Order date": days(back["day"], "%d-%b-%Y"),
        "Return request date": days(back["asked"], "%d-%b-%Y"),
        "Return request status": "Approved",
        "Amazon RMA ID": "R" + (back["item"] % 10**8).astype(str) + "RRMA",
        "Label type": "AmazonUnPaidLabel",
        "Currency code": market.currency,
        "Label to be paid by": "Seller",
        "A-to-Z Claim": np.where(back["a_to_z"], "Y", "N"),
        "Is prime": "N",
        "ASIN": back["asin"],
        "Merchant SKU": back["sku"],
        "Item Name": back["title"],
        "Return quantity": "1",
        "Return Reason": [
            RETURN_REASONS[topic][0] if topic else other
            for topic, other in zip(back["topic"], code, strict=True)
        ],
        "In policy": "Y",
        "Return type": np.where(back["a_to_z"], "A-to-z Guarantee", "C-Returns"),
        "Resolution": "StandardRefund",
        "Order Amount": amount,
        "Order quantity": back["quantity"].astype(str),
        "Refunded Amount": amount,
        "Order Item ID": back["item"].astype(str),
    }
    return pd.DataFrame({name: given.get(name, " ") for name in MFN_RETURNS}, index=back.index)


def fba_returns(back: pd.DataFrame, market: Market) -> pd.DataFrame:
    """Amazon's own customer returns report."""
    reason = [
        RETURN_REASONS[topic][1] if topic else other
        for topic, other in zip(back["topic"], back["code"], strict=True)
    ]
    broken = back["topic"].ne("")
    return pd.DataFrame(
        {
            "return-date": stamps(back["asked"] + pd.Timedelta(hours=9), market.offset),
            "order-id": back["order_id"],
            "sku": back["sku"],
            "asin": back["asin"],
            "fnsku": "X" + back["asin"].str[1:],
            "product-name": back["title"],
            "quantity": "1",
            "fulfillment-center-id": back["warehouse"],
            "detailed-disposition": np.where(broken, "DEFECTIVE", "SELLABLE"),
            "reason": reason,
            "status": "Unit returned to inventory",
            "license-plate-number": "LPN" + (back["item"] % 10**8).astype(str),
            "customer-comments": back["says"],
        }
    )


def settlement(orders: pd.DataFrame, events: pd.DataFrame, market: Market) -> pd.DataFrame:
    """A settlement with the month's sales and the claims that were debited, in German spelling."""
    first = LAST - 29 * DAY
    sold = orders[orders["counts"] & (orders["day"].to_numpy() >= first)]
    claims = events[events["kind"].eq("claim") & events["counts"] & ~events["only_returns"]]
    claims = claims[claims["day"].to_numpy() >= first]
    debited = orders.iloc[claims["row"]]
    posted = [*days(sold["day"], "%d.%m.%Y"), *days(claims["day"], "%d.%m.%Y")]
    sums = np.concatenate(
        [sold["price"] * sold["quantity"], -debited["price"] * debited["quantity"]]
    )
    is_sale = [True] * len(sold) + [False] * len(debited)
    both = pd.concat([sold, debited])
    given = {
        "settlement-id": "15555500011",
        "transaction-type": np.where(is_sale, "Order", "A-to-z Guarantee Claim"),
        "order-id": both["order_id"],
        "marketplace-name": market.site,
        "amount-type": np.where(is_sale, "ItemPrice", "other-transaction"),
        "amount-description": np.where(is_sale, "Principal", "A-bis-Z-Garantieantrag"),
        "amount": [f"{amount:.2f}".replace(".", ",") for amount in sums],
        "posted-date": posted,
        "posted-date-time": [f"{day} 10:00:00 UTC" for day in posted],
        "sku": both["sku"],
        "quantity-purchased": both["quantity"].astype(str),
    }
    rows = pd.DataFrame({name: given.get(name, "") for name in SETTLEMENT}, index=both.index)
    head = dict.fromkeys(SETTLEMENT, "") | {
        "settlement-id": "15555500011",
        "settlement-start-date": f"{days([first], '%d.%m.%Y')[0]} 00:00:00 UTC",
        "settlement-end-date": f"{days([LAST], '%d.%m.%Y')[0]} 23:59:59 UTC",
        "deposit-date": f"{days([LAST + 2 * DAY], '%d.%m.%Y')[0]} 00:00:00 UTC",
        "total-amount": f"{sums.sum():.2f}".replace(".", ","),
        "currency": market.currency,
    }
    return pd.concat([pd.DataFrame([head]), rows])
