"""Checks across the tables: what is missing, what disagrees, what was kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, compress
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd

from odrlib import policy
from odrlib.disagreements import defect_findings
from odrlib.exports.words import flags
from odrlib.finding import Finding, Place, count
from odrlib.languages import sentences, tr, trn
from odrlib.rates import KIND_WORDS
from odrlib.store import Store
from odrlib.tables import among
from odrlib.wanted import LISTED, TITLES, WANTED
from odrlib.windows import profile_window

# A file most of whose order ids are unknown, or a gap this long, deserves a question.
FOREIGN_SHARE = 0.5
FOREIGN_ROWS = 5
GAP_DAYS = 7
# Table → the day of a row, which is never before the day of its order.
DATED = {
    "odr_list": "ordered_on",
    "feedback": "date",
    "returns": "requested_on",
    "claims": "filed_on",
    "chargebacks": "filed_on",
    "messages": "at",
    "removals": "requested_on",
    "settlements": "posted_at",
    "shipments": "shipped_at",
}
# Tables whose rows come long after their order, and how long most take at most.
LATER = DATED.keys() - {"odr_list", "shipments"}
LAG = pd.Timedelta(days=60)
# The names that Amazon's documents give to the seller's id, in lower case.
SELLER_KEYS = frozenset(
    {"sellerid", "seller_id", "merchantid", "merchantidentifier", "sellingpartnerid"}
)
_HOLDERS = frozenset((dict, list))


def check_tables(
    store: Store, said: pd.DataFrame | None = None, judgement: pd.DataFrame | None = None
) -> list[Finding]:
    """
    Everything the reader should know about the input, errors first.

    Files and rows that could not be used, cells refused, what is missing and what that hides, order
    ids that no orders file knows, files that look like another store's, gaps, orders kept apart by
    policy, and sources that disagree about a defect.

    Parameters
    ----------
    said, judgement : the tables of `said_of_defects` and, by Amazon's profile, of `judged`, if
        they are there already
    """
    found = [
        *store.findings,
        *_missing(store),
        *_partial(store),
        *_strangers(store),
        *_other_seller(store),
        *_no_shared_sku(store),
        *_other_marketplace(store),
        *_coverage(store),
        *_kept_apart(store),
        *defect_findings(store, said, judgement),
    ]
    rank = {"error": 0, "warning": 1, "information": 2}
    return sorted(found, key=lambda f: (rank[f.level], f.id, f.place.file if f.place else ""))


def _missing(store: Store) -> Iterator[Finding]:
    """What no file gives, and what that hides."""
    for name, (what, hides) in WANTED.items():
        given = store.performance if name == "performance" else getattr(store, name)
        if given is None or (name == "performance" and not given):
            yield Finding(
                f"missing-{name.replace('_', '-')}",
                "error"
                if name == "orders"
                else "warning"
                if _hides_a_kind(store, name)
                else "information",
                tr(
                    "No file gives {what}; unknown without it: {hides}.",
                    what=tr(TITLES[name]),
                    hides=tr(hides),
                ),
                tr("Add {what}.", what=tr(what)),
            )


def _hides_a_kind(store: Store, table: str) -> bool:
    kinds = {"claims": "claim", "chargebacks": "chargeback", "feedback": "negative_feedback"}
    return table == "odr_list" or kinds.get(table) in store.unknown


def _partial(store: Store) -> Iterator[Finding]:
    for kind in store.partial:
        yield Finding(
            "kind-told-in-part",
            "warning",
            tr(
                "Only the returns file tells of a {kind}, so orders that were never returned may "
                "lack theirs; the count is a lower bound.",
                kind=tr(KIND_WORDS[kind]),
            ),
            tr("Add the order defect download or fill ledger/claims.csv."),
        )


def _strangers(store: Store) -> Iterator[Finding]:
    """Order ids that no orders file knows, per file; a file full of them is another store's."""
    if store.orders is None or store.orders.empty:
        return
    begins = store.orders["day"].min()
    for name, strange in _unknown_ids(store).items():
        title, table = LISTED[name], getattr(store, name)
        named = table[table["order_id"].notna()]
        strange = strange[named.index]
        day, files = _dated(named, name), named["file"].astype("str")
        # What is dated before the first order is of an order before it: no sign of another store.
        early = strange & (day < begins)
        if early.any():
            for file, rows in named[early].groupby(files[early], sort=True):
                yield _before_orders(str(file), rows, begins, title)
        late = named[strange & ~early]
        for file, rows in late.groupby(files[late.index], sort=True):
            total = int((files[~early] == file).sum())
            settled = int((day[rows.index] >= begins + LAG).sum())
            foreign = _is_foreign(name, len(rows), settled, total)
            yield _stranger(str(file), rows, total, foreign, title, name)


def _unknown_ids(store: Store) -> dict[str, pd.Series]:
    """Table → which of its rows name an order that no orders file knows; of tables with any."""
    tables = {name: getattr(store, name) for name in LISTED}
    ids = {name: table["order_id"] for name, table in tables.items() if table is not None}
    if store.orders is None or not ids:
        return {}
    # All tables at once: to look up among the orders, a set of them is made.
    every = pd.concat(list(ids.values()), ignore_index=True)
    strange = (every.notna() & ~among(every, store.orders["order_id"])).to_numpy()
    ends = np.cumsum([len(of_table) for of_table in ids.values()])[:-1]
    return {
        name: pd.Series(flags, index=ids[name].index)
        for name, flags in zip(ids, np.split(strange, ends), strict=True)
        if flags.any()
    }


def _dated(table: pd.DataFrame, name: str) -> pd.Series:
    """The day of each row, unknown where the table has none."""
    if name not in DATED:
        return pd.Series(pd.NaT, table.index)
    return pd.to_datetime(table[DATED[name]], utc=True).dt.tz_localize(None)


def _is_foreign(table: str, strange: int, settled: int, total: int) -> bool:
    """
    Are the unknown rows so many that the file looks like another store's?

    Feedback, claims and the like come weeks after their order, so in the first weeks many are of
    earlier orders; `settled` counts the unknown rows after those. A file that knows no order of
    this store at all has no such excuse.
    """
    least = max(FOREIGN_ROWS, FOREIGN_SHARE * total)
    excused = table in LATER and strange < total
    return strange >= least and (not excused or settled >= least)


def _before_orders(file: str, rows: pd.DataFrame, begins: pd.Timestamp, title: str) -> Finding:
    ids = tuple(sorted(set(rows["order_id"])))
    return Finding(
        "before-the-orders",
        "information",
        trn(
            "{file}: {n:,} order id of {title} is of a day before the first order of the orders "
            "files, {day:%Y-%m-%d}; it is in no rate.",
            "{file}: {n:,} order ids of {title} are of days before the first order of the orders "
            "files, {day:%Y-%m-%d}; they are in no rate.",
            len(ids), file=file, title=tr(title), day=begins,
        ),
        tr("Add the orders files of those days if a window or a trend is to reach back to them."),
        Place(file, int(rows["line"].min())),
        order_ids=ids,
        count=len(ids),
    )  # fmt: skip


def _stranger(
    file: str, rows: pd.DataFrame, total: int, foreign: bool, title: str, table: str
) -> Finding:
    ids = tuple(sorted(set(rows["order_id"])))
    first = rows.sort_values("line").iloc[0]
    place = Place(file, int(first["line"]), "order_id", str(first["order_id"]))
    if foreign:
        return Finding(
            "file-of-another-store",
            "error",
            tr(
                "{file}: {rows:,} of {total:,} rows name orders that no orders file of this store "
                "knows; it looks like another store's file.",
                file=file,
                rows=len(rows),
                total=total,
            ),
            tr("Check whose file it is; take it out, or add the orders file of those days."),
            place,
            order_ids=ids,
            count=len(rows),
        )
    message = (
        trn(
            "{file}: {n:,} order id of {title} is in no orders file; it explains nothing.",
            "{file}: {n:,} order ids of {title} are in no orders file; they explain nothing.",
            len(ids), file=file, title=tr(title),
        )
        if table == "shipments"
        else trn(
            "{file}: {n:,} order id of {title} is in no orders file; its defect is in no rate.",
            "{file}: {n:,} order ids of {title} are in no orders file; their defects are in no "
            "rate.",
            len(ids), file=file, title=tr(title),
        )
    )  # fmt: skip
    return Finding(
        "order-not-in-orders",
        "warning" if table != "shipments" else "information",
        message,
        tr("Add the orders file of those days, or check the ids."),
        place,
        order_id=ids[0] if len(ids) == 1 else None,
        order_ids=ids,
        count=len(ids),
    )


def _other_seller(store: Store) -> Iterator[Finding]:
    """Documents that name a seller who is not this store's, and ERP files of several shops."""
    mine = store.settings.seller_id.strip()
    for reading in store.readings:
        named = sorted(set(_sellers(reading.document)))
        if mine and named and mine not in named:
            yield Finding(
                "file-of-another-store",
                "error",
                tr(
                    "{file} names the seller {named}, store.toml {mine}.",
                    file=reading.file,
                    named=tr(", ", context="list").join(named),
                    mine=mine,
                ),
                tr("Check whose file it is; take it out, or correct seller_id."),
                Place(reading.file, value=named[0]),
            )
    shops = store.erp_orders
    if shops is not None and shops["shop"].nunique() > 1:
        names = tr(", ", context="list").join(sorted(map(str, shops["shop"].dropna().unique()))[:5])
        yield Finding(
            "several-shops",
            "information",
            tr(
                "The ERP files hold rows of several shops ({names}); only orders that this store's "
                "orders files know were used.",
                names=names,
            ),
            count=int(shops["shop"].nunique()),
        )


def _sellers(document: Any) -> Iterator[str]:
    """The seller ids named anywhere in a JSON or XML document, however deep it is."""
    if isinstance(document, Element):
        for node in document.iter():
            text = (node.text or "").strip()
            if text and node.tag.rpartition("}")[2].casefold() in SELLER_KEYS:
                yield text
        return
    level = [document]
    while level:
        objects = [part for part in level if type(part) is dict]
        lists = [part for part in level if type(part) is list]
        # Of many thousand objects most have the same keys, and of their values few hold others.
        shapes = set(map(tuple, objects))
        keys = {key for shape in shapes for key in shape if key.casefold() in SELLER_KEYS}
        if keys:
            named = (part[key] for part in objects for key in keys & part.keys())
            yield from (name for name in named if isinstance(name, str) and name)
        held = list(chain.from_iterable([*map(dict.values, objects), *lists]))
        level = list(compress(held, map(_HOLDERS.__contains__, map(type, held))))


def _no_shared_sku(store: Store) -> Iterator[Finding]:
    """An orders file none of whose SKUs stands in any other may be another store's."""
    items = store.order_items
    if items is None:
        return
    files, skus = items["file"].array, items["sku"].array
    many = len(skus.categories)
    named = skus.codes >= 0
    pairs = pd.unique(files.codes[named].astype("int64") * many + skus.codes[named])
    of_file, of_sku = np.divmod(pairs, max(1, many))
    shared = np.bincount(of_sku)[of_sku] > 1
    if not shared.any():
        return
    in_file = np.bincount(of_file)
    shared_in = np.bincount(of_file[shared], minlength=len(in_file))
    for code in np.flatnonzero((in_file >= FOREIGN_ROWS) & (shared_in == 0)):
        file, number = str(files.categories[code]), int(in_file[code])
        yield Finding(
            "orders-share-no-sku",
            "warning",
            tr(
                "{file}: none of its {skus:,} SKUs is in any other orders file; it may be "
                "another store's. Its orders were counted.",
                file=file,
                skus=number,
            ),
            tr("Check whose file it is, and take it out if it is not this store's."),
            Place(file),
            count=number,
        )


def _other_marketplace(store: Store) -> Iterator[Finding]:
    """Orders and performance rows of a site that is not this store's."""
    site = policy.MARKETPLACES[store.settings.marketplace]["site"]
    if store.order_items is not None and len(store.order_items):
        items = store.order_items[["file", "sales_channel", "order_id", "line"]]
        sites = {row["site"].casefold() for row in policy.MARKETPLACES.values()}
        sites -= {site.casefold()}
        sold = flags(items["sales_channel"], lambda name: name.casefold() in sites)
        if not sold.any():
            return
        other = items.take(np.flatnonzero(sold))
        for (file, name), rows in other.groupby(
            [other["file"].astype("str"), other["sales_channel"].astype("str")], sort=True
        ):
            orders = rows["order_id"].nunique()
            yield Finding(
                "other-marketplace",
                "warning",
                tr(
                    "{file}: {orders} sold on {name}, not {site}; counted.",
                    file=file,
                    orders=count(orders, "order"),
                    name=name,
                    site=site,
                ),
                tr(
                    "Amazon counts each marketplace apart: give each site a store folder of its "
                    "own."
                ),
                Place(str(file), int(rows["line"].min()), "sales_channel", str(name)),
                count=int(orders),
            )
    places = {row.marketplace for row in store.performance if row.marketplace}
    if places and store.settings.marketplace not in places:
        yield Finding(
            "performance-of-another-marketplace",
            "warning",
            tr(
                "The performance report speaks of {places}, not of {mine}; it was not used.",
                places=tr(", ", context="list").join(sorted(places)),
                mine=store.settings.marketplace,
            ),
            tr("Download the report of this marketplace, or correct store.toml."),
            Place(store.performance[0].source),
        )


def _coverage(store: Store) -> Iterator[Finding]:
    """Days of the window that the orders files may not cover."""
    if store.orders is None or store.orders.empty:
        return
    days = store.orders["day"]
    first, last = days.min().date(), days.max().date()
    if store.as_of > last:
        yield Finding(
            "orders-end-early",
            "warning",
            tr(
                "The orders files end on {last}, {days} before as-of.",
                last=last,
                days=count((store.as_of - last).days, "day"),
            ),
            tr("Add the newest All Orders file, or answer for an earlier day."),
        )
    for profile in policy.PROFILES.values():
        window = profile_window(store, profile).window
        if window.first < first:
            yield Finding(
                "window-not-covered",
                "warning",
                tr(
                    "{rule}: the window starts on {start}, the orders files on {first}; if the "
                    "store sold earlier, orders and defects are missing.",
                    rule=profile.title,
                    start=window.first,
                    first=first,
                ),
                tr("Add the All Orders files of the earlier days."),
            )
    seen = np.sort(days.unique()).astype("datetime64[D]")
    inside = seen[seen <= np.datetime64(store.as_of)]
    lengths = np.diff(inside).astype("int64")
    for place in np.flatnonzero(lengths > GAP_DAYS).tolist():
        silent, end = int(lengths[place]) - 1, inside[place + 1].item()
        yield Finding(
            "orders-gap",
            "warning",
            tr("No order on the {days} days before {end:%Y-%m-%d}.", days=silent, end=end),
            tr("If the store sold on those days, an orders file is missing."),
            count=silent,
        )


def _kept_apart(store: Store) -> Iterator[Finding]:
    """Orders that the policy leaves out, with the rule."""
    if store.orders is None:
        return
    orders = store.orders
    decisions = policy.table("decisions")
    elsewhere = orders["multi_channel"].to_numpy(bool)
    multi = int(elsewhere.sum())
    cancelled = int((orders["cancelled"].to_numpy(bool) & ~elsewhere).sum())
    if multi:
        yield Finding(
            "multi-channel-orders",
            "information",
            sentences(
                trn(
                    "{n:,} multi-channel order kept apart.",
                    "{n:,} multi-channel orders kept apart.",
                    multi,
                ),
                tr(decisions["multi_channel"]["rule"]),
            ),
            count=multi,
        )
    if cancelled and not store.settings.count_cancelled:
        yield Finding(
            "cancelled-orders",
            "information",
            sentences(
                trn(
                    "{n:,} cancelled order kept apart.",
                    "{n:,} cancelled orders kept apart.",
                    cancelled,
                ),
                tr(decisions["cancelled"]["rule"]),
            ),
            count=cancelled,
        )
    unknown = orders.loc[orders["channel"].isna() & orders["counts"], "order_id"]
    if len(unknown):
        yield Finding(
            "channel-unknown",
            "warning",
            trn(
                "No file says who ships {n:,} order, counted in the total only.",
                "No file says who ships {n:,} orders, counted in the total only.",
                len(unknown),
            ),
            tr("Add the All Orders report, which says it in fulfillment-channel."),
            order_ids=tuple(unknown.head(50)),
            count=len(unknown),
        )


def set_aside(store: Store) -> pd.DataFrame:
    """
    Every row that could not be used, and every cell left empty, with its place and reason.

    Columns: file, line, column, value, reason, message, to_do, used (True: the row was used without
    that cell).
    """
    parts = [
        rows.assign(used=used)
        for reading in store.readings
        for rows, used in ((reading.set_aside, False), (reading.refused, True))
        if len(rows)
    ]
    if not parts:
        columns = ["file", "line", "column", "value", "reason", "message", "to_do", "used"]
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)
