"""
A chart: a plotly figure as a widget that answers a click with one small message and misses none.

plotly's own widget is 5 MB of script for each figure. Where that takes the browser more than two
seconds to load, the bridge between widget and kernel gives up, and the chart goes on showing what
it showed first. It also sends four messages for a change, and all that it has computed comes back
before the browser may paint. Here a few lines are the widget, at once; they load the script once a
page, keep what arrives before it, and send nothing back but clicks and drags.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import traitlets
from plotly.serializers import custom_serializers

_SCRIPT = """
// One copy of plotly's widget script for all figures of a page; the figure that brings it begins.
const waiting = (version) => {
  const all = (globalThis.odrDrawn ??= {});
  if (!all[version]) {
    all[version] = {};
    all[version].ready = new Promise((resolve) => (all[version].resolve = resolve));
  }
  return all[version];
};
const load = async (version, text) => {
  const place = waiting(version);
  if (text && !place.begun) {
    place.begun = true;
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const script = await import(url);
    URL.revokeObjectURL(url);
    const view = script.FigureView.prototype;
    // What plotly has computed, and where the mouse is, nobody in the kernel asks for.
    for (const name of ["_sendTraceDeltas", "_sendLayoutDelta", "handle_plotly_hover",
                        "handle_plotly_unhover"]) view[name] = () => {};
    place.resolve(script);
  }
  return place.ready;
};

const put = (target, path, value) => {
  const steps = path.split(/[.[\\]]+/).filter(Boolean), last = steps.pop();
  for (const step of steps) target = target[step] ??= {};
  if (value === null) delete target[last];
  else target[last] = value;
};
// The state of the model follows each change, so that a view that is made later shows it too.
const follow = (model) => {
  const change = model.get("_py2js_update");
  if (!change) return;
  const data = model.get("_widget_data"), layout = model.get("_widget_layout");
  for (const [path, values] of Object.entries(change.style_data ?? {}))
    change.style_traces.forEach((trace, place) => {
      const value = values[place % values.length];
      if (value !== "_undefined_") put(data[trace], path, value);
    });
  for (const [path, value] of Object.entries(change.layout_data ?? {})) put(layout, path, value);
};

export default () => ({
  initialize({ model }) {
    model.on("change:_py2js_update", () => follow(model));
  },
  async render({ model, el }) {
    const script = await load(model.get("_version"), model.get("_bundle"));
    const figure = script.default();
    await figure.initialize({ model });
    return figure.render({ model, el });
  },
});
"""


@cache
def _bundle() -> str:
    """The script of plotly's own widget."""
    path = Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"
    return path.read_text(encoding="utf-8")


class Chart(go.FigureWidget):  # type: ignore[misc]  # plotly brings no types
    """
    A figure that is shown live, once it is whole: the front end hears of it when it has begun.

    Parameters
    ----------
    brings : does it bring the script of plotly? One chart of a page is enough.
    """

    _esm = _SCRIPT
    _version = traitlets.Unicode(plotly.__version__).tag(sync=True)
    _bundle = traitlets.Unicode("").tag(sync=True)
    _whole = False
    _edits = 0

    def __init__(self, figure: go.Figure, *, brings: bool) -> None:
        super().__init__(figure)
        if brings:
            self._bundle = _bundle()

    def open(self) -> None:
        """Tell the front end; not before all is there."""
        if self._whole:
            super().open()

    def begin(self) -> None:
        """All is there."""
        self._whole = True
        self.open()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """With the figure as it is now, for a page that is loaded anew."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if key is None:
            to_json = custom_serializers["to_json"]
            state["_widget_layout"] = to_json(self.layout.to_plotly_json(), self)
            state["_widget_data"] = to_json([each.to_plotly_json() for each in self.data], self)
        return state

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
