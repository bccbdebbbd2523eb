"""Find the causes: the few slices of the orders that carry more defects than the rest explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from odrlib.causes.answer import Answer
from odrlib.causes.bar import Bar
from odrlib.causes.cause import CauseList, describe
from odrlib.causes.codes import Coded, coded, sampled
from odrlib.causes.sample import Rows, Sample, Where
from odrlib.causes.search import Search
from odrlib.errors import BadParameter
from odrlib.languages import tr, trn

# A search looks at all defective orders and at a sample of the others, so large that it adds little
# noise to that of the defects; suspects with few orders are looked at whole the second time.
OTHERS = 60_000
PER_DEFECT = 4
MOST = 150_000
# A suspect has few orders below this number; so many orders of suspects are looked at in all.
FEW = 3_000
MANY = 30_000
# So many suspects that were not named are looked at whole as well.
SUSPECTS = 30
# Where other small slices are named then, it looks again with these whole, so many times at most.
AGAIN = 3

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
    expected of it, and when that is no accident: its chance, times the number of slices that share
    the error budget with it, is at most `q`. For one innocent business this bounds the chance that
    anything is named, as far as what is expected is right; it is an estimate, so the bound was also
    measured where nothing is planted (see benchmarks/causes.py). Once a cause is named, its parts,
    the slices around it and those by the same columns have budgets of their own.

    What is expected is the rate of the rest, with the mild differences between levels (up to 30 %)
    and the other causes taken into account. The answer does not depend on the order of the rows or
    of the columns, and no random number is drawn; beyond 60,000 orders that are not defective, a
    sample of these is looked at, and small suspects are counted in all orders. `cleared` on the
    answer holds the suspects that only look bad.

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
    SKU B: 100 of 500 orders defective, 0.2 expected
    """
    bad = _flags(orders, target)
    if not 1 <= max_depth <= 4:
        raise BadParameter(
            tr(
                "max_depth is {max_depth}; a description has one to four columns",
                max_depth=max_depth,
            )
        )
    if by is None:
        by = [column for column in orders.columns if column not in {target, rise, order_id}]
    table = coded(orders, by)
    bar = Bar(q, min_excess, min_lift, max_depth)
    later = None if rise is None else _flags(orders, rise)
    counted = bad if later is None else bad & later
    if counted.sum() < bar.least:
        return CauseList(reason=_too_few(int(counted.sum()), bar.least, later is not None))
    if not table.names or bad.all():
        return CauseList(reason=tr("there is nothing to compare: all orders are alike"))
    if rise is not None and later is not None and later.any() and not later.all():
        period = later.astype(np.int8)
        table = Coded(
            (*table.names, rise),
            [*table.codes, period],
            [*table.levels, [0, 1]],
            [*table.sizes, np.bincount(period)],
        )
    else:
        later = None
    search = _search(table, bad, bar, later is not None)
    ids = orders[order_id] if order_id in orders.columns else orders.index
    answer = Answer(table, bad, later, ids, search)
    causes = [answer.cause(where) for where in search.named if answer.recent(where)]
    causes.sort(key=lambda cause: (-cause.excess, describe(cause.where)))
    return CauseList(causes, answer.reason(bool(causes)), answer.cleared(causes))


def _flags(orders: pd.DataFrame, column: str) -> Flags:
    if column not in orders.columns:
        raise BadParameter(
            tr(
                "no column {columns} in the orders; there are {others}",
                columns=repr(column),
                others=", ".join(map(str, orders.columns)),
            )
        )
    values = orders[column]
    if values.isna().any() or not (values.dtype == bool or values.isin([0, 1]).all()):
        raise BadParameter(
            tr("column {column!r} must hold 0 and 1 (or False and True) only", column=column)
        )
    found: Flags = values.to_numpy(bool)
    return found


def _search(table: Coded, bad: Flags, bar: Bar, periods: bool) -> Search:
    """Search a sample of the orders, and again with the suspects of few orders whole in it."""
    counted: dict[Where, int] = {}

    def orders(slices: list[Where]) -> list[int]:
        fresh = [where for where in slices if where not in counted]
        table.remember(fresh)
        counted.update((where, len(table.rows(where))) for where in fresh)
        return [counted[where] for where in slices]

    whole = np.zeros(len(bad), bool)
    others = _others(table, bad)
    sample = _sample(table, bad, whole, others, periods)
    search = Search(sample, bar, orders)
    named = search.sketch()
    if len(sample.weight) == len(bad):
        search.run(named)
        return search
    few, suspects = [*named, *search.suspects[:SUSPECTS]], search.pool.where
    for turn in range(AGAIN):
        for where in few:
            if len(rows := table.rows(where)) < FEW and whole.sum() < MANY:
                whole[rows] = True
        sample = _sample(table, bad, whole & ~bad, others, periods)
        search = Search(sample, bar, orders)
        search.pool.add([*suspects, *named])
        named = search.run(named, looked=turn > 0)
        suspects = search.pool.where
        few = [where for where in named if search.pool.ratio(where) != 1.0]
        if not any(len(table.rows(where)) < FEW for where in few):
            break
    return search


def _others(table: Coded, bad: Flags) -> Rows:
    """As many of the orders that are not defective as a search needs."""
    defects = int(bad.sum())
    wanted = min(MOST, max(OTHERS, PER_DEFECT * defects))
    return sampled(table, ~bad, wanted / max(1, len(bad) - defects))


def _sample(table: Coded, bad: Flags, whole: Flags, others: Rows, periods: bool) -> Sample:
    """The rows to look at: the defects, the rows `whole`, and the `others` for all the rest."""
    chosen = others[~whole[others]]
    rows = np.concatenate([np.flatnonzero(bad), np.flatnonzero(whole), chosen])
    left = len(bad) - (len(rows) - len(chosen))
    weight = np.ones(len(rows))
    weight[len(rows) - len(chosen) :] = left / max(1, len(chosen))
    return Sample(
        codes=[codes[rows].astype(np.intp) for codes in table.codes],
        sizes=[len(levels) for levels in table.levels],
        defects=int(bad.sum()),
        weight=weight,
        free=(len(table.names) - 1,) if periods else (),
    )


def _too_few(defects: int, least: int, later: bool) -> str:
    if not defects and later:
        return tr("in the later period there are no defective orders")
    if not defects:
        return tr("there are no defective orders")
    if later:
        return trn(
            "in the later period {n:,} defective order is too few to name a cause; at least "
            "{least:,} are needed",
            "in the later period {n:,} defective orders are too few to name a cause; at least "
            "{least:,} are needed",
            defects,
            least=least,
        )
    return trn(
        "{n:,} defective order is too few to name a cause; at least {least:,} are needed",
        "{n:,} defective orders are too few to name a cause; at least {least:,} are needed",
        defects,
        least=least,
    )
