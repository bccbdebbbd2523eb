"""
What each rival proposes: one sensible configuration each, not tuned on the worlds.

Every function takes the orders as codes and the most columns in a description, and gives slices,
best first by its own measure. Rivals are imported where they are used: each runs by itself.
Where a rise is asked for, they are given the orders of the recent period, and the filter compares
with the earlier one; wise-pizza has a question of its own for that and is given both.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
from sift import Slice, Table

SHOWN = 20
NAMED = "column"  # wise-pizza trips over columns that are called 0, 1, …


def wise_pizza(table: Table, depth: int) -> list[Slice]:
    """
    Lasso over all slices of up to two columns, its default depth, ten segments.

    Two columns take 3 to 6 GB at 20,000 orders, and more than 8 where there are many SKUs.
    """
    from wise_pizza import explain_changes_in_average, explain_levels

    frame = _text(table).assign(defective=table.bad.astype(float), orders=1.0)
    asked = ([name for name in frame if name.startswith(NAMED)], "defective", "orders")
    limits = {"max_depth": min(depth, 2), "max_segments": 10}
    if table.recent is None:
        found = explain_levels(frame, *asked, **limits)
    else:
        early, late = frame[~table.recent], frame[table.recent]
        found = explain_changes_in_average(early, late, *asked, **limits)
    return [
        {int(name.removeprefix(NAMED)): int(level) for name, level in segment["segment"].items()}
        for segment in found.segments
        if segment["coef"] > 0
    ]


def sliceline(table: Table, depth: int) -> list[Slice]:
    """Its score with the weight on the error rate (alpha 0.95), slices of 20 orders and more."""
    from sliceline.slicefinder import Slicefinder

    table = _asked(table)
    finder = Slicefinder(alpha=0.95, k=SHOWN, max_l=depth, min_sup=20, verbose=False)
    finder.fit(table.codes.T.astype(int) + 1, table.bad.astype(float))
    return [
        {column: int(level) - 1 for column, level in enumerate(found) if level is not None}
        for found in finder.top_slices_
    ]


def pysubgroup(table: Table, depth: int) -> list[Slice]:
    """Beam search (width 30) by the binomial quality (a = 0.5), slices of 10 orders and more."""
    import pysubgroup as ps

    table = _asked(table)
    frame = _text(table).assign(defective=table.bad)
    task = ps.SubgroupDiscoveryTask(
        frame,
        ps.BinaryTarget("defective", True),
        ps.create_nominal_selectors(frame, ignore=["defective"]),
        result_set_size=30,
        depth=depth,
        qf=ps.StandardQF(0.5),
        constraints=[ps.MinSupportConstraint(10)],
    )
    found = ps.BeamSearch(beam_width=30).execute(task)
    return [
        {
            int(term.attribute_name.removeprefix(NAMED)): int(term.attribute_value)
            for term in group.selectors
        }
        for _, group, _ in found.results
        if group.selectors
    ]


def decision_tree(table: Table, depth: int) -> list[Slice]:
    """A one-hot tree of 32 leaves by entropy; what a node's path says yes to is a description."""
    from sklearn.preprocessing import OneHotEncoder
    from sklearn.tree import DecisionTreeClassifier

    table = _asked(table)
    encoder = OneHotEncoder(dtype=np.float32)
    columns = encoder.fit_transform(table.codes.T).tocsc()
    terms = [(c, int(level)) for c, levels in enumerate(encoder.categories_) for level in levels]
    model = DecisionTreeClassifier(
        criterion="entropy", max_leaf_nodes=32, min_samples_leaf=10, random_state=0
    )
    tree = model.fit(columns, table.bad).tree_
    found: list[Slice] = []
    open_nodes: list[tuple[int, Slice]] = [(0, {})]
    while open_nodes:
        node, said = open_nodes.pop()
        if said and len(said) <= depth and said not in found:
            found.append(said)
        if tree.children_left[node] >= 0:
            column, level = terms[tree.feature[node]]
            open_nodes.append((tree.children_left[node], said))
            open_nodes.append((tree.children_right[node], {**said, column: level}))
    return found


def group_bys(table: Table, depth: int) -> list[Slice]:
    """Every combination of columns, each cell by a Poisson test with Bonferroni; the best 300."""
    from scipy.special import gammainc

    table = _asked(table)
    rate = table.bad.mean()
    found: list[tuple[float, Slice]] = []
    searched = 0
    for many in range(1, depth + 1):
        for columns in combinations(range(len(table.codes)), many):
            place = np.zeros(len(table.bad), np.int64)
            for column in columns:
                place = place * (int(table.codes[column].max()) + 1) + table.codes[column]
            cells, first, orders = np.unique(place, return_index=True, return_counts=True)
            searched += len(cells)
            seen = np.bincount(np.searchsorted(cells, place[table.bad]), minlength=len(cells))
            for cell in np.flatnonzero(seen >= np.maximum(3, 1.5 * rate * orders)):
                chance = float(gammainc(seen[cell], rate * orders[cell]))
                if chance < 1e-4:
                    row = first[cell]
                    found.append((chance, {c: int(table.codes[c][row]) for c in columns}))
    passed = [(chance, where) for chance, where in found if chance * searched <= 0.01]
    return [where for _, where in sorted(passed, key=lambda pair: pair[0])[:300]]


def _asked(table: Table) -> Table:
    return table if table.recent is None else table.part(table.recent)


def _text(table: Table) -> pd.DataFrame:
    return pd.DataFrame(
        {
            f"{NAMED}{column}": codes.astype(str).astype(object)
            for column, codes in enumerate(table.codes)
        }
    )


RIVALS: dict[str, Callable[[Table, int], list[Slice]]] = {
    "wise-pizza": wise_pizza,
    "sliceline": sliceline,
    "pysubgroup": pysubgroup,
    "decision tree": decision_tree,
    "group-bys": group_bys,
}
