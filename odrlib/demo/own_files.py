"""Own files: what the analyst keeps herself: tracker and ERP exports, ledgers and evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.defect_files import CLAIM_REASONS
from odrlib.demo.market import DAY, LAST
from odrlib.demo.write import days, frame_comma, stamps, write
from odrlib.policy import table

APPEAL = np.timedelta64(table("targets")["deadlines"]["a_to_z_appeal"]["days"], "D")
ANSWER = np.timedelta64(table("targets")["deadlines"]["chargeback_answer"]["days"], "D")

# What becomes of a claim -> status, charged_to, odr_impact.
CLAIMS = {
    "counts": ("granted", "seller", "yes"),
    "denied": ("denied", "none", "no"),
    "withdrawn": ("withdrawn", "none", "no"),
    "funded": ("granted", "amazon", "no"),
}


def claims(events: pd.DataFrame) -> pd.DataFrame:
    """The claims ledger: every claim but those that only the returns report knows."""
    filed = events[events["kind"].eq("claim") & ~events["only_returns"] & ~events["only_list"]]
    decided = filed["day"].to_numpy() + 6 * DAY
    is_decided = decided <= LAST
    status, charged, impact = (
        filed["outcome"].map({key: value[index] for key, value in CLAIMS.items()})
        for index in range(3)
    )
    is_open = ~is_decided & filed["outcome"].eq("counts")
    return pd.DataFrame(
        {
            "order_id": filed["order_id"],
            "filed_on": days(filed["day"]),
            "reason": filed["reason"].map(CLAIM_REASONS),
            "status": status.mask(is_open, "under review"),
            "decided_on": np.where(is_decided, days(decided), ""),
            "charged_to": charged.mask(is_open, ""),
            "odr_impact": impact.mask(is_open, ""),
            "appeal_by": np.where(
                is_decided & filed["outcome"].eq("counts"), days(decided + APPEAL), ""
            ),
            "note": "",
        }
    )


def chargebacks(events: pd.DataFrame) -> pd.DataFrame:
    """The chargebacks ledger."""
    filed = events[events["kind"].eq("chargeback")]
    fraud = filed["outcome"].eq("fraud")
    return pd.DataFrame(
        {
            "order_id": filed["order_id"],
            "filed_on": days(filed["day"]),
            "reason_code": np.where(fraud, "10.4", "13.1"),
            "reason": np.where(fraud, "fraud", "merchandise not received"),
            "status": np.where(filed["day"].to_numpy() < LAST - 14 * DAY, "Resolved", "Pending"),
            "class": np.where(fraud, "fraud", "service"),
            "odr_impact": np.where(fraud, "no", "yes"),
            "answer_by": days(filed["day"].to_numpy() + ANSWER),
            "note": "",
        }
    )


def removals(events: pd.DataFrame) -> pd.DataFrame:
    """The removals ledger: ratings that Amazon took off or struck through, and one it did not."""
    off = events[events["outcome"].isin(["removed", "struck"])]
    refused = events[events["stars"].between(1, 2) & events["counts"]].tail(1)
    asked = pd.concat([off, refused])
    result = {"removed": "removed", "struck": "struck through", "counts": "refused"}
    return pd.DataFrame(
        {
            "order_id": asked["order_id"],
            "kind": "feedback",
            "requested_on": days(asked["day"].to_numpy() + DAY),
            "result": asked["outcome"].map(result),
            "decided_on": days(asked["day"].to_numpy() + 3 * DAY),
            "note": "",
        }
    )


def messages(
    rows: pd.DataFrame, asked: np.ndarray, hours: np.ndarray, texts: tuple[str, str]
) -> pd.DataFrame:
    """The messages ledger: for each order a buyer's question and the answer `hours` later."""
    answered = asked + (hours * 3_600).astype("timedelta64[s]")
    both = [
        pd.DataFrame({"order_id": rows["order_id"], "at": stamps(at), "from": who, "text": text})
        for at, who, text in ((asked, "buyer", texts[0]), (answered, "seller", texts[1]))
    ]
    return pd.concat(both).assign(file="").sort_values(["at", "order_id", "from"])


def tracker(
    shipped: pd.DataFrame,
    header: tuple[str, ...],
    states: tuple[str, str, str],
    seen: np.datetime64,
) -> pd.DataFrame:
    """
    A tracker's export: number, order, carrier, state, first scan, delivery.

    `states` are its words for delivered, on the way and not found; an untracked number has no scan.
    """
    tracked = shipped["tracked"].to_numpy()
    here = tracked & (shipped["delivered_at"].to_numpy() <= seen)
    scanned = tracked & (shipped["first_scan_at"].to_numpy() <= seen)

    def local(column: str, known: np.ndarray) -> np.ndarray:
        text = np.datetime_as_string(shipped[column].to_numpy().astype("datetime64[s]"))
        return np.where(known, np.char.replace(text, "T", " "), "")

    columns = [
        shipped["tracking_number"],
        shipped["order_id"],
        shipped["carrier"],
        np.select([here, scanned], states[:2], states[2]),
        local("first_scan_at", scanned),
        local("delivered_at", here),
    ]
    return pd.DataFrame(dict(zip(header, columns, strict=True)), index=shipped.index)


def erp(shipped: pd.DataFrame, header: tuple[str, ...], shop: str, supplier: str) -> pd.DataFrame:
    """An ERP's order export under Chinese headers; times are those of the store's clock."""
    columns = {
        "店铺": shop,
        "订单号": shipped["order_id"],
        "平台订单号": shipped["order_id"],
        "付款时间": _clock(shipped["at"]),
        "发货时间": _clock(shipped["shipped_at"]),
        "仓库": shipped["warehouse"],
        "物流方式": shipped["carrier"] + " " + shipped["ship_service"],
        "运单号": shipped["tracking_number"],
        "SKU": shipped["sku"],
        "数量": shipped["quantity"].astype(str),
        "供应商": supplier,
        "国家": shipped["country"],
        "收件人": "PLANTED RECIPIENT " + (shipped["item"] % 97).astype(str),
    }
    return pd.DataFrame({name: columns[name] for name in header}, index=shipped.index)


def _clock(moments: pd.Series) -> list[str]:
    text = np.datetime_as_string(
        moments.to_numpy().astype("datetime64[s]") + np.timedelta64(9 * 3_600, "s")
    )
    texts: list[str] = np.char.replace(text, "T", " ").tolist()
    return texts


MEASURES = pd.DataFrame(
    [
        {
            "id": "M1",
            "cause": "R01",
            "kind": "corrective",
            "status": "done",
            "date": "2026-10-20",
            "what": "Untracked services switched off in the shipping template",
            "owner": "logistics lead",
            "frequency": "",
            "threshold": "",
            "artefact": "template.txt",
            "setting": "shipping template",
        },
        {
            "id": "M2",
            "cause": "R01",
            "kind": "preventive",
            "status": "planned",
            "date": "2026-11-10",
            "what": "Weekly list of parcels without a first scan after two days",
            "owner": "logistics lead",
            "frequency": "weekly",
            "threshold": "0.5 %",
            "artefact": "",
            "setting": "",
        },
    ]
)
SETTINGS = pd.DataFrame(
    [
        {
            "name": "handling time",
            "value": "2 days",
            "checked_on": "2026-10-30",
            "file": "template.txt",
        }
    ]
)


def events_ledger(rows: list[tuple[str, str, str, str, str]]) -> pd.DataFrame:
    """The events ledger: date, kind, what, column, value."""
    return pd.DataFrame(rows, columns=["date", "kind", "what", "column", "value"])


def write_evidence(
    folder: Path, orders: pd.DataFrame, events: pd.DataFrame, currency: str
) -> list[Path]:
    """
    Evidence folders of six claims, and the ledgers that list them (evidence, deliveries, costs).

    The first two cases are complete, the next two lack the delivery, the last two the refund.
    """
    came = orders["tracked"] & (orders["delivered_at"].to_numpy() <= LAST)
    chosen = events["kind"].eq("claim") & events["counts"] & came.to_numpy()[events["row"]]
    cases = events[chosen].tail(6)
    listed, delivered, costs, written = [], [], [], []
    for index, (case, row) in enumerate(
        zip(cases.itertuples(), orders.iloc[cases["row"]].itertuples(), strict=True)
    ):
        files = _case(case, row)
        if 2 <= index < 4:
            del files["logistics"]
        if index >= 4:
            del files["remedy"]
        for kind, (name, dated, text) in files.items():
            written.append(write(folder / "evidence" / case.order_id / name, text))
            listed.append([case.order_id, name, kind, dated, "claim", ""])
        if "logistics" in files:
            delivered.append(_delivery(row, files["logistics"][0]))
        if "remedy" in files:
            day = files["remedy"][1]
            amount, reason = f"{row.price * row.quantity:.2f}", CLAIM_REASONS[case.reason]
            costs.append([day, "refund", amount, currency, case.order_id, reason])
    ledgers = {
        "evidence": pd.DataFrame(listed, columns=EVIDENCE),
        "deliveries": pd.DataFrame(delivered, columns=DELIVERIES),
        "costs": pd.DataFrame(costs, columns=COSTS),
        "measures": MEASURES,
        "settings": SETTINGS,
    }
    for name, ledger in ledgers.items():
        written.append(write(folder / "ledger" / f"{name}.csv", frame_comma(ledger)))
    text = "Shipping template of 20 October 2026: ordinary mail removed, handling time 2 days.\n"
    return [*written, write(folder / "evidence" / "measures" / "template.txt", text)]


EVIDENCE = ["order_id", "file", "class", "dated", "closes", "note"]
DELIVERIES = [
    *("order_id", "carrier", "service", "tracking_number", "shipped_at", "first_scan_at"),
    *("promised_ship", "promised_delivery", "delivered_at", "status", "signed_by", "file"),
]
COSTS = ["date", "kind", "amount", "currency", "order_id", "note"]


def _case(case: Any, row: Any) -> dict[str, tuple[str, str, str]]:
    """The three files of a case: class -> (name, day, text)."""
    came, filed = days([row.delivered_at])[0], days([case.day])[0]
    return {
        "logistics": (
            "delivery.txt",
            came,
            f"Proof of delivery\nTracking number {row.tracking_number}\n"
            f"Delivered {came}, signed by PLANTED SIGNER\n"
            "Delivery address: 12 PLANTED STREET, PLANTED TOWN\n",
        ),
        "communication": (
            "messages.txt",
            filed,
            f"{filed} buyer: There is a problem with order {case.order_id}.\n"
            f"{filed} seller: We are looking into it and answer by tonight.\n",
        ),
        "remedy": (
            "refund.txt",
            filed,
            f"{filed} refund of {row.price * row.quantity:.2f} for order {case.order_id}\n"
            f"Reason: {CLAIM_REASONS[case.reason]}\n",
        ),
    }


def _delivery(row: Any, file: str) -> list[str]:
    moments = [row.shipped_at, row.first_scan_at, row.promised_ship, row.promised_delivery]
    return [
        *(row.order_id, row.carrier, row.ship_service, row.tracking_number),
        *stamps([*moments, row.delivered_at]),
        *("Delivered", "PLANTED SIGNER", file),
    ]
