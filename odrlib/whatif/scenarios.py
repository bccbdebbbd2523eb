"""Scenarios side by side: one row each, the first as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from odrlib.causes import Cause
from odrlib.columns import framed
from odrlib.errors import BadParameter
from odrlib.languages import tr
from odrlib.policy import AMAZON, Profile
from odrlib.rates import named_profile
from odrlib.whatif.change import LikeTheRest, Where
from odrlib.whatif.scene import Outcome, scene
from odrlib.whatif.what_if import WhatIf, changed

TYPES = {
    "scenario": "str",
    "orders": "int64",
    "defective": "int64",
    "defective_low": "int64",
    "defective_high": "int64",
    "rate": "float64",
    "low": "float64",
    "high": "float64",
    "status": "str",
    "under": "boolean",
    "reversals_needed": "Int64",
    "good_orders_needed": "int64",
    "back_under_limit_on": "datetime64[us]",
}


def what_if_table(scenarios: Sequence[WhatIf]) -> pd.DataFrame:
    """
    The scenarios as a table, one row each, below the rate as it is.

    Returns
    -------
    DataFrame with scenario (text), orders, defective, defective_low, defective_high, rate, low,
    high (0-1; the range of the scenario, not the interval of a rate), status, under (is the rate
    inside the limit; missing if unknown), reversals_needed, good_orders_needed,
    back_under_limit_on (missing if inside already, or on no day of the calendar). Empty without
    scenarios

    Raises
    ------
    BadParameter : the scenarios are of different windows or profiles
    """
    if len({(one.profile.name, one.now.rate) for one in scenarios}) > 1:
        raise BadParameter(tr("the scenarios start from different windows or profiles"))
    rows = [_row(tr("As it is"), one.now, one.now, one.now) for one in scenarios[:1]]
    rows += [_row(one.scenario, one.expected, one.low, one.high) for one in scenarios]
    return framed(rows, TYPES)


def what_if_causes(
    defects: pd.DataFrame,
    causes: Iterable[Cause],
    profile: str | Profile = AMAZON,
    *,
    as_of: date,
    last: date | None = None,
    lag: int | None = None,
    described: pd.DataFrame | None = None,
    unknown: tuple[str, ...] | None = None,
) -> pd.DataFrame:
    """
    What the rate would be if each cause were like the rest, alone and together.

    The rest is what is in none of the causes. First each cause alone, then the first two together,
    the first three, … and all of them: what remedies, from the largest cause on, could bring.

    Parameters
    ----------
    causes : in rank order, as `find_causes` gives them
    described : the table the causes were found on, with the index of `defects`; see `what_if`

    Returns
    -------
    The table of `what_if_table`; `causes` tells the ranks that are changed: "" (as it is), "1",
    "2", …, "1-2", "1-3", …
    """
    slices = [cause.where for cause in causes]
    chosen = {str(rank): slices[rank - 1 : rank] for rank in range(1, len(slices) + 1)}
    chosen |= {f"1-{many}": slices[:many] for many in range(2, len(slices) + 1)}
    place, now = scene(
        defects,
        named_profile(profile),
        as_of=as_of,
        last=last,
        lag=lag,
        described=described,
        unknown=unknown,
    )
    scenarios = {
        ranks: changed(place, now, LikeTheRest(tuple(mine), besides=_others(slices, mine)))
        for ranks, mine in chosen.items()
    }
    table = what_if_table(
        [
            replace(one, scenario=tr("If causes {ranks} had been like the rest", ranks=ranks))
            if "-" in ranks
            else one
            for ranks, one in scenarios.items()
        ]
    )
    table["causes"] = pd.Series(["", *chosen] if chosen else [], dtype="str")
    return table


def _others(slices: list[dict[str, Any]], mine: list[dict[str, Any]]) -> tuple[Where, ...]:
    return tuple(where for where in slices if where not in mine)


def _row(scenario: str, expected: Outcome, low: Outcome, high: Outcome) -> dict[str, Any]:
    return {
        "scenario": scenario,
        "orders": expected.rate.orders,
        "defective": expected.rate.defective,
        "defective_low": low.rate.defective,
        "defective_high": high.rate.defective,
        "rate": expected.rate.value,
        "low": low.rate.value,
        "high": high.rate.value,
        "status": expected.status,
        "under": {"under": True, "over": False}.get(expected.status),
        "reversals_needed": expected.reversals_needed,
        "good_orders_needed": expected.good_orders_needed,
        "back_under_limit_on": expected.back_under_limit_on,
    }
