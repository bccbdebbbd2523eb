"""
The ledger: small tables in which the analyst notes what Amazon does not export.

A table is known by its name in the folder `ledger`. `odr init` writes each with one example row,
which is recognised and never counted; a table with nothing but that row was not given at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from odrlib.exports.columns import Columns, kept, length
from odrlib.exports.export import Column, Export, set_aside
from odrlib.exports.trackers import carriers, signed, tracking_states
from odrlib.exports.words import flags, is_worded, says
from odrlib.languages import mark, tr

if TYPE_CHECKING:
    from odrlib.exports.read import Reading

EXAMPLE_ORDER = "000-0000000-0000000"  # no order of Amazon's has this id
EXAMPLE = "EXAMPLE"
_PROTECTED = "claims protected"


def untouched(reading: Reading) -> bool:
    """True if a ledger still holds only its example row: not given, which is not "none"."""
    rows = reading.set_aside
    if not 0 < len(rows) == reading.rows_in:
        return False
    return bool(rows["reason"].eq("example-row").all())


def _without_example(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    """The rows without example rows, and these rows as set aside."""
    worded = {name: array for name, array in columns.items() if is_worded(array)}
    example = np.zeros(length(columns), bool)
    for array in worded.values():
        example |= says(array, (EXAMPLE_ORDER, EXAMPLE))
    column = "order_id" if "order_id" in columns else next(iter(worded))
    aside = set_aside(
        columns,
        example,
        column,
        "example-row",
        tr("this is the example row"),
        tr("Write your own rows below it, or in its place."),
    )
    return kept(columns, ~example), aside


def _deliveries(columns: Columns) -> tuple[Columns, pd.DataFrame]:
    own, aside = _without_example(columns)
    protected = flags(own["service"], lambda word: _PROTECTED in word.casefold())
    carrier, numbers = pd.Series(own["carrier"]), pd.Series(own["tracking_number"])
    rest = {name: array for name, array in own.items() if name != "signed_by"}
    return rest | {
        "carrier": carriers(carrier, numbers).array,
        "tracking_state": tracking_states(pd.Series(own["tracking_state"])).array,
        "signed": signed(pd.Series(own["signed_by"])).array,
        "protected": pd.arrays.BooleanArray(protected, np.zeros(length(own), bool)),
    }, aside


def _ledger(table: str, title: str, hides: str, *columns: Column) -> Export:
    return Export(
        name=f"ledger_{table}",
        title=title,
        gives=("shipments" if table == "deliveries" else table,),
        columns=columns,
        path=f"ledger/{table}*",
        where=f"ledger/{table}.csv or {table}.xlsx in the store folder, written by the analyst",
        hides=hides,
        finish=_deliveries if table == "deliveries" else _without_example,
    )


_ORDER = Column("order_id", ("order_id", "order id", "订单号", "订单编号"), "order_id", need=True)
_ORDER_MAYBE = Column("order_id", ("order_id", "order id", "订单号", "订单编号"), "order_id")
_NOTE = Column("note", ("note",))

CLAIMS = _ledger(
    "claims",
    mark("the claims ledger"),
    mark("the reasons of A-to-z claims, how they were decided and whether they count"),
    _ORDER,
    Column("filed_on", ("filed_on",), "day"),
    Column("reason", ("reason",)),
    Column("status", ("status",)),
    Column("decided_on", ("decided_on",), "day"),
    Column("charged_to", ("charged_to",)),
    Column("odr_impact", ("odr_impact",), "flag"),
    Column("appeal_by", ("appeal_by",), "day"),
    _NOTE,
)

CHARGEBACKS = _ledger(
    "chargebacks",
    mark("the chargebacks ledger"),
    mark("the class and the outcome of chargebacks"),
    _ORDER,
    Column("filed_on", ("filed_on",), "day"),
    Column("reason_code", ("reason_code",)),
    Column("reason", ("reason",)),
    Column("status", ("status",)),
    Column("class_", ("class",)),
    Column("odr_impact", ("odr_impact",), "flag"),
    Column("answer_by", ("answer_by",), "day"),
    _NOTE,
)

MESSAGES = _ledger(
    "messages",
    mark("the messages ledger"),
    mark("whether buyers were answered within 24 hours"),
    _ORDER,
    Column("at", ("at",), "instant", need=True),
    Column("sender", ("from",), "category"),
    Column("text", ("text",)),
    Column("attachment", ("file",)),
)

DELIVERIES = _ledger(
    "deliveries",
    mark("the deliveries ledger"),
    mark("deliveries that no tracker knows, and which were signed for"),
    _ORDER,
    Column("carrier", ("carrier",)),
    Column("service", ("service",), "category"),
    Column("tracking_number", ("tracking_number",), "id"),
    Column("shipped_at", ("shipped_at",), "instant"),
    Column("first_scan_at", ("first_scan_at",), "instant"),
    Column("promised_ship", ("promised_ship",), "instant"),
    Column("promised_delivery", ("promised_delivery",), "instant"),
    Column("delivered_at", ("delivered_at",), "instant"),
    Column("tracking_state", ("status",)),
    Column("signed_by", ("signed_by",)),
    Column("document", ("file",)),
)

REMOVALS = _ledger(
    "removals",
    mark("the removals ledger"),
    mark("which feedback, claims and chargebacks no longer count"),
    _ORDER,
    Column("kind", ("kind",), "category"),
    Column("requested_on", ("requested_on",), "day"),
    Column("result", ("result",)),
    Column("decided_on", ("decided_on",), "day"),
    _NOTE,
)

EVIDENCE = _ledger(
    "evidence",
    mark("the evidence ledger"),
    mark("what the files in the evidence folder prove"),
    _ORDER,
    Column("document", ("file",)),
    Column("class_", ("class",), "category"),
    Column("dated", ("dated",), "day"),
    Column("closes", ("closes",)),
    _NOTE,
)

EVENTS = _ledger(
    "events",
    mark("the events ledger"),
    mark("changes of supplier, carrier or listing that may explain the rate"),
    Column("date", ("date",), "day", need=True),
    Column("kind", ("kind",)),
    Column("what", ("what",)),
    Column("column", ("column",)),
    Column("value", ("value",)),
)

MEASURES = _ledger(
    "measures",
    mark("the measures ledger"),
    mark("the measures of a plan of action, their owners and dates"),
    Column("id", ("id",), need=True),
    Column("cause", ("cause",)),
    Column("kind", ("kind",)),
    Column("status", ("status",)),
    Column("date", ("date",), "day"),
    Column("what", ("what",)),
    Column("owner", ("owner",)),
    Column("frequency", ("frequency",)),
    Column("threshold", ("threshold",)),
    Column("artefact", ("artefact",)),
    Column("setting", ("setting",)),
)

SETTINGS = _ledger(
    "settings",
    mark("the settings ledger"),
    mark("handling times, return policies and other settings"),
    Column("name", ("name",), need=True),
    Column("value", ("value",)),
    Column("checked_on", ("checked_on",), "day"),
    Column("document", ("file",)),
)

COSTS = _ledger(
    "costs",
    mark("the costs ledger"),
    mark("refunds and other costs of defects"),
    Column("date", ("date",), "day"),
    Column("kind", ("kind",)),
    Column("amount", ("amount",), "money", need=True),
    Column("currency", ("currency",), "category"),
    _ORDER_MAYBE,
    _NOTE,
)

FINDINGS = _ledger(
    "findings",
    "the findings ledger",
    "what the analyst found and wrote down while exploring",
    Column("id", ("id",), need=True),
    Column("noted_on", ("noted_on",), "day"),
    Column("name", ("name",)),
    Column("text", ("text",)),
    Column("profile", ("profile",)),
    Column("first", ("first",), "day", need=True),
    Column("last", ("last",), "day", need=True),
    Column("channel", ("channel",)),
    Column("kind", ("kind",)),
    Column("where", ("where",)),
    Column("orders", ("orders",), "integer"),
    Column("defective", ("defective",), "integer"),
    Column("rate", ("rate",)),
)

_ROWS = {
    "claims": "{order},2020-01-15,not received,granted,2020-01-22,seller,yes,2020-02-21,EXAMPLE",
    "chargebacks": "{order},2020-01-15,13.1,not received,open,service,yes,2020-01-22,EXAMPLE",
    "messages": "{order},2020-01-15T09:30:00Z,buyer,Where is my order?,",
    "deliveries": (
        "{order},USPS,Ground Advantage,9400111201080805483016,2020-01-10T16:00:00Z,"
        "2020-01-10T19:00:00Z,2020-01-10T23:59:59Z,2020-01-17T23:59:59Z,2020-01-14T11:05:00Z,"
        "delivered,,proof.pdf"
    ),
    "removals": "{order},feedback,2020-01-15,removed,2020-01-17,EXAMPLE",
    "evidence": "{order},proof.pdf,logistics,2020-01-14,delivered to the buyer's door,EXAMPLE",
    "events": "2020-01-15,EXAMPLE,new supplier for one product,sku,AB-1",
    "measures": (
        "EXAMPLE,R01,corrective,done,2020-01-15,all parcels of this product by tracked service,"
        "warehouse manager,daily,0 untracked parcels,carrier-invoice.pdf,"
    ),
    "settings": "EXAMPLE,2 days handling time,2020-01-15,handling-time.png",
    "costs": "2020-01-15,refund,19.90,USD,{order},item not received",
    "findings": (
        "EXAMPLE,2020-01-15,parcels without tracking,ask the warehouse why,amazon,2019-11-02,"
        "2019-12-31,mfn,any,tracked = no,310,9,2.9032%"
    ),
}
EXPORTS = (
    CLAIMS,
    CHARGEBACKS,
    MESSAGES,
    DELIVERIES,
    REMOVALS,
    EVIDENCE,
    EVENTS,
    MEASURES,
    SETTINGS,
    COSTS,
    FINDINGS,
)
# What a person would write in the example rows; the other cells are codes, dates and file names.
_PROSE = (
    *(mark("Where is my order?"), mark("new supplier for one product"), mark("warehouse manager")),
    *(mark("all parcels of this product by tracked service"), mark("daily")),
    *(mark("0 untracked parcels"), mark("2 days handling time"), mark("item not received")),
)
# Table -> header and example row.
TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    export.name.removeprefix("ledger_"): (
        tuple(column.theirs[0] for column in export.columns),
        tuple(_ROWS[export.name.removeprefix("ledger_")].format(order=EXAMPLE_ORDER).split(",")),
    )
    for export in EXPORTS
}


def templates() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Table -> header and example row, as `odr init` writes them: prose in the spoken language."""
    return {
        table: (header, tuple(tr(cell) if cell in _PROSE else cell for cell in example))
        for table, (header, example) in TEMPLATES.items()
    }
