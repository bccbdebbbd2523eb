"""
The book: what is true of a demo store, counted by the generator itself and by no reader of odrlib.

`truth.json` holds it, so that a test can compare what was read with what was planted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.defect_files import in_window
from odrlib.demo.market import DAY, LAST, Cause
from odrlib.demo.write import write
from odrlib.policy import AMAZON, BRIEF, LAG_DAYS, Profile

_END = LAST - LAG_DAYS * DAY
WINDOWS = {
    "amazon": (_END - (AMAZON.days - 1) * DAY, _END),
    "brief": (LAST - (BRIEF.days - 1) * DAY, LAST),
}


@dataclass
class Shelf:
    """A store folder being filled: the files written and the dirt put into them."""

    folder: Path
    paths: list[Path] = field(default_factory=list)
    dirt: list[dict[str, Any]] = field(default_factory=list)

    def put(self, name: str, text: str | bytes, encoding: str = "utf-8") -> None:
        """Write a file of the store."""
        self.paths.append(write(self.folder / name, text, encoding))

    def soil(self, name: str, rows: list[str]) -> list[str]:
        """
        The lines of a tab file with six kinds of dirt in them; each is noted by line.

        What is set aside is a copy of a row that stands elsewhere too, so the counts stay true.
        """
        header, last = rows[0], rows[-1].split("\t")
        middle = len(rows) // 2
        rows = [*rows[:middle], header, *rows[middle:]]
        cut = rows[3].split("\t")
        rows[3] = "\t".join(cut[:-6])
        # The third column is the order's date in one file, the return's in the other.
        dated = [*last[:2], "10/30/26 14:03", *last[3:]]
        added = {
            "excel-damaged-id": ["1.11235E+16", *last[1:]],
            "two-digit-year": dated,
            "too-many-cells": [*last, "", "x"],
            "totals-line": ["Total", *[""] * (len(last) - 1)],
        }
        self.note(name, "ragged-row", 4, set_aside=False)
        self.note(name, "repeated-header", middle + 1)
        for line, what in enumerate(added, start=len(rows) + 1):
            self.note(name, what, line)
        return [*rows, *("\t".join(cells) for cells in added.values())]

    def note(
        self, name: str, what: str, line: int | None = None, *, set_aside: bool = True
    ) -> None:
        """Note dirt in a file: what it is, where, and whether the row cannot be used."""
        self.dirt.append({"file": name, "what": what, "line": line, "set_aside": set_aside})


def set_apart(orders: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """
    The events with two claims that one file alone knows: `only_list` and `only_returns`.

    Both are of seller-fulfilled orders of Amazon's window with no other event.
    """
    in_it = in_window(orders, WINDOWS["amazon"])[events["row"]]
    mine = orders["channel"].eq("mfn").to_numpy()[events["row"]]
    alone = ~events["order_id"].duplicated(keep=False)
    fit = events.index[events["kind"].eq("claim") & events["counts"] & alone & in_it & mine]
    # Not the newest: the evidence folders are made of those.
    return events.assign(
        only_list=events.index.isin(fit[:1]), only_returns=events.index.isin(fit[1:2])
    )


def counts(
    orders: pd.DataFrame, events: pd.DataFrame, profile: Profile, channel: str
) -> dict[str, Any]:
    """Orders, defects of each kind, and the defective number of a profile's window and channel."""
    chosen = orders["counts"].to_numpy() & in_window(orders, WINDOWS[profile.name])
    if channel != "all":
        chosen &= orders["channel"].eq(channel).to_numpy()
    mine = events[events["counts"].to_numpy() & chosen[events["row"]]]
    kinds = {
        "claims": mine["kind"].eq("claim"),
        "chargebacks": mine["kind"].eq("chargeback"),
        "negative_feedback": mine["stars"].isin(profile.negative_stars),
    }
    of_kind = {name: int(mine.loc[is_kind, "row"].nunique()) for name, is_kind in kinds.items()}
    defective = mine.loc[np.logical_or.reduce(list(kinds.values())), "order_id"].drop_duplicates()
    return {
        "orders": int(chosen.sum()),
        "defective": len(defective) if profile.count == "orders" else sum(of_kind.values()),
        **of_kind,
        "order_ids": sorted(defective),
    }


def truth(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, causes: list[Cause], cause: np.ndarray
) -> dict[str, Any]:
    """Everything true of a store, for truth.json."""
    in_it = in_window(orders, WINDOWS["amazon"]) & orders["counts"].to_numpy()
    wrong = np.zeros(len(orders), dtype=bool)
    wrong[events.loc[events["counts"], "row"]] = True
    return {
        "as_of": str(LAST.astype("datetime64[D]")),
        "orders": len(orders),
        "cancelled": int(orders["cancelled"].sum()),
        "multi_channel": int(orders["multi_channel"].sum()),
        "counting": int(orders["counts"].sum()),
        "profiles": {
            profile.name: {
                "window": {
                    "first": str(WINDOWS[profile.name][0].astype("datetime64[D]")),
                    "last": str(WINDOWS[profile.name][1].astype("datetime64[D]")),
                },
                **{
                    channel: counts(orders, events, profile, channel)
                    for channel in ("all", "mfn", "afn")
                },
            }
            for profile in (AMAZON, BRIEF)
        },
        "causes": [
            {
                "name": one.name,
                "where": one.columns,
                "orders": int((one.where & in_it).sum()),
                "defective": int((one.where & in_it & wrong).sum()),
                "planted": int(((cause == index) & in_it & wrong).sum()),
            }
            for index, one in enumerate(causes)
        ],
        "dirt": shelf.dirt,
    }
