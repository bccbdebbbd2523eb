"""
Drawn: a plotly figure in the front end, with as few and as small messages as a click can do with.

plotly's own widget brings 5 MB of script for each figure, sends four messages for a change, and
after each sends all it has computed back to the kernel, before the browser may paint. Here the
script travels once and is loaded when the figure is first drawn, a change is one message, nothing
comes back but clicks and drags, and a change that arrives before the script is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import traitlets

from odrlib.explorer.drawn_script import SCRIPT

_BUNDLE = Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"


class Chart(go.FigureWidget):
    """A figure as a widget that the front end hears of once it is whole."""

    _esm = SCRIPT
    _version = traitlets.Unicode(plotly.__version__).tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)
    _whole = False
    _edits = 0

    def open(self) -> None:
        """Tell the front end; not before `live` says that all is there."""
        if self._whole:
            super().open()

    def _send_update_msg(
        self,
        restyle_data: dict[str, Any],
        relayout_data: dict[str, Any],
        trace_indexes: list[int] | None = None,
        source_view_id: str | None = None,
    ) -> None:
        """One message: its number makes it differ from the one before."""
        self._edits += 1
        self._py2js_update = {
            "style_data": restyle_data,
            "layout_data": relayout_data,
            "style_traces": self._normalize_trace_indexes(trace_indexes),
            "source_view_id": source_view_id,
            "edit": self._edits,
        }


def live(figure: go.Figure, name: str, *, script: bool) -> Chart:
    """
    The figure as a widget that follows the width of its place.

    `script` says whether it brings plotly along, as one figure of a panel has to.
    """
    widget = Chart(figure)
    widget._config = widget._config | {"displayModeBar": False, "responsive": True}
    widget.add_class(f"odr-{name}")
    widget.layout.autosize = True
    widget._widget_layout, widget._widget_data = (
        widget.layout.to_plotly_json(),
        [trace.to_plotly_json() for trace in widget.data],
    )
    if script:
        widget._bundle = _BUNDLE.read_text(encoding="utf-8")
    widget._whole = True
    widget.open()
    return widget
