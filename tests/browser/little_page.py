"""A report page with one of everything, for a browser to open."""

import nbformat
import pandas as pd
import plotly.graph_objects as go

from odrlib.finding import Finding, Place
from odrlib.report import show
from odrlib.report.exporter import ReportExporter

ORDERS = [f"111-{n:07d}-{n * 13:07d}" for n in range(40)]
HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "=cmd|' /C calc'!A0",
    '"quoted", and\nbroken',
    "@SUM(1)",
    "-7",
    '=HYPERLINK("http://example.com","x")',
    "尺寸不符，退货 🧺",
    "bell \x07 and \x0b",
    "long " * 8000,
]


def shown(*things):
    outputs = [
        nbformat.v4.new_output("display_data", data=each._repr_mimebundle_()) for each in things
    ]
    return nbformat.v4.new_code_cell(outputs=outputs)


def figure(title):
    days = pd.date_range("2026-01-01", periods=60)
    fig = go.Figure(go.Scatter(x=days, y=[n % 9 / 500 for n in range(60)]))
    fig.add_hline(y=0.01, line_dash="dot", annotation_text="limit 1%")
    behind = pd.DataFrame({"day": days, "rate": [n % 9 / 500 for n in range(60)]})
    return show.figure(fig, title, "A line that rises and falls.", "Counted by hand.", behind)


def section(source, anchor, part):
    about = {"odr": {"anchor": anchor, "part": part}}
    return nbformat.v4.new_markdown_cell(source, metadata=about)


def write_page(path):
    """Write a page with one of everything, and hostile words wherever files can bring words in."""
    orders = pd.DataFrame(
        {
            "order_id": ORDERS,
            "rate": [n / 4000 for n in range(40)],
            "comment": [HOSTILE[n % len(HOSTILE)] for n in range(40)],
            "day": pd.to_datetime(["2026-02-28", None] * 20),
            "at": pd.to_datetime(["2026-02-28 13:05", "2024-02-29 00:00"] * 20),
            "pieces": pd.array([1204, None] * 20, dtype="Int64"),
        }
    )
    causes = pd.DataFrame({"where": HOSTILE[:2], "order_ids": [ORDERS[:30], ORDERS[30:31]]})
    card = show.Card("Amazon's rule", "over", "1.24%", "31 of 2,500 orders", "below 1%", "March")
    found = Finding("odd-rows", "warning", HOSTILE[0], "Look.", Place("a.txt", 9, "x", HOSTILE[1]))
    cells = [
        nbformat.v4.new_markdown_cell("# Why is the rate high?\n\nIntroduction."),
        shown(
            show.verdict("Over.", [card, card], causes=[("A", "where")], to_do=["B"], unknown=["C"])
        ),
        section("## How did it move?", "moved", "stand"),
        shown(figure("First"), figure("Second"), figure(HOSTILE[0])),
        section("## Where?\n\n### In detail", "where", "why"),
        shown(show.table(causes, "Causes")),
        section("## Which orders?", "orders", "do"),
        shown(
            show.table(orders, "Orders", formats={"rate": ".2%"}, download="defects.csv", home=True)
        ),
        section("## What was wrong?", "input", "basis"),
        shown(show.findings([found]), show.end()),
    ]
    nb = nbformat.v4.new_notebook(cells=cells)
    html, _ = ReportExporter().from_notebook_node(nb, {"odr": {"about": "Store", "name": "Store"}})
    path.write_text(html, encoding="utf-8")
    return path
