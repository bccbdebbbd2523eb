"""Find the causes: the few slices of the orders that carry more defects than the rest explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaincinv

from odrlib.causes.cause import Cause, CauseList, describe
from odrlib.causes.cells import Where, inside
from odrlib.causes.codes import Coded, coded, sampled
from odrlib.causes.expected import Floats, Sample
from odrlib.causes.search import Bar, Search, Verdict
from odrlib.errors import BadParameter

# A search looks at all defective orders and at a sample of the others, so large that it adds little
# noise to that of the defects; slices with few sampled orders are looked at whole the second time.
OTHERS = 60_000
PER_DEFECT = 8
FEW = 4_000
# With `rise`: the error budget of the search of the earlier period is so many times larger ...
LENIENT = 20.0
# ... and a slice that was not named then counts as this many expected defects surer than it is.
CAUTION = 2.0

Flags = npt.NDArray[np.bool_]


def find_causes(
    orders: pd.DataFrame,
    target: str = "defective",
    by: Sequence[str] | None = None,
    max_depth: int = 3,
    rise: str | None = None,
    *,
    q: float = 0.01,
    min_excess: float = 3.0,
    min_lift: float = 1.5,
    order_id: str = "order_id",
) -> CauseList:
    """
    The slices that carry the excess of defects, the largest excess first.

    A slice is named when it has at least `min_excess` defects and `min_lift` times the rate that is
    expected of it, and when that is no accident: over everything that was searched, the chance that
    anything innocent is named is at most `q`. What is expected is the rate of the rest, with the
    mild differences between levels (up to 30 %) and the other causes taken into account. The answer
    does not depend on the order of the rows or of the columns, and no random number is drawn.

    Parameters
    ----------
    orders : one row per order
    target : a column of 0/1 or booleans, without gaps
    by : the columns to search, all but `target`, `rise` and `order_id` if not given; a missing
        value is a level of its own; a number with many values must be put into bands first
    max_depth : the most columns in one description, 1-4
    rise : a column of 0/1 or booleans that marks the later period; then the answer is what has
        become worse, and what was always bad is expected
    q : error budget of the whole search, 0-1
    min_excess : defective orders above expected
    min_lift : rate over expected rate
    order_id : the column that names an order; the index if there is no such column

    Raises
    ------
    BadParameter : a column is not there, or the target is not 0/1

    Examples
    --------
    >>> orders = pd.DataFrame({"sku": ["A", "B", "C", "D"] * 500, "week": ["1", "2"] * 1000})
    >>> orders["defective"] = (orders["sku"] == "B") & (orders.index % 20 == 1)
    >>> for cause in find_causes(orders):
    ...     print(cause)
    sku = B: 100 of 500 orders defective, 0.2 expected
    """
    bad = _flags(orders, target)
    if not 1 <= max_depth <= 4:
        raise BadParameter(f"max_depth is {max_depth}; a description has one to four columns")
    if by is None:
        by = [column for column in orders.columns if column not in {target, rise, order_id}]
    table = coded(orders, by)
    bar = Bar(q, min_excess, min_lift, max_depth)
    if bad.sum() < bar.least:
        return CauseList(reason=_too_few(int(bad.sum()), bar.least))
    if not table.names or bad.all():
        return CauseList(reason="there is nothing to compare: all orders are alike")
    ids = orders[order_id] if order_id in orders.columns else orders.index.to_series()
    past = None
    if rise is not None:
        later = _flags(orders, rise)
        past = _past(_part(table, ~later), bad[~later], bar)
        table, bad, ids = _part(table, later), bad[later], ids[later]
        if bad.sum() < bar.least or bad.all():
            return CauseList(reason=f"in the later period {_too_few(int(bad.sum()), bar.least)}")
    risk = past.risk(table) if past else np.ones(len(bad))
    search = _search(table, bad, risk, bar, past)
    causes = [_cause(table, bad, risk, ids, verdict) for verdict in search.verdicts()]
    causes.sort(key=lambda cause: (-cause.excess, describe(cause.where)))
    return CauseList(causes, _reason(table, search, causes))


@dataclass
class Past:
    """
    What the earlier period says of the later one.

    Parameters
    ----------
    table, bad : the earlier orders
    mean : expected defects of each of them
    verdicts : the causes there were already
    """

    table: Coded
    bad: Flags
    mean: Floats
    verdicts: list[Verdict]

    def risk(self, table: Coded) -> Floats:
        """Expected defects per order, had nothing changed since."""
        return _risk(table, self.verdicts) if self.verdicts else np.ones(len(table.codes[0]))

    def factor(self, where: Where) -> float:
        """How much worse than expected a slice has been already, at least 1."""
        rows = np.flatnonzero(_inside(self.table, where))
        seen, expected = self.bad[rows].sum(), self.mean[rows].sum()
        return float(max(1.0, (seen + CAUTION) / (expected + CAUTION)))


def _past(table: Coded, bad: Flags, bar: Bar) -> Past:
    """Search the earlier period, less strictly: what was suspect before is no news now."""
    plain = np.full(len(bad), bad.mean() if len(bad) else 0.0)
    if bad.sum() < bar.least or bad.all():
        return Past(table, bad, plain, [])
    search = _search(table, bad, np.ones(len(bad)), replace(bar, q=min(0.5, bar.q * LENIENT)), None)
    verdicts = search.verdicts()
    mean = _risk(table, verdicts) if verdicts else plain
    return Past(table, bad, mean * (bad.sum() / mean.sum()), verdicts)


def _risk(table: Coded, verdicts: list[Verdict]) -> Floats:
    """Expected defects of each order, all causes included."""
    first = verdicts[0]
    rows = np.arange(len(table.codes[0]))
    mean = _product(table, rows, first)
    for where, factor in {**first.others, first.where: first.factor}.items():
        mean[_inside(table, where)] *= factor
    return mean


def _part(table: Coded, rows: Flags) -> Coded:
    return Coded(table.names, [codes[rows] for codes in table.codes], table.levels)


def _flags(orders: pd.DataFrame, column: str) -> Flags:
    if column not in orders.columns:
        raise BadParameter(
            f"no column {column!r} in the orders; there are {', '.join(map(str, orders.columns))}"
        )
    values = orders[column]
    if values.isna().any() or not values.isin([0, 1]).all():
        raise BadParameter(f"column {column!r} must hold 0 and 1 (or False and True) only")
    return values.to_numpy(bool)


def _search(table: Coded, bad: Flags, risk: Floats, bar: Bar, past: Past | None) -> Search:
    before = past.factor if past else None
    search = Search(_sample(table, bad, risk, np.zeros(len(bad), bool)), bar, before)
    if len(search.sample.weight) == len(bad):
        search.run()
        return search
    search.sketch()
    whole = np.zeros(len(bad), bool)
    for where in search.named:
        if len(search.rows(where)) < FEW:
            whole |= _inside(table, where)
    sketched = search.named
    search = Search(_sample(table, bad, risk, whole), bar, before)
    search.run(sketched)
    return search


def _sample(table: Coded, bad: Flags, risk: Floats, whole: Flags) -> Sample:
    """The rows to look at: the defects, the rows of `whole`, and as many others as it needs."""
    rest = ~bad & ~whole
    share = max(OTHERS, PER_DEFECT * int(bad.sum())) / max(1, int(rest.sum()))
    chosen = rest & sampled(table, share) if share < 1 else rest
    rows = np.concatenate([np.flatnonzero(part) for part in (bad, ~bad & whole, chosen)])
    weight = risk[rows]
    weight[len(rows) - int(chosen.sum()) :] *= rest.sum() / max(1, chosen.sum())
    return Sample(
        codes=[codes[rows].astype(np.intp) for codes in table.codes],
        sizes=[len(levels) for levels in table.levels],
        defects=int(bad.sum()),
        weight=weight,
    )


def _inside(table: Coded, where: Where) -> Flags:
    return np.logical_and.reduce([table.codes[column] == level for column, level in where])


def _words(table: Coded, where: Where) -> dict[str, Any]:
    return {table.names[column]: table.levels[column][level] for column, level in where}


def _cause(table: Coded, bad: Flags, risk: Floats, ids: pd.Series, verdict: Verdict) -> Cause:
    """The verdict of the search with exact counts, from all orders."""
    slice_ = _inside(table, verdict.where)
    rows = np.flatnonzero(slice_)
    defects = rows[bad[rows]]
    number, defective, total = len(rows), len(defects), int(bad.sum())
    expected = float((_expected(table, rows, verdict) * risk[rows]).sum())
    # Garwood's exact interval of a Poisson count.
    low, high = gammaincinv([defective, defective + 1], [0.025, 0.975]) - expected
    return Cause(
        where=_words(table, verdict.where),
        orders=number,
        defective=defective,
        expected=expected,
        excess=defective - expected,
        low=float(low),
        high=float(high),
        rate=defective / number,
        rate_elsewhere=(total - defective) / max(1, len(bad) - number),
        p_value=verdict.p_value,
        q_value=verdict.q_value,
        order_ids=tuple(sorted(ids.iloc[defects].tolist(), key=str)),
        same_as=tuple(_words(table, twin) for twin in verdict.twins),
    )


def _expected(table: Coded, rows: npt.NDArray[np.intp], verdict: Verdict) -> Floats:
    """Expected defects of each of the rows, without the cause itself and without its parts."""
    mean = _product(table, rows, verdict)
    for where, factor in verdict.others.items():
        if not inside(where, verdict.where):
            held = np.logical_and.reduce([table.codes[c][rows] == level for c, level in where])
            mean[held] *= factor
    return mean


def _product(table: Coded, rows: npt.NDArray[np.intp], verdict: Verdict) -> Floats:
    """Base rate times the factors of the levels."""
    mean = np.full(len(rows), verdict.base)
    for codes, level in zip(table.codes, verdict.levels, strict=True):
        mean *= level[codes[rows]]
    return mean


def _too_few(defects: int, least: int) -> str:
    if not defects:
        return "there are no defective orders"
    return f"{defects} defective orders are too few to name a cause; at least {least} are needed"


def _reason(table: Coded, search: Search, causes: list[Cause]) -> str:
    """One sentence: what is the largest contrast that was not named."""
    contrast = search.contrast()
    after = "after these causes, the " if causes else "the "
    if contrast is None:
        return f"{after}defects are spread like orders"
    slice_, defects, expected, chance = contrast
    mild = ", but too mild to be a cause" if chance <= search.bar.q else ""
    return (
        f"{after}defects are spread like orders; the largest contrast is "
        f"{describe(_words(table, slice_))} with {defects:,} defects where {expected:.1f} are "
        f"expected (corrected p = {chance:.2g}{mild})"
    )
