"""Records: what the files of a store say beside the orders in question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from odrlib.causes import Cause
from odrlib.store import Store


@dataclass(frozen=True)
class Records:
    """
    Everything a rule may look at; None where no file gives it, which is not the same as empty.

    Parameters
    ----------
    orders : every order of the history, cancelled ones too, to see what is normal
    shipments, messages, returns, chargebacks, settlements, costs, events : as in a `Store`
    verdicts : the table of `defects.verdicts`, which tells the day of each defect
    causes : the named causes of `find_causes`
    timezone : where days are cut
    as_of : the last day that the files know
    """

    orders: pd.DataFrame | None = None
    shipments: pd.DataFrame | None = None
    messages: pd.DataFrame | None = None
    returns: pd.DataFrame | None = None
    chargebacks: pd.DataFrame | None = None
    settlements: pd.DataFrame | None = None
    costs: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    verdicts: pd.DataFrame | None = None
    causes: Sequence[Cause] = ()
    timezone: str = "UTC"
    as_of: date | None = None


def records_of(
    store: Store, causes: Sequence[Cause] = (), verdicts: pd.DataFrame | None = None
) -> Records:
    """The records of a store, with the causes and verdicts that the caller has found."""
    return Records(
        orders=store.orders,
        shipments=store.shipments,
        messages=store.messages,
        returns=store.returns,
        chargebacks=store.chargebacks,
        settlements=store.settlements,
        costs=store.costs,
        events=store.events,
        verdicts=verdicts,
        causes=tuple(causes),
        timezone=store.settings.timezone,
        as_of=store.as_of,
    )
