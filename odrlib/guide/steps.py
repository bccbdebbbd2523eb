"""Steps: the files that a store lacks, the most valuable first, and how to get each."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from odrlib import policy
from odrlib.exports.export import Export
from odrlib.exports.known import EXPORTS
from odrlib.exports.ledger import untouched
from odrlib.languages import tr
from odrlib.plain import plain_dict
from odrlib.store import Store
from odrlib.windows import profile_window

# Nobody fetches these: `odr appeal reply` writes the one, who explores the orders the other.
NEVER_ASKED = ("exempted", "ledger_findings")
SELLER_CENTRAL = "Seller Central"
# What the API takes at once; a page may take no more either.
DAYS_AT_ONCE = 30


@dataclass(frozen=True)
class Step:
    """
    One file to fetch, or one table to fill in.

    Parameters
    ----------
    exports : the kinds of file that would do; the first is the one described
    stage : what it is for: orders, rate, causes, evidence or related
    title : as the analyst knows it
    hides : what stays unknown without it
    where : the page it is downloaded from, or where what is written into it stands
    domain : the address of Seller Central for this marketplace; empty if no source names it
    button : what Amazon calls the button; empty if no source names it
    dates : what `first` and `last` are days of ("order dates"); empty if there are none to choose
    first, last : the days to choose at least; None if there are none to choose
    form : what the file looks like; `headers` : column headings to know it by; `localised` : or the
        like, because they come in other languages and spellings
    place : where to put it, inside the store folder
    note : what else one should know
    in_part : such a file is there, but not for the days `first` to `last`
    """

    exports: tuple[str, ...]
    stage: str
    title: str
    hides: str
    where: str
    domain: str = ""
    button: str = ""
    dates: str = ""
    first: date | None = None
    last: date | None = None
    form: str = ""
    headers: tuple[str, ...] = ()
    localised: bool = False
    place: str = "exports/"
    note: str = ""
    in_part: bool = False

    @property
    def is_page(self) -> bool:
        """Is it downloaded from a page of Seller Central?"""
        return not self.is_ledger and _export(self.exports[0]).where.startswith(SELLER_CENTRAL)

    @property
    def is_ledger(self) -> bool:
        """Is it a table to fill in, and not a file to fetch?"""
        return self.exports[0].startswith("ledger_")

    @property
    def pieces(self) -> int:
        """How many files it takes where a page takes no more than 30 days at once."""
        days = (self.last - self.first).days + 1 if self.first and self.last else 1
        return -(-days // DAYS_AT_ONCE)

    def as_dict(self) -> dict[str, Any]:
        """The step as JSON."""
        return plain_dict({name: getattr(self, name) for name in self.__dataclass_fields__})


def guide(store: Store) -> tuple[Step, ...]:
    """
    What the store lacks, in order of value; each step is said in the spoken language.

    Orders come first, since nothing is told without them; then what makes the rate known, what
    finds causes, what proves, and what the related metrics need. Kinds of file that only a store
    of the other fulfilment channel has are left out once the orders tell the channel.
    """
    given = _given(store)
    wanted = [
        _step(row, store)
        for row in _table()["steps"]
        if not given & {*row["exports"], *row.get("also", ())} and _sells(store, row)
    ]
    return (*_earlier_orders(store), *wanted)


def kinds_given(store: Store) -> frozenset[str]:
    """The kinds of file in the folder that say anything; an untouched ledger says nothing."""
    return frozenset(
        reading.export.name
        for reading in store.readings
        if reading.export and not untouched(reading)
    )


def _given(store: Store) -> set[str]:
    typed = {"performance_v2"} if store.performance else set()
    return {*kinds_given(store), *typed}


def _sells(store: Store, row: dict[str, Any]) -> bool:
    """Could this store have such a file? Where the channel of orders is unknown, it could."""
    channel = row.get("channel", "")
    if not channel or store.orders is None or store.orders.empty:
        return True
    return bool((store.orders["channel"].eq(channel) | store.orders["channel"].isna()).any())


def of_this_store(store: Store, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the kinds of file that a store of its channels can have."""
    rows = {name: row for row in _table()["steps"] for name in row["exports"]}
    return tuple(name for name in names if name not in rows or _sells(store, rows[name]))


def _earlier_orders(store: Store) -> Iterator[Step]:
    """The orders of the days that the window has and no orders file reaches."""
    if store.orders is None or store.orders.empty:
        return
    first, _ = days_wanted(store)
    began = store.orders["day"].min().date()
    if first < began:
        row = _table()["steps"][0]
        yield _step(row, store, first, began - timedelta(days=1))


def days_wanted(store: Store) -> tuple[date, date]:
    """From the first day of either rule's window to the as-of day."""
    firsts = [profile_window(store, name).window.first for name in policy.PROFILES]
    return min(firsts), store.as_of


def _step(
    row: dict[str, Any], store: Store, first: date | None = None, last: date | None = None
) -> Step:
    export = _export(row["exports"][0])
    dated = "dates" in row
    from_, to = days_wanted(store)
    ledger = export.path.startswith("ledger/")
    return Step(
        exports=tuple(row["exports"]),
        stage=row["stage"],
        title=tr(export.title),
        hides=tr(export.hides),
        where=tr(row.get("page") or export.where),
        domain=_domain(store) if export.where.startswith(SELLER_CENTRAL) and not ledger else "",
        button=row.get("button", ""),
        dates=tr(row["dates"]) if dated else "",
        first=(first or from_) if dated else None,
        last=(last or to) if dated else None,
        form=tr(row["form"]) if "form" in row else "",
        headers=() if export.format != "table" or ledger else _headers(export),
        localised=row.get("localised", False),
        place=f"{export.path.rstrip('*')}.csv" if ledger else "exports/",
        note=tr(row["note"]) if "note" in row else "",
        in_part=first is not None,
    )


def _domain(store: Store) -> str:
    text: str = _table()["domains"].get(store.settings.marketplace, "")
    return text


def _headers(export: Export) -> tuple[str, ...]:
    """Column headings to know the file by, in their first spelling."""
    return tuple(
        column.theirs[0] for column in export.columns if column.need or column.ours in export.tells
    )


def _export(name: str) -> Export:
    return next(export for export in EXPORTS if export.name == name)


@cache
def _table() -> dict[str, Any]:
    text = files("odrlib.guide").joinpath("steps.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def others(step: Step) -> tuple[str, ...]:
    """The titles of the other kinds of file that would do."""
    return tuple(tr(_export(name).title) for name in step.exports[1:])
