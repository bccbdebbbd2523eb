"""Evidence on hand: which files lie in the evidence folder of each defective order."""

from __future__ import annotations

import pandas as pd

from odrlib.policy import KINDS
from odrlib.store import NOT_INPUT, Store

FOLDER = "evidence"


def evidence_files(store: Store, defects: pd.DataFrame) -> pd.DataFrame:
    """
    One row per defective order: order_id, day, kinds, files (names in its folder), count.

    Presence only: nothing is said here about whether a file proves anything.
    """
    bad = defects[defects["defective"]]
    rows = []
    for order in bad.itertuples():
        folder = store.folder / FOLDER / str(order.order_id)
        files = (
            sorted(
                path.relative_to(folder).as_posix()
                for path in folder.rglob("*")
                if path.is_file() and not path.name.startswith(NOT_INPUT)
            )
            if folder.is_dir()
            else []
        )
        kinds = [kind for kind in KINDS if getattr(order, kind, False)]
        rows.append((order.order_id, order.day, kinds, files, len(files)))
    return pd.DataFrame(rows, columns=["order_id", "day", "kinds", "files", "count"])
