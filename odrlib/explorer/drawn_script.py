"""The script of a drawn figure: it loads plotly once a page and keeps what arrives before that."""

SCRIPT = """
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
