"""Small tables of orders with their defects, drawn by hypothesis."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from odrlib.selections import Selection

DAYS = pd.date_range("2026-01-01", periods=20, freq="D")
CARRIERS = ("UPS", "China Post", "=cmd", None)
YES_NO = ("yes", "no", None)


@st.composite
def tables(draw, least: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A table of `defects_by_order` in any order of days, and what is known of its orders."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(DAYS) - 1), st.sampled_from(("mfn", "afn")),
                st.sampled_from(CARRIERS), st.sampled_from(YES_NO),
                st.booleans(), st.booleans(), st.booleans(),
            ),
            min_size=least, max_size=60,
        )
    )  # fmt: skip
    names = ["place", "channel", "carrier", "tracked", "claim", "chargeback", "negative_feedback"]
    frame = pd.DataFrame(rows, columns=names)
    frame["day"] = DAYS[frame["place"].to_numpy(int)]
    kinds = frame[["claim", "chargeback", "negative_feedback"]]
    defects = frame[["day", "channel"]].assign(
        order_id=[f"111-0000000-{number:07}" for number in range(len(frame))],
        **{name: kinds[name].astype(bool) for name in kinds},
        defects=kinds.sum(axis="columns").astype("int64"),
        defective=kinds.any(axis="columns"),
    )
    described = frame[["channel", "carrier", "tracked"]].astype("category")
    return defects, described


@st.composite
def selections(draw) -> Selection:
    """Any selection of these tables."""
    ends = sorted(draw(st.lists(st.integers(-3, 25), min_size=2, max_size=2)))
    first, last = (DAYS[0] + pd.Timedelta(days=end) for end in ends)
    where = {}
    if draw(st.booleans()):
        where["carrier"] = draw(st.sampled_from(CARRIERS))
    if draw(st.booleans()):
        where["tracked"] = draw(st.sampled_from(YES_NO))
    return Selection(
        draw(st.sampled_from(("amazon", "brief"))),
        first.date(),
        last.date(),
        channel=draw(st.sampled_from(("all", "mfn", "afn"))),
        kind=draw(st.sampled_from(("any", "claim", "chargeback", "negative_feedback"))),
        where=where,
    )


def plainly(defects: pd.DataFrame, described: pd.DataFrame, selection: Selection) -> pd.Series:
    """Which orders are selected, in plain pandas, row by row."""
    table = described.astype(object).assign(day=defects["day"].dt.date)
    inside = table["day"].map(lambda day: selection.first <= day <= selection.last)
    if selection.channel != "all":
        inside &= defects["channel"].eq(selection.channel)
    for column, value in selection.where.items():
        inside &= table[column].isna() if value is None else table[column].eq(value)
    return inside.astype(bool)


def above(defects: pd.DataFrame, selection: Selection) -> pd.Series:
    """What each order adds to the number above the line."""
    if selection.kind != "any":
        return defects[selection.kind].astype(int)
    column = "defective" if selection.profile == "amazon" else "defects"
    return defects[column].astype(int)
