"""Code: the lines of Python that find a selection again."""

from __future__ import annotations

from pathlib import Path

from odrlib.selections.selection import ALL, ANY, Selection


def selection_code(selection: Selection, folder: str | Path, as_of: str = "") -> str:
    """
    The three lines that reproduce a selection in any notebook.

    Parameters
    ----------
    folder : the store's folder, as `read_store` is given it
    as_of : the day that was asked for, if one was

    >>> week = Selection("amazon", "2026-01-02", "2026-03-01", where={"carrier": "UPS"})
    >>> print(selection_code(week, "data/demo/us-fbm"))
    import odrlib as odr
    facts = odr.build_facts(odr.read_store('data/demo/us-fbm'), 'amazon')
    facts.selected(odr.Selection('amazon', '2026-01-02', '2026-03-01', where={'carrier': 'UPS'}))
    """
    read = ", ".join(map(repr, [Path(folder).as_posix(), *([as_of] if as_of else [])]))
    asked = [
        *map(repr, [selection.profile, str(selection.first), str(selection.last)]),
        *([f"channel={selection.channel!r}"] if selection.channel != ALL else []),
        *([f"kind={selection.kind!r}"] if selection.kind != ANY else []),
        *([f"where={dict(selection.where)!r}"] if selection.where else []),
    ]
    return "\n".join(
        [
            "import odrlib as odr",
            f"facts = odr.build_facts(odr.read_store({read}), {selection.profile!r})",
            f"facts.selected(odr.Selection({', '.join(asked)}))",
        ]
    )
