"""
Keys: inside the panel they belong to the panel.

JupyterLab takes a letter typed into a list for a command of its notebook ("a" adds a cell, "d d"
deletes one) unless an element around it says otherwise, and ipywidgets have no way to say it.
"""

from __future__ import annotations

import anywidget

_SCRIPT = """
export default {
  render({ el }) {
    const begin = (tries) => {
      const panel = el.closest(".odr-explore");
      // JupyterLab looks at the element that has the focus first, and only then around it.
      if (panel) panel.addEventListener("focusin", (event) =>
        event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
      else if (tries) requestAnimationFrame(() => begin(tries - 1));
    };
    begin(600);
  },
};
"""


class Keys(anywidget.AnyWidget):
    """Nothing to see: it marks the panel that it lies in."""

    _esm = _SCRIPT
