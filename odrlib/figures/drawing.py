"""
Drawing: a plotly figure that is plain data until somebody asks plotly for more.

A page and a notebook need nothing but that data, and plotly takes longer to build its objects from
it than the whole rest of a figure takes.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go


class Drawing(go.Figure):  # type: ignore[misc]  # plotly brings no types
    """
    A figure from its `data` and `layout`; plotly's own attributes are built when first asked for.

    >>> drawing = Drawing({"data": [{"type": "bar", "y": [1]}], "layout": {"height": 90}})
    >>> plain(drawing)["layout"], drawing.layout.height, drawing.data[0].y
    ({'height': 90}, 90, (1,))
    """

    def __init__(self, drawn: dict[str, Any]) -> None:
        # Past plotly's own way to set an attribute, which asks for others.
        self.__dict__["_drawn"] = {name: drawn[name] for name in ("data", "layout")}

    def __getattr__(self, name: str) -> Any:
        drawn = self.__dict__.pop("_drawn", None)
        if drawn is None:
            raise AttributeError(name)
        # Not validated: most of a figure's time; `test_every_figure` does it for all of them.
        super().__init__(drawn, _validate=False)
        return getattr(self, name)


def plain(figure: go.Figure) -> dict[str, Any]:
    """A figure's `data` and `layout`; they are not to be changed."""
    drawn: dict[str, Any] = vars(figure).get("_drawn") or figure.to_plotly_json()
    return drawn


def about(figure: go.Figure) -> dict[str, str]:
    """What a page needs beside the drawing: `title`, `alt` and `how`."""
    told: dict[str, str] = plain(figure)["layout"]["meta"]
    return told
