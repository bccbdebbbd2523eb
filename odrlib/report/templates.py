"""Templates: the one Jinja environment, and the words a page needs besides the notebook's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from odrlib.languages import mark


@cache
def environment() -> Environment:
    """All HTML is made here: what buyers wrote is escaped, and a missing name is an error."""
    made = Environment(
        loader=PackageLoader("odrlib.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["cells"] = cells
    made.globals["LINKED"] = ("order", "orders")  # kinds of columns whose cells are links
    return made


def cells(columns: Sequence[Mapping[str, Any]], rows: int) -> list[list[tuple[str, str, int]]]:
    """
    The first rows of a table's columns: kind, text and, for lists of order ids, size of each cell.

    Turned here, because a template takes longer to ask for a value than Python to turn them all.
    """
    each = [(column["kind"], column["text"], column.get("sizes")) for column in columns]
    return [
        [(kind, texts[row].strip(), sizes[row] if sizes else 0) for kind, texts, sizes in each]
        for row in range(rows)
    ]


@cache
def text(name: str) -> str:
    """A file of the template folder as text."""
    return files("odrlib.report").joinpath("template", name).read_text(encoding="utf-8")


# The page's own script in the order it runs. It is one function, so that nothing of it is global.
SCRIPTS = ("ground", "figures", "workbook", "tables", "paper")


@cache
def script(names: tuple[str, ...] = SCRIPTS) -> str:
    """The page's own script: unpacks the data, draws the figures, sorts and filters the tables."""
    parts = "\n".join(text(f"script/{name}.js") for name in names)
    lines = (line.strip() for line in parts.splitlines())
    # Neither indents nor lines of comment need to travel in every page.
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f'"use strict";\n(() => {{\n{kept}\n}})();\n'


# What the page says of itself ("Contents", "Show all rows"), by the name that templates and
# scripts know it by. What a store's numbers say comes from the notebook, not from here.
WORDS = {
    "skip": mark("Skip to the report"),
    "contents": mark("Contents"),
    "theme": mark("Light or dark"),
    "how": mark("How was this counted?"),
    "filter": mark("Filter rows"),
    "show_all": mark("Show all rows"),
    "show_few": mark("Show fewer rows"),
    "download": mark("Download CSV"),
    "rows_shown": mark("{shown} of {total} rows shown"),
    "all_rows": mark("{total} rows"),
    "no_rows": mark("No rows."),
    "sort": mark("Sort by {column}"),
    "held": mark(
        "This page holds the first {held} of {total} rows; the files beside it hold them all."
    ),
    "no_order": mark(
        "Order {order} is not among the rows of this page; look into defects.csv beside it."
    ),
    "orders": mark("{count} orders"),
    "order": mark("1 order"),
    "needs_script": mark(
        "Charts and the rows of long tables need JavaScript. Nothing is loaded from any network."
    ),
    "nothing_found": mark("Nothing to report."),
    "error": mark("Errors"),
    "warning": mark("Warnings"),
    "information": mark("For information"),
    "over": mark("Over the limit"),
    "under": mark("Inside the limit"),
    "unknown": mark("Unknown"),
    "limit": mark("Limit"),
    "window": mark("Orders placed"),
    "causes": mark("Where the defects concentrate"),
    "to_do": mark("What to do next"),
    "not_known": mark("What is unknown"),
    "to_do_label": mark("To do: "),
    "more": mark("and {count} more; facts.json holds them all."),
    "more_points": mark("{count} more"),
    "at_line": mark("{place}, line {line}"),
    "at_column": mark("{place}, column {column}"),
    "colon": mark(": "),
    "chart": mark("chart"),
    "phase": mark("{phase} {seconds:.1f} s"),
    "comma": mark(", "),
    "made_by": mark(
        "Made by odrlib {version}. One file: it opens offline and sends nothing anywhere."
    ),
    "took": mark("The run took {seconds}."),
    "start": mark("start"),
    "read": mark("read"),
    "compute": mark("compute"),
    "draw": mark("draw"),
    "failed": mark("Reports that could not be made"),
    "index_title": mark("Order defect rate of {count} stores"),
    "store": mark("Store"),
    "open_report": mark("Report"),
    "counted": mark("Counted"),
    "counted_more": mark("What is counted, and what follows"),
    "workbook": mark("Download all tables (XLSX)"),
    "paper": mark("Print or save as PDF"),
    "link": mark("Link to “{title}”"),
    "part_stand": mark("Where we stand"),
    "part_why": mark("Why"),
    "part_do": mark("What to do"),
    "part_basis": mark("What it rests on"),
    "sheet": mark("Contents"),
    "sheet_rows": mark("Rows"),
    "sheet_name": mark("Sheet"),
    "sheet_table": mark("Table"),
}


@cache
def words(wanted: str = "") -> dict[str, str]:
    """The page's own words in a language; what has no translation stays English."""
    if not wanted or wanted == "en":
        return WORDS
    from odrlib.languages.catalogue import catalogue

    # Looked up by hand: reports of several languages are made in threads of one process.
    said = catalogue(wanted)
    return {name: said.get(("", message), message) for name, message in WORDS.items()}
