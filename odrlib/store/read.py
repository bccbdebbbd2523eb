"""Read: a store's folder as tables, once, with every file accounted for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import chain, count
from pathlib import Path

import numpy as np
import pandas as pd

from odrlib import tables
from odrlib.assembly import assembled, gathered
from odrlib.cache import Cache, cache_of
from odrlib.exports.columns import rows_at, rows_where
from odrlib.exports.ledger import untouched
from odrlib.exports.performance import Performance, performance
from odrlib.exports.read import Context, Reading, read_file
from odrlib.finding import Finding
from odrlib.held import covered, let_go, slim
from odrlib.languages import mark, speak, tr
from odrlib.policy import AMAZON, KINDS
from odrlib.settings import FILE, Settings, read_settings
from odrlib.store.days import parse_day
from odrlib.store.folder import input_files, shown_path

# Which tables can tell a kind of defect for every order, and which only for some. The order defect
# download tells the kinds that it has a column for.
TELLS = {"claim": "claims", "chargeback": "chargebacks", "negative_feedback": "feedback"}
TELLS_PARTLY = {"claim": ("returns", "a_to_z")}


@dataclass(frozen=True)
class Store:
    """
    One store's folder as tables: None if no file gives one, empty if a file gives no rows.

    `orders` has one row per order, `order_items` per item, `shipments` per parcel; the other tables
    are as their files hold them, with `file` and `line`. `as_of` is the day the answers are for;
    `as_of_reason` is said in English, and translated where it is shown. `unknown` names the kinds
    of defect that no file tells completely; `notes` is the ledger of findings.
    """

    folder: Path
    settings: Settings
    as_of: date
    as_of_reason: str
    readings: tuple[Reading, ...]
    performance: tuple[Performance, ...]
    orders: pd.DataFrame | None
    order_items: pd.DataFrame | None
    shipments: pd.DataFrame | None
    feedback: pd.DataFrame | None
    odr_list: pd.DataFrame | None
    returns: pd.DataFrame | None
    claims: pd.DataFrame | None
    chargebacks: pd.DataFrame | None
    messages: pd.DataFrame | None
    removals: pd.DataFrame | None
    settlements: pd.DataFrame | None
    erp_orders: pd.DataFrame | None
    evidence: pd.DataFrame | None
    events: pd.DataFrame | None
    measures: pd.DataFrame | None
    store_settings: pd.DataFrame | None
    costs: pd.DataFrame | None
    notes: pd.DataFrame | None
    findings: tuple[Finding, ...]

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """The kinds of defect that no file in the folder tells for every order."""
        return tuple(
            kind for kind in KINDS if kind not in self.listed and getattr(self, TELLS[kind]) is None
        )

    @cached_property
    def partial(self) -> tuple[str, ...]:
        """The unknown kinds of which the files name at least some orders."""
        return tuple(
            kind
            for kind in self.unknown
            if kind in TELLS_PARTLY and self._has_column(*TELLS_PARTLY[kind])
        )

    @cached_property
    def counting(self) -> pd.DataFrame:
        """The orders that count, which every profile's table of defects has in common."""
        orders = tables.empty("order_items") if self.orders is None else self.orders
        return rows_where(orders, orders["counts"]) if len(orders) else orders

    def _has_column(self, table: str, column: str) -> bool:
        """Does a file that gives `table` have that column?"""
        return any(
            reading.export and table in reading.export.gives and column in reading.found
            for reading in self.readings
        )

    @cached_property
    def listed(self) -> frozenset[str]:
        """The kinds of defect that an order defect download of this folder tells."""
        by_type = self._has_column("odr_list", "defect_type")
        return frozenset(k for k in KINDS if by_type or self._has_column("odr_list", k))


def read_store(
    folder: str | Path,
    as_of: str | date | None = None,
    today: date | None = None,
    *,
    language: str = "",
    cache: Cache | str | Path | None = None,
) -> Store:
    """
    Read all files of a store folder, and speak its language from here on.

    Parameters
    ----------
    folder : the folder with `store.toml`, `exports/` and `ledger/`
    as_of : the day the answers are for; the default is the last day that the orders files cover
    today : dates after it are set aside as "in the future" (default: the clock's day, in UTC)
    language : "en" or "zh", for every sentence from here on; the default is in store.toml
    cache : a folder for what was read of each file, so that the next time only new files are read;
        the default is the environment variable ODR_CACHE, and without it, or for "", there is none

    Raises
    ------
    BadStore if the folder or its store.toml cannot be used; BadParameter for an unusable `as_of` or
    `cache`.
    What is wrong inside a file is never an error: it is set aside, counted and listed.
    """
    if language:
        speak(language)
    root = _resolved(folder)
    settings = read_settings(root, language)
    speak(language or settings.language)
    day = parse_day(as_of)
    # A later as-of is the caller's own word on what day it is.
    today = max(today or datetime.now(UTC).date(), day or date.min)
    context = Context(settings.marketplace, settings.timezone, today, settings.columns)
    findings = list(settings.findings)
    kept = cache_of(cache)
    kept = kept.apart_from(root) if kept else None
    readings: list[Reading] = []
    names: set[str] = set()
    for path in input_files(root, findings):
        name = _other(shown_path(path.relative_to(root)), names)
        names.add(name)
        once = slim(read_file(path, name, context)) if not kept else kept.read(path, name, context)
        readings.append(once)
    store = _assembled(root, settings, day, tuple(readings), findings, context, kept)
    if kept:
        kept.tidy()  # after all that this store asked for
    return store


def _other(name: str, names: Collection[str]) -> str:
    """The name, or with a number behind it if it is taken: two e-mail addresses are shown alike."""
    numbered = (f"{name} ({number})" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in names)


def _resolved(folder: str | Path) -> Path:
    """The store folder; a notebook's `../data/…` also works from the folder above."""
    path = Path(folder)
    if not path.exists() and path.parts[:1] == ("..",) and Path(*path.parts[1:]).exists():
        return Path(*path.parts[1:])
    return path


def _assembled(
    root: Path,
    settings: Settings,
    day: date | None,
    readings: tuple[Reading, ...],
    findings: list[Finding],
    context: Context,
    kept: Cache | None,
) -> Store:
    # A ledger that holds nothing but its example row says nothing: it is unknown, not "none".
    given = [reading for reading in readings if not untouched(reading)]
    whole = kept.grown(root, given, context, settings) if kept else None
    rows = None
    if whole is None:
        if kept:
            kept.load(readings)
        rows = gathered(given)
    names = [
        "feedback", "odr_list", "returns", "claims", "chargebacks", "messages", "removals",
        "settlements", "erp_orders", "evidence", "events", "measures", "store_settings", "costs",
        "notes",
    ]  # fmt: skip
    own = {"store_settings": "settings", "notes": "findings"}
    rest = {name: _distinct(tables.stacked(given, own.get(name, name))) for name in names}
    no_orders = rows is not None and (rows.order_items is None or not len(rows.order_items))
    last = _last_covered(readings) if no_orders else None
    let_go(readings, settings.timezone)
    if rows is not None:
        whole = assembled(rows, settings)
        if kept:
            kept.keep(root, whole, given, context, settings)
    assert whole is not None
    as_of, reason = _as_of(day, whole.orders, last, context.today)
    return Store(
        folder=root,
        settings=settings,
        as_of=as_of,
        as_of_reason=reason,
        readings=readings,
        performance=_performance(settings, readings),
        orders=whole.orders,
        order_items=whole.order_items,
        shipments=whole.shipments,
        findings=tuple(findings + [f for reading in readings for f in reading.findings]),
        **rest,
    )


def _distinct(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """The table without rows that say word for word what an earlier row says."""
    if table is None or len(table) < 2:
        return table
    said = [column for column in table.columns if column not in ("file", "line")]
    # A row that is alone in the first column, mostly the order id, is alone.
    alike = np.flatnonzero(table[said[0]].duplicated(keep=False))
    if not len(alike):
        return table
    again = alike[rows_at(table, alike, said).duplicated()]
    return rows_at(table, np.delete(np.arange(len(table)), again)) if len(again) else table


def _as_of(
    day: date | None, orders: pd.DataFrame | None, last: date | None, today: date
) -> tuple[date, str]:
    if day is not None:
        return day, mark("given")
    if orders is not None and not orders.empty:
        return orders["day"].max().date(), mark("the last day that the orders files cover")
    if last is not None:
        return last, mark("the last day of any file; there is no orders file")
    return today, mark("today; no file holds a date")


def _last_covered(readings: tuple[Reading, ...]) -> date | None:
    """The last day of any file, in UTC."""
    days = (covered(reading.columns, "UTC")[1] for reading in readings)
    return max((day for day in days if day), default=None)


def _performance(settings: Settings, readings: tuple[Reading, ...]) -> tuple[Performance, ...]:
    rows = [
        row
        for reading in readings
        if reading.document is not None
        for row in performance(reading.document, reading.file)
    ]
    typed = settings.amazon
    if typed:
        last = typed.get("last")
        first = typed.get("first", last and last - timedelta(days=AMAZON.days - 1))
        rows.append(
            Performance(
                source=FILE,
                marketplace=settings.marketplace,
                channel=typed.get("channel", "all"),
                first=first,
                last=last,
                orders=typed.get("orders"),
                defective=typed.get("defective"),
                claims=typed.get("claims"),
                chargebacks=typed.get("chargebacks"),
                negative_feedback=typed.get("negative_feedback"),
                rate=typed.get("rate"),
            )
        )
    distinct: list[Performance] = []
    for row in rows:
        # The same report downloaded twice is one report.
        if all(replace(row, source=other.source) != other for other in distinct):
            distinct.append(row)
    return tuple(distinct)


def inventory(store: Store) -> pd.DataFrame:
    """
    One row per file: what it was recognised as and how many of its rows were used.

    Columns: file, export, title, encoding, delimiter, rows (in the file), used, set_aside, refused
    (cells left empty), first, last (days covered, missing if it has none), sha256, bytes.
    """
    return pd.DataFrame([_file_row(reading) for reading in store.readings])


def _file_row(reading: Reading) -> dict[str, object]:
    first, last = reading.days
    return {
        "file": reading.file,
        "export": reading.export.name if reading.export else None,
        "title": tr(reading.export.title if reading.export else mark("not recognised")),
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "rows": reading.rows_in,
        "used": reading.rows_used,
        "set_aside": reading.rows_set_aside,
        "refused": len(reading.refused),
        "first": first,
        "last": last,
        "sha256": reading.sha256,
        "bytes": reading.size,
    }
