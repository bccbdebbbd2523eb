"""Titles of the figures about causes: the path, the grid, changes, what may come, what if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from odrlib.categories.catalogue import UNEXPLAINED
from odrlib.causes.cause import MILDLY
from odrlib.causes.happenings import AFTER, BEFORE, ELSEWHERE, EXPLAINS, UNDATED
from odrlib.finding import count
from odrlib.languages import mark, tr, trn
from odrlib.naming import ALL, attribute, slice_name
from odrlib.policy import Profile
from odrlib.words.plain import (
    capital,
    day,
    listing,
    number,
    percent,
    short_day,
    span,
    uncapital,
    whole_percent,
)

# How an event relates to a change, in the fewest words, for lists that have little room.
RELATIONS = {
    EXPLAINS: mark("may explain it"),
    AFTER: mark("later"),
    ELSEWHERE: mark("concerns other orders"),
    UNDATED: mark("date missing"),
    BEFORE: mark("too early by itself"),
}


def drill_title(path: pd.DataFrame) -> str:
    """How much the path narrows. `path` as `drill_down` gives it."""
    first, last = path.iloc[0], path.iloc[-1]
    orders = count(int(first["orders"]), "order")
    if not int(first["orders"]):
        return tr("There are no orders to narrow down")
    if not int(first["defective"]):
        return tr("None of {orders} is defective", orders=orders)
    if not int(last["orders"]):
        return tr("None of {orders} meets all conditions", orders=orders)
    return tr(
        "From {orders} to {left:,}: {share_of_orders} of the orders, "
        "{share_of_defects} of the defective ones",
        orders=orders,
        left=int(last["orders"]),
        share_of_orders=whole_percent(last["share_of_orders"]),
        share_of_defects=whole_percent(last["share_of_defects"]),
    )


def drill_step(step: Mapping[Any, Any]) -> str:
    """One step of a path: its condition, and what is left then."""
    left = {
        "condition": step["condition"],
        "defective": int(step["defective"]),
        "orders": int(step["orders"]),
        "rate": percent(step["rate"]),
    }
    if step["step"] > 1:
        return tr("and {condition}: {defective:,} of {orders:,} defective ({rate})", **left)
    return tr("{condition}: {defective:,} of {orders:,} defective ({rate})", **left)


def grid_title(grid: pd.DataFrame, row: str, column: str) -> str:
    """
    Which pair of levels has most defects above its share, and what each level does by itself.

    `grid` as `rate_grid` gives it, of the attributes (columns of the orders) `row` and `column`.
    """
    orders, defective = int(grid["orders"].sum()), int(grid["defective"].sum())
    if not orders:
        return tr("There are no orders to compare")
    if not defective:
        return tr("None of {orders} is defective", orders=count(orders, "order"))
    top = grid.loc[grid["excess"].idxmax()]
    names = {"row": attribute(row), "column": attribute(column)}
    if top["excess"] < 1:
        return tr(
            "No pair of {row} and {column} has one defective order more than its share", **names
        )
    return tr(
        "{pair}: {defective} where {expected} would be its share; "
        "{row} and {column} taken apart give {apart}",
        pair=capital(slice_name({row: str(top["row"]), column: str(top["column"])})),
        defective=count(int(top["defective"]), "defective order"),
        expected=number(top["expected"]),
        apart=number(top["apart"]),
        **names,
    )


def changes_title(changes: pd.DataFrame, of: str = ALL) -> str:
    """
    The surest change of the rate, and how many there are.

    `changes` as `rate_changes` gives it, of one slice `of` by one clock.
    """
    if changes.empty:
        return _of(of, tr("the rate shows no change beyond chance"))
    ranked = changes.sort_values(["p_value", "on"], kind="stable")
    top, more = ranked.iloc[0], len(changes)
    if pd.isna(top["rate_before"]):
        said = tr(
            "{group} is new since {day}, its rate {rate}",
            group=capital(slice_name(of)),
            day=day(top["on"]),
            rate=percent(top["rate_after"]),
        )
    else:
        said = _of(of, _moved(top))
    if more == 1:
        return said
    return tr("{said}; {more:,} changes in all", said=said, more=more)


def _moved(change: pd.Series) -> str:
    """How the rate moved, and when."""
    rates = {
        "before": percent(change["rate_before"]),
        "after": percent(change["rate_after"]),
        "when": _when(change),
    }
    up = change["rate_after"] > change["rate_before"]
    if change["clock"] == "ship day" and up:
        moved = tr("the rate by ship day rose from {before} to {after} {when}", **rates)
    elif change["clock"] == "ship day":
        moved = tr("the rate by ship day fell from {before} to {after} {when}", **rates)
    elif up:
        moved = tr("the rate rose from {before} to {after} {when}", **rates)
    else:
        moved = tr("the rate fell from {before} to {after} {when}", **rates)
    if change["immature"]:
        return tr("{moved}, which defects still to come may undo", moved=moved)
    return moved


def _when(change: pd.Series) -> str:
    on = day(change["on"])
    if change["earliest"] == change["latest"]:
        return tr("on {day}", day=on)
    return tr("around {day} (95%: {span})", day=on, span=span(change["earliest"], change["latest"]))


def _of(slice_: str, said: str) -> str:
    """What is said of a slice; of all orders it needs no name."""
    if slice_ == ALL:
        return capital(said)
    return tr("{group}: {said}", group=capital(slice_name(slice_)), said=said)


def happening_words(happening: Mapping[Any, Any]) -> str:
    """One line about an event and the change it stands beside: day, what, and how they relate."""
    return capital(
        tr(
            "{day}: {what} · {beside}",
            day=day(happening["date"]),
            what=event_name(happening),
            beside=_beside(happening),
        )
    )


def event_name(event: Mapping[Any, Any]) -> str:
    """What the ledger calls an event, or its kind."""
    named = event["what"] if pd.notna(event["what"]) else event["kind"]
    return tr("an event without a name") if pd.isna(named) else str(named)


def _beside(happening: Mapping[Any, Any]) -> str:
    """How an event relates to the change beside it; it never says that it caused it."""
    relation = happening["relation"]
    if relation == ELSEWHERE or pd.isna(happening["days"]):
        return tr(RELATIONS[relation]) if relation in RELATIONS else str(relation)
    days = int(happening["days"])
    said = {"day": short_day(happening["on"]), "days": count(abs(days), "day")}
    explains = relation == EXPLAINS
    if explains and days > 0:
        return tr(
            "inside the days on which the change of {day} may have begun: may explain it", **said
        )
    if explains and days:
        return tr("{days} before the change of {day}: may explain it", **said)
    if explains:
        return tr("on the day of the change of {day}: may explain it", **said)
    if relation == AFTER and days:
        return tr("came {days} after the change of {day}", **said)
    if relation == AFTER:
        return tr("came on the day of the change of {day}", **said)
    if days > 0:
        return tr("{days} after the change of {day}: too early by itself", **said)
    if days:
        return tr("{days} before the change of {day}: too early by itself", **said)
    return tr("on the day of the change of {day}: too early by itself", **said)


def nowcast_title(weeks: pd.DataFrame) -> str:
    """What is still to come of the newest weeks. `weeks` as `nowcast` gives it."""
    if weeks.empty:
        return tr("There are no weeks to look ahead for")
    young = weeks[~weeks["mature"].astype(bool)]
    if young.empty:
        return trn(
            "The defects of {n:,} week have arrived",
            "The defects of all {n:,} weeks have arrived",
            len(weeks),
        )
    counted = count(int(young["counted"].sum()), "defective order")
    if young["expected"].isna().any():
        return trn(
            "The newest week is not complete: {counted} counted, and how many will come is unknown",
            "The newest {n:,} weeks are not complete: {counted} counted, and how many will come is "
            "unknown",
            len(young),
            counted=counted,
        )
    return trn(
        "The newest week is not complete: {counted} counted, about {expected:,.0f} expected once "
        "all have arrived",
        "The newest {n:,} weeks are not complete: {counted} counted, about {expected:,.0f} "
        "expected once all have arrived",
        len(young),
        counted=counted,
        expected=young["expected"].sum(),
    )


def categories_title(counts: pd.DataFrame) -> str:
    """The category with the most defects, and how many none explains, from `category_counts`."""
    counts = counts[counts["defects"] > 0]
    total = int(counts["defects"].sum())
    if not total:
        return tr("There are no defects to explain")
    named = counts[counts["category"] != UNEXPLAINED]
    if named.empty:
        return tr("None of {defects} is explained", defects=count(total, "defect"))
    top = named.loc[named["defects"].idxmax()]
    said: dict[str, Any] = {
        "category": tr(str(top["title"])),
        "most": int(top["defects"]),
        "defects": count(total, "defect"),
    }
    unexplained = total - int(named["defects"].sum())
    if unexplained:
        return tr(
            "{category}: {most:,} of {defects}; {unexplained:,} unexplained",
            unexplained=unexplained,
            **said,
        )
    return tr("{category}: {most:,} of {defects}", **said)


def themes_title(counts: pd.DataFrame) -> str:
    """What buyers tell most. `counts` as `theme_counts` gives it."""
    told = counts[counts["orders"] > 0]
    if told.empty:
        return tr("No text and no code tells a reason")
    top = told.loc[told["orders"].idxmax()]
    return tr(
        "Told most: {theme}, in {orders} ({share})",
        theme=tr(str(top["title"])),
        orders=count(int(top["orders"]), "order"),
        share=whole_percent(top["share"]),
    )


def what_if_title(table: pd.DataFrame, profile: Profile) -> str:
    """Which changes would bring the rate inside the limit; the first row is the rate as it is."""
    if table.empty:
        return tr("There is no rate to change")
    now, tried, limit = table.iloc[0], table.iloc[1:], float(profile.limit)
    rate = percent(now["rate"], limit)
    if tried.empty:
        return tr("The rate is {rate} as it is; no change was tried", rate=rate)
    changes = count(len(tried), "change")
    if pd.notna(now["under"]) and now["under"]:
        return tr(
            "The rate is inside the limit as it is; {changes} would take it to {lowest} at best",
            changes=changes,
            lowest=percent(tried["rate"].min(), limit),
        )
    enough = tried[tried["under"].fillna(False).astype(bool)]
    if enough.empty:
        return trn(
            "The change would not bring the rate of {rate} inside the limit",
            "None of {changes} would bring the rate of {rate} inside the limit",
            len(tried),
            changes=changes,
            rate=rate,
        )
    first = str(enough["scenario"].iloc[0])
    if len(tried) == 1:
        return tr(
            "{first}, the rate would be inside the limit and not {rate}", first=first, rate=rate
        )
    return tr(
        "{enough:,} of {changes} would bring the rate of {rate} inside the limit, "
        "the first: {first}",
        enough=len(enough),
        changes=changes,
        rate=rate,
        first=uncapital(first),
    )


def cleared_title(table: pd.DataFrame) -> str:
    """Which suspects look bad only because of the causes. `table` as `cleared_table` gives it."""
    if table.empty:
        return tr("No other suspect looks bad by itself")
    return trn(
        "{n:,} suspect looks bad only through the named causes: {suspects}",
        "{n:,} suspects look bad only through the named causes: {suspects}",
        len(table),
        suspects=listing([slice_name(each) for each in table["suspect"]], top=3),
    )


def cleared_sentence(row: Mapping[Any, Any]) -> str:
    """One sentence about a suspect: how it looks by itself, and what explains it."""
    return tr(
        "{suspect}: {defective:,} of {orders} defective ({rate}; elsewhere {elsewhere}), "
        "{expected} expected through {because}.",
        suspect=slice_name(row["suspect"]),
        defective=int(row["defective"]),
        orders=count(int(row["orders"]), "order"),
        rate=percent(row["rate"]),
        elsewhere=percent(row["rate_elsewhere"]),
        expected=number(row["expected"]),
        because=because_words(row["because"]),
    )


def because_words(because: str) -> str:
    """The causes that explain a suspect, or that none does it by itself."""
    return tr(mark("mild differences between levels")) if because == MILDLY else slice_name(because)
