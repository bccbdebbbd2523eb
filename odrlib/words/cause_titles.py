"""Titles of the figures about causes: the path, the grid, changes, what may come, what if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from odrlib.categories.catalogue import UNEXPLAINED
from odrlib.causes.drill import ALL
from odrlib.causes.happenings import AFTER, ELSEWHERE, EXPLAINS
from odrlib.finding import count
from odrlib.policy import Profile
from odrlib.words.plain import (
    capital,
    day,
    listing,
    number,
    percent,
    short_day,
    span,
    whole_percent,
)


def drill_title(path: pd.DataFrame) -> str:
    """How much the path narrows. `path` as `drill_down` gives it."""
    first, last = path.iloc[0], path.iloc[-1]
    orders, defective = int(first["orders"]), int(first["defective"])
    if not orders:
        return "There are no orders to narrow down"
    if not defective:
        return f"None of {count(orders, 'order')} is defective"
    if not int(last["orders"]):
        return f"None of {count(orders, 'order')} meets all conditions"
    return (
        f"From {count(orders, 'order')} to {int(last['orders']):,}: "
        f"{whole_percent(last['share_of_orders'])} of the orders, "
        f"{whole_percent(last['share_of_defects'])} of the defective ones"
    )


def drill_step(step: Mapping[Any, Any]) -> str:
    """One step of a path: its condition, and what is left then."""
    joined = "and " if step["step"] > 1 else ""
    left = f"{int(step['defective']):,} of {int(step['orders']):,} defective"
    return f"{joined}{step['condition']}: {left} ({percent(step['rate'])})"


def grid_title(grid: pd.DataFrame, row: str, column: str) -> str:
    """
    Which pair of levels has most defects above its share, and what each level does by itself.

    `grid` as `rate_grid` gives it; `row` and `column` name the attributes in the reader's words.
    """
    orders, defective = int(grid["orders"].sum()), int(grid["defective"].sum())
    if not orders:
        return "There are no orders to compare"
    if not defective:
        return f"None of {count(orders, 'order')} is defective"
    top = grid.loc[grid["excess"].idxmax()]
    if top["excess"] < 1:
        return f"No pair of {row} and {column} has one defective order more than its share"
    return (
        f"{row} = {top['row']} × {column} = {top['column']}: "
        f"{count(int(top['defective']), 'defective order')} where "
        f"{number(top['expected'])} would be its share; "
        f"{row} and {column} taken apart give {number(top['apart'])}"
    )


def changes_title(changes: pd.DataFrame, of: str = ALL) -> str:
    """
    The surest change of the rate, and how many there are.

    `changes` as `rate_changes` gives it, of one slice `of` by one clock.
    """
    if changes.empty:
        return _of(of, "the rate shows no change beyond chance")
    ranked = changes.sort_values(["p_value", "on"], kind="stable")
    top = ranked.iloc[0]
    if top["earliest"] == top["latest"]:
        when = f"on {day(top['on'])}"
    else:
        when = f"around {day(top['on'])} (95%: {span(top['earliest'], top['latest'])})"
    clock = " by ship day" if top["clock"] == "ship day" else ""
    more = f"; {len(changes):,} changes in all" if len(changes) > 1 else ""
    if pd.isna(top["rate_before"]):
        return f"{of} is new since {day(top['on'])}, its rate {percent(top['rate_after'])}{more}"
    undone = ", which defects still to come may undo" if top["immature"] else ""
    moved = "rose" if top["rate_after"] > top["rate_before"] else "fell"
    return _of(
        of,
        f"the rate{clock} {moved} from {percent(top['rate_before'])} to "
        f"{percent(top['rate_after'])} {when}{undone}{more}",
    )


def _of(slice_: str, said: str) -> str:
    """What is said of a slice; of all orders it needs no name."""
    return capital(said) if slice_ == ALL else f"{slice_}: {said}"


def happening_words(happening: Mapping[Any, Any]) -> str:
    """One line about an event and the change it stands beside: day, what, and how they relate."""
    named = happening["what"] if pd.notna(happening["what"]) else happening["kind"]
    what = "an event without a name" if pd.isna(named) else str(named)
    return capital(f"{day(happening['date'])}: {what} · {_beside(happening)}")


def _beside(happening: Mapping[Any, Any]) -> str:
    """How an event relates to the change beside it; it never says that it caused it."""
    relation = happening["relation"]
    if relation == ELSEWHERE:
        return "concerns other orders"
    if pd.isna(happening["days"]):
        return str(relation)
    days, change = int(happening["days"]), f"the change of {short_day(happening['on'])}"
    if relation == EXPLAINS and days > 0:
        return f"inside the days on which {change} may have begun: {EXPLAINS}"
    if days:
        when = f"{count(abs(days), 'day')} {'after' if days > 0 else 'before'} {change}"
    else:
        when = f"on the day of {change}"
    if relation == EXPLAINS:
        return f"{when}: {EXPLAINS}"
    return f"came {when}" if relation == AFTER else f"{when}: too early by itself"


def nowcast_title(weeks: pd.DataFrame) -> str:
    """What is still to come of the newest weeks. `weeks` as `nowcast` gives it."""
    if weeks.empty:
        return "There are no weeks to look ahead for"
    young = weeks[~weeks["mature"].astype(bool)]
    if young.empty:
        return f"The defects of {'all ' * (len(weeks) > 1)}{count(len(weeks), 'week')} have arrived"
    newest = "The newest week is" if len(young) == 1 else f"The newest {len(young):,} weeks are"
    counted = f"{count(int(young['counted'].sum()), 'defective order')} counted"
    if young["expected"].isna().any():
        return f"{newest} not complete: {counted}, and how many will come is unknown"
    expected = f"about {young['expected'].sum():,.0f} expected once all have arrived"
    return f"{newest} not complete: {counted}, {expected}"


def categories_title(counts: pd.DataFrame) -> str:
    """The category with the most defects, and how many none explains, from `category_counts`."""
    counts = counts[counts["defects"] > 0]
    total = int(counts["defects"].sum())
    if not total:
        return "There are no defects to explain"
    named = counts[counts["category"] != UNEXPLAINED]
    if named.empty:
        return f"None of {count(total, 'defect')} is explained"
    top = named.loc[named["defects"].idxmax()]
    open_ = total - int(named["defects"].sum())
    said = f"{top['title']}: {int(top['defects']):,} of {count(total, 'defect')}"
    return f"{said}; {open_:,} unexplained" if open_ else said


def themes_title(counts: pd.DataFrame) -> str:
    """What buyers tell most. `counts` as `theme_counts` gives it."""
    told = counts[counts["orders"] > 0]
    if told.empty:
        return "No text and no code tells a reason"
    top = told.loc[told["orders"].idxmax()]
    return (
        f"Told most: {top['title']}, in {count(int(top['orders']), 'order')} "
        f"({whole_percent(top['share'])})"
    )


def what_if_title(table: pd.DataFrame, profile: Profile) -> str:
    """Which changes would bring the rate inside the limit; the first row is the rate as it is."""
    if table.empty:
        return "There is no rate to change"
    now, tried, limit = table.iloc[0], table.iloc[1:], float(profile.limit)
    rate = percent(now["rate"], limit)
    if tried.empty:
        return f"The rate is {rate} as it is; no change was tried"
    changes = count(len(tried), "change")
    if pd.notna(now["under"]) and now["under"]:
        lowest = percent(tried["rate"].min(), limit)
        return f"The rate is inside the limit as it is; {changes} would take it to {lowest} at best"
    enough = tried[tried["under"].fillna(False).astype(bool)]
    inside = f"bring the rate of {rate} inside the limit"
    if enough.empty:
        return f"{_none_of(changes, len(tried))} {inside}"
    first = str(enough["scenario"].iloc[0])
    if len(tried) == 1:
        return f"{first}, the rate would be inside the limit and not {rate}"
    return f"{len(enough):,} of {changes} would {inside}, the first {first[:1].lower()}{first[1:]}"


def _none_of(changes: str, number: int) -> str:
    return "The change would not" if number == 1 else f"None of {changes} would"


def cleared_title(table: pd.DataFrame) -> str:
    """Which suspects look bad only because of the causes. `table` as `cleared_table` gives it."""
    if table.empty:
        return "No other suspect looks bad by itself"
    verb = "looks" if len(table) == 1 else "look"
    return (
        f"{count(len(table), 'suspect')} {verb} bad only through the named causes: "
        f"{listing(list(table['suspect']), top=3)}"
    )


def cleared_sentence(row: Mapping[Any, Any]) -> str:
    """One sentence about a suspect: how it looks by itself, and what explains it."""
    return (
        f"{row['suspect']}: {int(row['defective']):,} of {count(int(row['orders']), 'order')} "
        f"defective ({percent(row['rate'])}; elsewhere {percent(row['rate_elsewhere'])}), "
        f"{number(row['expected'])} expected through {row['because']}."
    )
