"""
An export is a table of columns: what a file from Seller Central, an ERP or a tracker holds.

The column list is also the allow-list. A column that is not named here is never read, so buyers'
names, e-mail addresses, phone numbers and street addresses stop at the door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from odrlib.exports.columns import Finish

Kind = Literal[
    "text",  # any words; surrounding blanks dropped, empty = missing
    "category",  # words that repeat (status, carrier, country): read as a categorical
    "order_id",  # 3-7-7 digits, or a multi-channel S01-/S02- id
    "id",  # an identifier that Excel may have damaged (order item, RMA, tracking number)
    "instant",  # a moment: ISO with offset, or a local form; becomes UTC
    "day",  # a calendar day, in the form of the marketplace
    "integer",
    "money",  # 1234.50, 1.234,50 €, ¥1,234
    "flag",  # Yes/No, Y/N, X, 1/0, a count, an icon's text, in four languages; empty = unknown
    "channel",  # Amazon/AFN/FBA -> afn, Merchant/MFN/FBM/Seller -> mfn
    "state",  # a tracker's status, normalised to `policy` tracking states
    "reason",  # a return or claim reason code: upper case, the bracketed translation dropped
]


@dataclass(frozen=True)
class Column:
    """
    One column of an export: our name, the spellings of theirs, and how its cells are read.

    Spellings are compared without regard to case, blanks, hyphens, underscores, brackets or stars.
    A row without a readable `need` column is set aside; an unreadable optional cell is refused
    (left empty and counted), and the row is used.
    """

    ours: str
    theirs: tuple[str, ...]
    kind: Kind = "text"
    need: bool = False


@dataclass(frozen=True)
class Export:
    """
    One kind of file.

    Parameters
    ----------
    name : stable code, the `export` of `sources[]` in facts.json
    title : as the analyst knows it
    gives : the tables of the store that its rows feed
    columns : the allow-list
    tells : our names whose headers must all be present for a file to be taken for this export
    never : headers (theirs) that say the file is another export
    where : the page it is downloaded from
    hides : what stays unknown without it
    records : for JSON and XML: the document (XML: its root Element) -> rows as dicts by `theirs`
        names; None for tables
    looks : for JSON and XML: does this parsed document have the shape?
    by_position : columns are in fixed order under localised names (seller feedback)
    path : where such a file must lie, as a pattern ("ledger/claims.*"); there it is taken for this
        export whatever other exports its header resembles, and elsewhere never; empty = anywhere
    finish : the export's own last word: all usable rows (our columns and `line`) -> the same with
        derived columns, and the rows it sets aside after all (`set_aside`)
    two_digit_years : days like 8.5.26 are this export's own form
    """

    name: str
    title: str
    gives: tuple[str, ...]
    columns: tuple[Column, ...]
    tells: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    where: str = ""
    hides: str = ""
    format: Literal["table", "json", "xml"] = "table"
    records: Callable[[Any], list[dict[str, Any]]] | None = None
    looks: Callable[[Any], bool] | None = None
    by_position: bool = False
    path: str = ""
    finish: Finish | None = None
    two_digit_years: bool = False


@cache
def none_aside() -> pd.DataFrame:
    """No row set aside; the same frame each time, into which nobody writes."""
    import pandas as pd

    kinds = {"line": "int32"} | dict.fromkeys(
        ("column", "value", "reason", "message", "to_do"), "str"
    )
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def set_aside(
    columns: Mapping[str, Any],
    rows: np.ndarray | pd.Series,
    column: str,
    reason: str,
    message: str,
    to_do: str,
) -> pd.DataFrame:
    """
    The rows that cannot be used, in the form that `Export.finish` gives back.

    Parameters
    ----------
    columns : the rows, as columns or as a frame, with `line` and the column `column`
    rows : True for each row to set aside
    reason : stable code; `message` and `to_do` : one sentence each, the same for all these rows

    Returns
    -------
    DataFrame of line, column, value, reason, message, to_do
    """
    import numpy as np
    import pandas as pd

    at = np.flatnonzero(rows)
    if not len(at):
        return none_aside()
    lines, values = (pd.Series(columns[name]).take(at) for name in ("line", column))
    said = {"column": column, "reason": reason, "message": message, "to_do": to_do}
    told = pd.DataFrame({"line": lines, "value": values.astype("str"), **said})
    return told[["line", "column", "value", "reason", "message", "to_do"]]
