"""Media: under what names a cell's outputs travel to the page. Nothing is loaded for it."""

from __future__ import annotations

MIME = "application/vnd.odrlib.{kind}+json"
PLOTLY = "application/vnd.plotly.v1+json"
KINDS = ("verdict", "figure", "table", "findings", "say", "end")
MISSING = "–"  # how a table shows what is not known
