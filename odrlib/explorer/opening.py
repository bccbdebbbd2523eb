"""The explorer: what a notebook cell holds, a live panel or its static twin."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from odrlib.causes import CauseList
from odrlib.explorer.live import is_live
from odrlib.explorer.session import Session
from odrlib.explorer.static import static_bundle, static_html
from odrlib.facts import Facts, build_facts
from odrlib.policy import Profile
from odrlib.selections import Selection
from odrlib.store import Store, read_store

if TYPE_CHECKING:
    from odrlib.explorer.panel import Panel

WIDGET = "application/vnd.jupyter.widget-view+json"


class Explorer:
    """
    Linked views of one store. Shown in JupyterLab it is a panel; in a page, its static twin.

    What is selected in the panel can be used in the next cell: `selection`, `orders`, `code`.
    """

    def __init__(self, facts: Facts) -> None:
        self.session = Session(facts)

    @property
    def selection(self) -> Selection:
        """What is selected now."""
        return self.session.selection

    @property
    def orders(self) -> pd.DataFrame:
        """The orders that are selected now, with their defects."""
        return self.session.selected()

    @property
    def causes(self) -> CauseList:
        """The ranked causes of what is selected now, by the full search."""
        return self.session.causes(self.selection)

    @property
    def code(self) -> str:
        """The three lines that reproduce the selection."""
        return self.session.code()

    @cached_property
    def panel(self) -> Panel:
        """The widgets, made when they are first shown."""
        from odrlib.explorer.panel import Panel

        return Panel(self.session)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if not is_live():
            return static_bundle(self.session)
        bundle = self.panel.shown()
        # What a page shows that is made from this notebook later, without its widgets.
        return bundle | {"text/html": static_html(self.session)}


def explore(
    store: Store | Facts | str | Path, *, profile: str | Profile = "", as_of: str | date = ""
) -> Explorer:
    """
    Linked views of a store: window, trend, bars, causes, orders, what if, and notes.

    Parameters
    ----------
    store : a store, its facts, or its folder
    profile : "amazon" or "brief", the rule to begin with; empty for the one of the facts, or of
        store.toml
    as_of : the day to answer for, if `store` is a folder

    Raises
    ------
    BadStore, BadParameter : the folder or a name cannot be used

    Examples
    --------
    In a cell of JupyterLab: ``odr.explore("data/demo/us-fbm")``
    """
    if isinstance(store, Facts):
        return Explorer(store.following(profile) if profile else store)
    tables = store if isinstance(store, Store) else read_store(store, as_of or None)
    return Explorer(build_facts(tables, profile))
