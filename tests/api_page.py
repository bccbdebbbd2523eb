"""docs/api.md, written from the public names, their signatures and their docstrings."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from functools import cached_property
from types import FunctionType
from typing import Any

import odrlib
from odrlib import chapters, report
from odrlib.report import show

HEAD = """\
# The Python names

What a notebook or a script may use; the rest of the package may change at any time.

| import | gives |
|---|---|
| `import odrlib as odr` | the names of the first parts |
| `from odrlib import report` | reports as files |
| `from odrlib.report import show` | what a cell shows of your own tables and figures |
| `from odrlib import chapters` | what the cells of the notebooks show |

All of them are typed: mypy and editors know what comes back.
Shares and rates are 0-1, never percent.
A table is a pandas DataFrame; what is missing in it is unknown, never zero.
All errors are an `odrlib.errors.OdrError`.

The verb tells what a name does: `read_…` takes a path; a noun, `…_by` or `…_rate` takes a table;
`check_…` gives findings and never raises; `plot_…` takes a finished table and gives a figure;
`build_…` and `write_…` write exactly one path.

A test runs the examples. They begin with:

```python
from datetime import date

import numpy as np
import pandas as pd
from odrlib import *
```

This page is written from the code by a test.
"""
# What a reader wants to do → the names for it.
PARTS = {
    "Read": (
        "init_store", "write_demo", "read_store", "inventory", "check_tables", "input_dict",
    ),
    "Count": (
        "defects_by_order", "defect_rate", "component_rates", "rolling_rate", "rate_by",
        "composition", "roll_off", "reconcile", "related_metrics", "delay_curve", "nowcast",
        "window_nowcast", "status_dict",
    ),
    "Locate": (
        "attributes", "find_causes", "causes_table", "causes_dict", "cleared_table",
        "how_to_tell_apart", "drill_down", "rate_grid", "weekly_rate", "rate_changes",
        "changes_of_causes", "what_changed", "rise_table", "mix_shifts",
    ),
    "What buyers say, and of which category a defect is": (
        "statements", "classify_reasons", "order_reasons", "theme_counts", "topic_counts",
        "categorise", "category_counts",
    ),
    "What if": ("what_if", "what_if_table", "LikeTheRest", "Reversed", "Stopped"),
    "Prove": (
        "orders_to_prove", "evidence_matrix", "check_evidence", "evidence_dict", "timeline",
        "triage_part",
    ),
    "Draft": (
        "draft_poa", "check_poa", "build_package", "read_notice", "read_register", "case_sheet",
    ),
    "Explore": ("explore", "Selection"),
    "Draw": tuple(name for name in odrlib.__all__ if name.startswith("plot_")),
    "All of it at once": ("build_facts", "write_facts", "facts_schema"),
    "Types": ("Store", "Facts", "Finding", "Window", "Rate", "Cause", "Evidence"),
}  # fmt: skip
MEMBERS = (FunctionType, classmethod, staticmethod, property, cached_property)
SHOWN = ("verdict", "figure", "table", "findings", "say", "end")


def page() -> str:
    """The whole page."""
    return "\n".join([
        HEAD,
        *(_part(title, names, odrlib, "odr") for title, names in PARTS.items()),
        _part("Report", report.__all__, report, "report"),
        _part("Show, in a cell of a notebook", SHOWN, show, "show"),
        _chapters(),
    ])  # fmt: skip


def _part(title: str, names: Any, home: Any, called: str) -> str:
    return f"## {title}\n\n" + "\n".join(
        _entry(getattr(home, name), name, called) for name in names
    )


def _entry(value: Any, name: str, called: str) -> str:
    said = _told(inspect.getdoc(value) or "")
    how = f"```python\n{_signature(value, name)}\n```"
    return "\n\n".join([f"### `{called}.{name}`", how, said, *_members(value)]) + "\n"


def _chapters() -> str:
    rows = [
        f"| `{name}({_arguments(getattr(chapters, name))})` | {_first(getattr(chapters, name))} |"
        for name in chapters.__all__
    ]
    head = (
        "## Chapters\n\n"
        "What the cells of the notebooks show, one function for each thing on the page; "
        "`facts` is what `odr.build_facts` gives.\n\n"
        "| `chapters.` | shows |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _first(value: Any) -> str:
    """The first paragraph of a docstring, on one line of a table."""
    return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split()).replace("|", "\\|")


def _arguments(function: Any) -> str:
    names = [name for name in inspect.signature(function).parameters if not name.startswith("_")]
    return ", ".join(names)


def _signature(value: Any, name: str) -> str:
    """How it is called, as the source says it: a default stays the name that it has there."""
    source = textwrap.dedent(inspect.getsource(value))
    node = ast.parse(source).body[0]
    if isinstance(node, ast.FunctionDef):
        back = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        given = _given(node.args, source)
    else:
        back, given = "", [_source(field, source) for field in _fields(node)]
    line = f"{name}({', '.join(given)}){back}"
    if len(line) <= 100:
        return line
    return f"{name}(\n" + "".join(f"    {one},\n" for one in given) + f"){back}"


def _given(arguments: ast.arguments, source: str) -> list[str]:
    """The arguments one by one, with a star before those that must be named."""
    plain, named = [*arguments.posonlyargs, *arguments.args], arguments.kwonlyargs
    missing = [None] * (len(plain) - len(arguments.defaults))
    given = [
        *zip(plain, [*missing, *arguments.defaults], strict=True),
        *([None] if named else []),
        *zip(named, arguments.kw_defaults, strict=True),
    ]
    return [
        "*"
        if one is None
        else _source(one[0], source) + (f" = {_source(one[1], source)}" if one[1] else "")
        for one in given
    ]


def _source(node: ast.AST, source: str) -> str:
    return " ".join((ast.get_source_segment(source, node) or "").split())


def _fields(node: ast.AST) -> list[ast.AnnAssign]:
    """The public fields of a dataclass."""
    return [
        line
        for line in getattr(node, "body", ())
        if isinstance(line, ast.AnnAssign) and not ast.unparse(line.target).startswith("_")
    ]


def _members(value: Any) -> list[str]:
    """The public methods and properties of a class as one list, each with its first sentence."""
    members = vars(value).items() if inspect.isclass(value) else ()
    rows = [
        f"- `{name}{_call(one)}`: {_first(one)}"
        for name, one in members
        if not name.startswith("_") and isinstance(one, MEMBERS) and inspect.getdoc(one)
    ]
    return ["\n".join(rows)] if rows else []


def _call(member: Any) -> str:
    """What stands between the brackets of a method; a property has none."""
    if isinstance(member, (property, cached_property)):
        return ""
    first, *others = inspect.signature(getattr(member, "__func__", member)).parameters
    return f"({', '.join(others if first in ('self', 'cls') else [first, *others])})"


def _told(text: str) -> str:
    """A docstring as Markdown: sections as lists, examples as code."""
    blocks = re.split(r"\n{2,}", text)
    told: list[str] = []
    for block in blocks:
        lines = block.split("\n")
        if len(lines) > 1 and re.fullmatch("-+", lines[1]):
            told.append(f"**{lines[0]}**")
            lines = lines[2:]
            if told[-1] == "**Parameters**" or " : " in lines[0]:
                told.append(_listed(lines))
                continue
        told.append(_code(lines) if lines[0].startswith(">>>") else "\n".join(lines))
    return "\n\n".join(told)


def _code(lines: list[str]) -> str:
    return "```pycon\n" + "\n".join(lines) + "\n```"


def _listed(lines: list[str]) -> str:
    """`name : what it is` and its further lines, as the items of a list."""
    items: list[str] = []
    for line in lines:
        if line.startswith(" ") and items:
            items[-1] += f" {line.strip()}"
        else:
            items.append(line)
    marked = []
    for item in items:
        name, colon, said = item.partition(" : ")
        marked.append(f"- `{name}`: {said}" if colon else f"- {item}")
    return "\n".join(marked)
