"""
Style: one plotly template for light pages and one for dark, and names for files and links.

Colours of things are in `odrlib.palette`; they hold on both grounds, so the page changes only ink.
"""

from __future__ import annotations

import html
import re
from typing import Any

from odrlib import palette

INKS = {
    "light": {"ink": "#1d242c", "soft": "#4d5761", "grid": "#e4e7ea", "page": "#ffffff"},
    "dark": {"ink": "#e8ebee", "soft": "#b3bcc5", "grid": "#333b43", "page": "#171b20"},
}


def _template(ink: str, soft: str, grid: str, page: str) -> dict[str, Any]:
    axis = {
        "gridcolor": grid,
        "linecolor": soft,
        "zerolinecolor": soft,
        "zerolinewidth": 1,
        "tickfont": {"color": soft},
        "title": {"font": {"color": soft, "size": 13}, "standoff": 8},
        "automargin": True,
        # Else plotly measures every label again for each of its neighbours.
        "ticklabeloverflow": "allow",
    }
    return {
        "layout": {
            "font": {"family": palette.FONT, "size": 13, "color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [palette.RATE, *palette.KINDS.values(), palette.UNDER, palette.UNKNOWN],
            "colorscale": {"sequential": [[0, page], [1, palette.RATE]]},
            "margin": {"l": 8, "r": 16, "t": 16, "b": 8},
            "hoverlabel": {
                "bgcolor": page,
                "bordercolor": soft,
                "font": {"color": ink, "family": palette.FONT},
                "align": "left",
            },
            "xaxis": axis,
            "yaxis": axis,
            "annotationdefaults": {"font": {"color": soft}},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        }
    }


TEMPLATES = {ground: _template(**inks) for ground, inks in INKS.items()}
# JupyterLab does not tell which theme it has, so a figure brings its own ground; the page has both.
LAB = {"layout": TEMPLATES["light"]["layout"] | {"paper_bgcolor": INKS["light"]["page"]}}


def slug(text: str) -> str:
    """
    Text as an id or file name: its letters and digits, of any script, joined by hyphens.

    >>> slug("Which products carry the excess?"), slug("哪些 SKU？"), slug("…")
    ('which-products-carry-the-excess', '哪些-sku', 'part')
    """
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-") or "part"


def plotly_text(text: str) -> str:
    """
    Text as plotly shows it word for word: plotly reads a few HTML tags in titles and labels.

    >>> plotly_text("SKU <b>7</b>")
    'SKU &lt;b&gt;7&lt;/b&gt;'
    """
    return html.escape(text, quote=False)
