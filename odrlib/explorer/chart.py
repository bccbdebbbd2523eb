"""
A chart: a plotly figure as a widget that never misses what was changed.

plotly's own widget sends its 5 MB of script as the widget itself. Where that takes the browser more
than two seconds to load, the bridge between widget and kernel gives up, and the chart goes on
showing what it showed first, whatever is clicked. Here a few lines are the widget, at once; they
load the script, once for all charts of the page, and then ask for the figure as it is by now.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import plotly
import plotly.graph_objects as go
import traitlets

_SCRIPT = """
const SHARED = Symbol.for("odr-plotly");

async function plotlyWidget(model) {
  // It comes after the widget, and a chart without it waits for the one that brings it.
  while (!globalThis[SHARED]) {
    const source = model.get("_bundle");
    if (source) globalThis[SHARED] = import(
      URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    else await new Promise((again) => setTimeout(again, 50));
  }
  return (await globalThis[SHARED]).default;
}

export default () => {
  const waiting = [];
  let make, widget;
  return {
    initialize({ model }) {
      // The answer holds the figure of that moment, and what is changed after it comes after it.
      model.on("change:_fresh", () => {
        if (widget || !make) return;
        widget = make();
        widget.initialize({ model });
        waiting.forEach((draw) => draw());
      });
      plotlyWidget(model).then((made) => {
        make = made;
        model.set("_loaded", model.get("_loaded") + 1);
        model.save_changes();
      });
    },
    render({ model, el }) {
      let remove;
      const draw = () => { remove = widget.render({ model, el }); };
      if (widget) draw();
      else waiting.push(draw);
      return () => remove?.();
    },
  };
};
"""


@cache
def _bundle() -> str:
    """The script of plotly's own widget."""
    path = Path(plotly.__file__).parent / "package_data" / "widgetbundle.js"
    return path.read_text(encoding="utf-8")


class Chart(go.FigureWidget):
    """
    A figure that is shown live.

    Parameters
    ----------
    brings : does it bring the script of plotly? One chart of a page is enough.
    """

    _esm = _SCRIPT
    _bundle = traitlets.Unicode("").tag(sync=True)
    _loaded = traitlets.Int(0).tag(sync=True)
    _fresh = traitlets.Int(0).tag(sync=True)

    def __init__(self, figure: go.Figure, *, brings: bool) -> None:
        super().__init__(figure)
        if brings:
            self._bundle = _bundle()

    @traitlets.observe("_loaded")
    def _send_all(self, change: dict[str, Any]) -> None:
        self._widget_layout = self.layout.to_plotly_json()
        self._widget_data = [trace.to_plotly_json() for trace in self.data]
        self._fresh = change["new"]
