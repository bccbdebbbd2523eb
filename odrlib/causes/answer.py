"""The answer: what the search found, counted in all orders and put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaincinv

from odrlib.causes.apart import is_time
from odrlib.causes.bar import Numbers, chance
from odrlib.causes.cause import Cause, Cleared
from odrlib.causes.cells import LATER
from odrlib.causes.codes import Coded
from odrlib.causes.sample import Where
from odrlib.causes.search import Search
from odrlib.languages import tr
from odrlib.naming import slice_orders

# Descriptions are the same if this share of their orders is common (0-1) ...
ALIKE = 0.9
# ... and neither explains the defects much better (in log likelihood).
TWIN = 4.0
# With so small a difference, a slice of other orders is a rival that a test order should rule out.
RIVAL = 2.0
# A level is a suspect if its rate is so many times that of the others, and that is no accident
# (corrected chance, 0-1); it is cleared if it is an accident once the causes are known.
WORSE = 1.2
ACCIDENT = 0.05
# A cause explains a suspect if it carries this share of its excess (0-1).
EXPLAINS = 0.1
# Nobody reads more suspects than this.
MANY = 12

Flags = npt.NDArray[np.bool_]


@dataclass
class Answer:
    """
    What a search found.

    Parameters
    ----------
    table, bad : all orders as codes, and which of them are defective
    later : which are in the later period, if there are two; the period is the last column then
    ids : the names of the orders
    search : the search, done
    """

    table: Coded
    bad: Flags
    later: Flags | None
    ids: pd.Series | pd.Index
    search: Search

    def __post_init__(self) -> None:
        self.period = None if self.later is None else len(self.table.names) - 1
        asked = self.bad if self.later is None else self.bad[self.later]
        self.orders, self.defective = len(asked), int(asked.sum())

    def recent(self, where: Where) -> bool:
        """Does a slice lie wholly in the period that is asked about?"""
        if self.later is None or (self.period, LATER) in where:
            return True
        return bool(self.later[self.table.rows(where)].all())

    def words(self, where: Where) -> dict[str, Any]:
        """The conditions of a slice, {column: value}, the period apart."""
        return self.table.words([pair for pair in where if pair[0] != self.period])

    def cause(self, where: Where) -> Cause:
        """A named slice with its counts."""
        rows = self.table.rows(where)
        defects = rows[self.bad[rows]]
        number, defective = len(rows), len(defects)
        sampled = self.search.pool.rows(where)
        mean = self.search.state.were(where)[sampled].sum()
        expected = float(mean / self.search.sample.weight[sampled].sum()) * number
        # Garwood's exact interval of a Poisson count.
        low, high = gammaincinv([defective, defective + 1], [0.025, 0.975]) - expected
        p_value, q_value = self.search.chances(where)
        same, tests = self._doubts(where)
        return Cause(
            where=self.words(where),
            orders=number,
            defective=defective,
            expected=expected,
            excess=defective - expected,
            low=float(low),
            high=float(high),
            rate=defective / number,
            rate_elsewhere=(self.defective - defective) / max(1, self.orders - number),
            p_value=p_value,
            q_value=q_value,
            order_ids=tuple(sorted(self.ids.take(defects).tolist(), key=str)),
            same_as=same,
            to_tell_apart=tests,
        )

    def _doubts(
        self, where: Where
    ) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, dict[str, Any]], ...]]:
        """Other names of the same orders, and the test orders that would rule out rivals."""
        same, tests = [], []
        short = [where]
        for other, lost, alike in self.search.rivals(where):
            if alike >= ALIKE and lost <= TWIN:
                if any(set(name) < set(other) for name in short):
                    continue
                short.append(other)
                same.append(self.words(other))
            elif lost > RIVAL:
                continue
            test = self._test(where, other) or self._test(other, where)
            if test and test not in tests:
                tests.append(test)
        return tuple(same), tuple(tests)

    def _test(self, ship: Where, other: Where) -> dict[str, dict[str, Any]] | None:
        """Orders of one slice that are not of the other, and so show which it is; if any can."""
        follows = self.search.charge.follows
        apart = [
            pair
            for pair in other
            if pair not in ship
            and pair[0] != self.period
            and not any(follows[column, pair[0]] or column == pair[0] for column, _ in ship)
        ]
        shipped = self.words(ship)
        if not apart or not shipped or any(map(is_time, shipped)):
            return None
        return {"ship": shipped, "by_other_than": self.table.words(apart)}

    def cleared(self, causes: list[Cause]) -> list[Cleared]:
        """
        Single levels that look bad by themselves, and are not once the causes are known.

        Another name of a cause's own orders is not cleared by it.
        """
        same = [name for cause in causes for name in cause.same_as]
        sample = self.search.sample
        asked = np.ones(len(sample.weight))
        if self.period is not None:
            asked = (sample.codes[self.period] == LATER).astype(float)
        mean, columns = self.search.state.mean * asked, self.search.charge.columns
        levels = sum(sample.sizes[column] for column in columns)
        found = []
        for column in columns:
            codes, size = sample.codes[column], sample.sizes[column]
            bad = np.bincount(
                codes[: sample.defects], weights=asked[: sample.defects], minlength=size
            )
            orders = np.bincount(codes, weights=sample.weight * asked, minlength=size)
            expected = np.bincount(codes, weights=mean, minlength=size)
            for level in self._suspects(bad, orders, expected, levels):
                where = ((column, int(level)),)
                if where not in self.search.named and self.words(where) not in same:
                    found.append((where, float(expected[level])))
        raw = {where: self._excess(where) for where, _ in found}
        found.sort(key=lambda pair: (-raw[pair[0]], pair[0]))
        return [self._clear(where, expected) for where, expected in found[:MANY]]

    def _suspects(self, bad: Numbers, orders: Numbers, expected: Numbers, levels: int) -> Any:
        """The levels that look bad among all `levels`, but not in view of what is expected."""
        share = np.clip(orders / orders.sum(), 1e-12, 1 - 1e-12)
        total = bad.sum()
        elsewhere = np.maximum(total - bad, 0.5) / (orders.sum() - orders)
        worse = (bad >= WORSE * elsewhere * orders) & (
            bad - total * share >= self.search.bar.excess
        )
        alone = chance(bad, total * share, total) * levels
        known = chance(bad, expected, total) * levels
        return np.flatnonzero(worse & (alone <= ACCIDENT) & (known > ACCIDENT))

    def _excess(self, where: Where) -> float:
        """Defects of a slice above its share."""
        rows, sample = self.search.pool.rows(where), self.search.sample
        defects = np.searchsorted(rows, sample.defects)
        return float(defects - sample.defects * sample.weight[rows].sum() / sample.orders)

    def _clear(self, where: Where, expected: float) -> Cleared:
        rows = self.table.rows(where)
        if self.later is not None:
            rows = rows[self.later[rows]]
        number, defective = len(rows), int(self.bad[rows].sum())
        p_value = chance(np.array(defective), np.array(expected), np.array(self.defective))
        return Cleared(
            where=self.words(where),
            orders=number,
            defective=defective,
            rate=defective / number,
            rate_elsewhere=(self.defective - defective) / max(1, self.orders - number),
            expected=expected,
            p_value=float(p_value),
            because=self._because(where),
        )

    def _because(self, where: Where) -> tuple[dict[str, Any], ...]:
        """The causes that carry the excess of a suspect."""
        search = self.search
        rows = search.pool.rows(where)
        carried = []
        for named in search.named:
            less = search.state.were(named)[rows].sum()
            carried.append((float(search.state.mean[rows].sum() - less), named))
        excess = max(self._excess(where), 1e-9)
        carried = sorted(pair for pair in carried if pair[0] >= EXPLAINS * excess)
        return tuple(self.words(named) for _, named in reversed(carried))

    def reason(self, named: bool) -> str:
        """One sentence: what is the largest contrast that was not named."""
        contrast = self.search.contrast()
        spread = (
            tr("after these causes, the defects are spread like orders")
            if named
            else tr("the defects are spread like orders")
        )
        if contrast is None:
            return spread
        slice_, defects, expected, corrected = contrast
        values: dict[str, Any] = {"slice": slice_orders(self.words(slice_)), "defects": defects}
        values |= {"spread": spread, "expected": expected, "p": corrected}
        if corrected <= self.search.bar.q:
            return tr(
                "{spread}; the largest contrast is {slice} with {defects:,} defects where "
                "{expected:.1f} are expected (corrected p = {p:.2g}, but too mild to be a cause)",
                **values,
            )
        return tr(
            "{spread}; the largest contrast is {slice} with {defects:,} defects where "
            "{expected:.1f} are expected (corrected p = {p:.2g})",
            **values,
        )
