"""Gather: all that the files of a store tell about each defect, as one case a defect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from odrlib.store import Store
from odrlib.triage.ledgers import Refund, chargebacks_of, claims_of, refunds_of, requests_of
from odrlib.triage.parcels import Parcel, parcels_of
from odrlib.triage.rows import Row, by_order, day

SOURCE_OF = {"claim": "claims", "chargeback": "chargebacks", "negative_feedback": "feedback"}
_SAID = ("on", "text", "product_only", "from_text", "negated", "spans", "topic", "primary", "state")


@dataclass(frozen=True)
class Said:
    """
    What the statements of a defect's own source say.

    Parameters
    ----------
    product_only : every text complains of the product only; None if no text has a theme
    from_text : themes of the texts; `named` : themes that they only name, to deny them
    spans : for each text its cues (theme, start, end)
    topic, primary, state : of the last statement
    """

    texts: tuple[str, ...]
    product_only: bool | None
    from_text: tuple[str, ...]
    named: tuple[str, ...]
    spans: tuple[tuple[tuple[str, int, int], ...], ...]
    topic: str | None
    primary: str | None
    state: str


@dataclass(frozen=True)
class Case:
    """
    One defect: an order and a kind, with all that the files tell of it.

    Parameters
    ----------
    off : why it does not count; empty if it counts
    day : the order's day, None if no orders file has the order
    on : the day the defect arrived
    sources : the tables that name it
    record : its row in the claims or chargebacks ledger
    refunds : days of refunds of the seller's own (None without a day), with the table that says so
    request : what the removals ledger says: "pending", "refused" or ""
    money_told : a file of costs or settlements was given
    """

    order_id: str
    kind: str
    off: str
    day: date | None
    channel: str
    on: date | None
    sources: str
    record: Mapping[str, Any]
    said: Said | None
    parcels: tuple[Parcel, ...]
    refunds: tuple[Refund, ...]
    request: str
    requested_on: date | None
    money_told: bool
    as_of: date
    timezone: str


def cases(
    store: Store, orders: pd.DataFrame, judgement: pd.DataFrame, reasons: pd.DataFrame, as_of: date
) -> list[Case]:
    """
    One case for each row of `judgement`, in its order.

    Parameters
    ----------
    orders : the table of `defects_by_order`
    judgement : rows of `verdicts`
    reasons : the table of `classify_reasons(statements(store))`
    """
    ids = judgement["order_id"]
    zone = store.settings.timezone
    told = [name for name in ("day", "channel", "promised_ship") if name in orders]
    mine = {name: rows[0] for name, rows in by_order(orders, ids, told).items()}
    promised = {name: row.get("promised_ship") for name, row in mine.items()}
    parcels = parcels_of(store.shipments, promised, ids, zone)
    records = {
        "claim": claims_of(store.claims, ids),
        "chargeback": chargebacks_of(store.chargebacks, ids),
    }
    said, requests = _said(reasons, ids), requests_of(store.removals, ids)
    refunds = refunds_of(store, ids)
    found = []
    nothing: Row = {"day": None, "channel": ""}
    for row in judgement.itertuples(index=False):
        order = mine.get(row.order_id, nothing)
        request, requested_on = requests.get((row.order_id, row.kind), ("", None))
        found.append(
            Case(
                order_id=row.order_id,
                kind=row.kind,
                off="" if row.counts else str(row.why),
                day=day(order["day"]),
                channel=order["channel"],
                on=day(row.on),
                sources=str(row.sources),
                record=records.get(row.kind, {}).get(row.order_id, {}),
                said=said.get((row.order_id, row.kind)),
                parcels=parcels.get(row.order_id, ()),
                refunds=refunds.get(row.order_id, ()),
                request=request,
                requested_on=requested_on,
                money_told=store.costs is not None or store.settlements is not None,
                as_of=as_of,
                timezone=zone,
            )
        )
    return found


def _said(reasons: pd.DataFrame, ids: pd.Series) -> dict[tuple[str, str], Said]:
    """What the statements of a defect's own source say, by order and kind."""
    kinds = {source: kind for kind, source in SOURCE_OF.items()}
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for name, rows in by_order(reasons, ids, ("source", *_SAID)).items():
        for row in rows:
            if row["source"] in kinds:
                found[name, kinds[row["source"]]].append(row)
    return {defect: _together(rows) for defect, rows in found.items()}


def _together(rows: list[Row]) -> Said:
    rows = sorted(rows, key=lambda row: (str(row["on"]), str(row["text"])))
    texts = [row for row in rows if row["text"] is not None]
    product = [bool(row["product_only"]) for row in rows if row["product_only"] is not None]
    return Said(
        texts=tuple(row["text"] for row in texts),
        product_only=all(product) if product else None,
        from_text=tuple(dict.fromkeys(theme for row in rows for theme in row["from_text"])),
        named=tuple(sorted({span[0] for row in rows for span in row["negated"]})),
        spans=tuple(row["spans"] for row in texts),
        topic=rows[-1]["topic"],
        primary=rows[-1]["primary"],
        state=str(rows[-1]["state"]),
    )
