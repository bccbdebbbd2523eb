"""Loads: days on which there was more to do than could be done, or to sell than was there."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import bdtrc, pdtrc

from odrlib.categories.catalogue import limit
from odrlib.categories.parcels import DAY, HOUR, hours, unsaid
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.languages.forms import span
from odrlib.related import ANSWER_TIME
from odrlib.tables import order_days

# What peaks and stock-outs are told by: a large store has no room for a second copy of its orders.
WORK = ("day", "channel", "ordered_at", "shipped_at")
STOCK = (
    "sku", "day", "channel", "cancelled", "shipped_at", "first_scan_at", "delivered_at",
    "tracking_number", "promised_ship",
)  # fmt: skip


def peaks(
    orders: pd.DataFrame, messages: pd.DataFrame | None, timezone: str = "UTC"
) -> pd.DataFrame:
    """
    The field `peak`: orders of days on which orders, hand-over time and slow answers all rose.

    A peak is a run of days with half as many orders again as the four weeks before, more than
    chance gives. It counts as an overload when on its days the hand-over took a quarter longer than
    on other days, and a quarter more questions waited too long. Without messages nothing is known.

    Returns
    -------
    DataFrame with the index of `orders`: `flag` (missing where the answers or the hand-over times
    are unknown) and `says`
    """
    own = orders["channel"].ne("afn").fillna(True).to_numpy(bool)
    took = ((orders["shipped_at"] - orders["ordered_at"]) / HOUR).where(own)
    slow = _slow_by_day(messages, timezone)
    told = slow is not None and bool(took.notna().any())
    table = unsaid(pd.Series(told, index=orders.index))
    if slow is None or not told:
        return table
    per_day = orders.groupby("day").size()
    per_day = per_day.reindex(pd.date_range(per_day.index.min(), per_day.index.max()), fill_value=0)
    weeks = int(7 * limit("peak_weeks"))
    usual = per_day.rolling(weeks, min_periods=weeks).median().shift(1)
    high = (per_day >= limit("peak_ratio") * usual) & (usual > 0)
    # Small stores have busy days by chance alone.
    high &= pdtrc(per_day - 1, usual.fillna(np.inf)) * len(per_day) <= limit("certain")
    runs = (high != high.shift()).cumsum()[high]
    calm = ~orders["day"].isin(runs.index)
    usual_time = took[calm].median()
    calm_slow = slow[~slow["day"].isin(runs.index)]["slow"]
    for _, run in runs.groupby(runs):
        here = orders["day"].isin(run.index)
        time = took[here].median()
        waits = slow[slow["day"].isin(run.index)]["slow"]
        if waits.empty or not time >= limit("peak_slower") * usual_time:
            continue
        if not _more_often(waits, calm_slow):
            continue
        table.loc[here, "flag"] = True
        table.loc[here, "says"] = tr(
            "{span}: {orders:.0f} orders a day, {usual:.0f} in the four weeks before; hand-over "
            "took {time}, else {usual_time}; {late:.0%} of the answers came too late, else "
            "{usual_late:.0%}",
            span=span(run.index[0], run.index[-1]),
            orders=per_day[run.index].mean(),
            usual=usual[run.index[0]],
            time=hours(time),
            usual_time=hours(usual_time),
            late=waits.mean(),
            usual_late=calm_slow.mean(),
        )
    return table


def _more_often(waits: pd.Series, calm: pd.Series) -> bool:
    """Are so many late answers a quarter more than on calm days, and no accident?"""
    usual, late = float(calm.mean()) if len(calm) else 0.0, int(waits.sum())
    if not late or late < limit("peak_slower") * usual * len(waits):
        return False
    return bool(bdtrc(late - 1, len(waits), usual) <= limit("certain"))


def _slow_by_day(messages: pd.DataFrame | None, timezone: str) -> pd.DataFrame | None:
    """Each buyer's question: its day, and whether its answer took too long."""
    if messages is None or messages.empty:
        return None
    known = messages[messages["at"].notna()].sort_values("at", kind="stable")
    sender = known["sender"].astype("str").str.strip().str.casefold()
    known = known[["order_id", "at"]].astype({"order_id": "str"})
    asked = known[sender.eq("buyer")]
    if asked.empty:
        return None
    answers = known[sender.eq("seller")].rename(columns={"at": "answered_at"})
    both = pd.merge_asof(
        asked, answers, left_on="at", right_on="answered_at", by="order_id", direction="forward"
    )
    last = known["at"].max()
    wait = both["answered_at"].fillna(last) - both["at"]
    told = both["answered_at"].notna() | (wait > ANSWER_TIME)
    return pd.DataFrame({"day": order_days(both["at"], timezone), "slow": wait > ANSWER_TIME})[told]


def stock_outs(orders: pd.DataFrame, timezone: str = "UTC") -> pd.DataFrame:
    """
    The field `stock_out`: orders of a SKU in days in which many of its orders came to nothing.

    Nothing came of an order that was cancelled, or not shipped although it was promised before the
    last shipment that is known. A week is a stock-out when so many failures are no accident at the
    rate of the other orders; the error budget is shared by all days on which a SKU was sold.

    Parameters
    ----------
    orders : one row per order, cancelled ones included

    Returns
    -------
    DataFrame with the index of `orders`: `flag` (missing without SKU) and `says`
    """
    table = unsaid(orders["sku"].notna())
    own = orders["channel"].ne("afn").fillna(True).to_numpy(bool) & orders["sku"].notna()
    mine = orders.loc[own, list(STOCK)]
    rows = mine[["sku", "day"]].assign(failed=_failed(mine, timezone))
    if not rows["failed"].any():
        return table
    week = int(limit("stock_out_days"))
    sku = pd.factorize(rows["sku"], sort=True)[0].astype("int64")
    day = ((rows["day"] - rows["day"].min()) / DAY).to_numpy("int64")
    # One number line on which the days of two SKUs lie more than a week apart.
    place = sku * (int(day.max()) + 2 * week) + day
    order = np.argsort(place, kind="stable")
    line, failed = place[order], rows["failed"].to_numpy(bool)[order]
    starts = np.unique(line[failed])
    low, high = np.searchsorted(line, starts), np.searchsorted(line, starts + week)
    running = np.append(0, np.cumsum(failed))
    here, size = running[high] - running[low], high - low
    others = (failed.sum() - here) / np.maximum(1, len(line) - size)
    chance = pdtrc(here - 1, size * others) * len(np.unique(line))
    sure = np.flatnonzero((here >= limit("stock_out_orders")) & (chance <= limit("certain")))
    taken = np.zeros(len(line), dtype=bool)
    # The surest week first; one that shares orders with it says nothing new.
    for at in sure[np.lexsort((starts[sure], chance[sure]))]:
        # After its last failure a stock-out is over.
        end = low[at] + int(np.flatnonzero(failed[low[at] : high[at]])[-1]) + 1
        if taken[low[at] : high[at]].any():
            continue
        taken[low[at] : high[at]] = True
        found = rows.iloc[order[low[at] : end]]
        table.loc[found.index, "flag"] = True
        table.loc[found.index, "says"] = tr(
            "{failed:,} of {orders} of {sku} from {span} were cancelled or never shipped, "
            "{others:.1%} of the others",
            failed=int(here[at]),
            orders=count(len(found), "order"),
            sku=found["sku"].iloc[0],
            span=span(found["day"].min(), found["day"].max()),
            others=float(others[at]),
        )
    return table


def _failed(orders: pd.DataFrame, timezone: str) -> pd.Series:
    """Cancelled, or without a parcel although promised before the last known shipment."""
    cancelled = orders["cancelled"].fillna(False).astype(bool)
    if orders["shipped_at"].notna().mean() < limit("known_share"):
        return cancelled
    moved = orders[["shipped_at", "first_scan_at", "delivered_at", "tracking_number"]]
    moved = moved.notna().any(axis="columns")
    due = deadline_passed(orders, timezone)
    return cancelled | (~moved & due)


def deadline_passed(orders: pd.DataFrame, timezone: str) -> pd.Series:
    """Was the shipment promised for a day before the last known shipment?"""
    promised = order_days(orders["promised_ship"], timezone)
    return promised < order_days(orders["shipped_at"], timezone).max()
