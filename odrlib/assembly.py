"""
Assembly: items, orders and parcels, put together from the rows of all files.

Whatever stands in these tables of an order is a function of the rows that name the order. So when
files are new, only the orders they name are put together anew (`growth`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from odrlib import tables
from odrlib.exports.read import Reading
from odrlib.settings import Settings

# The tables of rows that these are put together from.
ROWS = ("order_items", "shipments")
# The words of an order that its parcels tell.
PARCEL_WORDS = ("carrier", "ship_service", "tracking_state", "warehouse", "supplier")


@dataclass
class Assembly:
    """
    The tables of a store that are put together from many files.

    Parameters
    ----------
    order_items, orders, shipments : as in `Store`
    strangers : the words of the parcels' orders that no orders file knows
    merged : did two rows tell of one item?
    linked : did a parcel without an order id look for its order by its tracking number?
    """

    order_items: pd.DataFrame | None = None
    orders: pd.DataFrame | None = None
    shipments: pd.DataFrame | None = None
    strangers: pd.DataFrame | None = None
    merged: bool = False
    linked: bool = False


def gives_rows(reading: Reading, *, only: bool = False) -> bool:
    """Is any of these tables put together from the file, and none but these if `only`?"""
    given = reading.export.gives if reading.export else ()
    return any(table in ROWS for table in given) and not (only and set(given) - set(ROWS))


def gathered(readings: Iterable[Reading]) -> Assembly:
    """The rows of items and parcels as the files tell them, from which the rest is `assembled`."""
    readings = list(readings)
    linked = any(
        pd.isna(reading.columns["order_id"]).any()
        for reading in readings
        if reading.export and "shipments" in reading.export.gives and reading.columns is not None
    )
    rows, parcels = tables.stacked(readings, "order_items"), tables.shipments(readings)
    return Assembly(rows, None, parcels, linked=linked)


def assembled(given: Assembly, settings: Settings) -> Assembly:
    """Items and orders out of the rows `gathered`."""
    rows, parcels = given.order_items, given.shipments
    if rows is None:
        return given
    items = tables.merge_items(rows)
    orders = tables.orders(rows, items, settings.timezone, settings.count_cancelled)
    best, place = tables.best_parcels(orders["order_id"], parcels)
    unknown = np.ones(len(best), bool)
    unknown[place[place >= 0]] = False
    strangers = best.loc[unknown, ["order_id", *PARCEL_WORDS]].reset_index(drop=True)
    orders = tables.with_parcels(orders, best, place)
    return Assembly(items, orders, parcels, strangers, len(items) < len(rows), given.linked)
