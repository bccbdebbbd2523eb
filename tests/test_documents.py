"""The pages of docs/ that are written from the code; `pytest --accept` writes them anew."""

import ast
import doctest
import inspect
import re
import textwrap
from datetime import date
from pathlib import Path

import api_page
import commands_page
import numpy as np
import pandas as pd
import pytest

import odrlib
from odrlib import chapters, report
from odrlib.exports.known import EXPORTS
from odrlib.report import show

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "exports.md"
FUNCTIONS = [
    getattr(home, name)
    for home, names in (
        (odrlib, odrlib.__all__),
        (report, report.__all__),
        (show, api_page.SHOWN),
        (chapters, chapters.__all__),
    )
    for name in names
    if not inspect.isclass(getattr(home, name))
]
HEAD = """\
# What is read

Files keep their names; each is recognised by its header and its values.
Only the columns listed here are read: buyers' names, e-mail addresses, phone numbers and street
addresses stop at the door. (`odr pack` looks them up for the orders it packs, to mask them there.)
A header that is not recognised is mapped once in `store.toml`:

```toml
[columns."my erp*.xlsx"]
order_id = "Platform No."
tracking_number = "Waybill"
```

This page is written from the code by a test.
"""


def section(export) -> str:
    """One kind of file: where it comes from, what stays unknown without it, what is read."""
    rows = [
        f"| `{column.ours}` | {', '.join(f'`{name}`' for name in column.theirs[:4])}"
        f"{' …' if len(column.theirs) > 4 else ''} | {'yes' if column.need else ''} |"
        for column in export.columns
    ]
    title = export.title[0].upper() + export.title[1:]
    return "\n".join(
        [
            f"\n## {title}\n",
            f"`{export.name}` · {export.where}\n",
            f"Unknown without it: {export.hides}.\n",
            "| our column | their headers, or fields | needed |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def test_the_page_lists_every_export(expect):
    expect(PAGE, HEAD + "".join(section(export) for export in EXPORTS))


def test_the_page_lists_every_public_name(expect):
    expect(DOCS / "api.md", api_page.page())


def test_every_public_name_stands_in_one_part_of_the_page():
    assert odrlib.__all__ == sorted(name for names in api_page.PARTS.values() for name in names)


def test_the_examples_of_the_page_are_true():
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    public = {name: getattr(odrlib, name) for name in odrlib.__all__}
    tried = 0
    for place, code in enumerate(re.findall(r"```pycon\n(.*?)```", page, flags=re.DOTALL)):
        names = {**public, "pd": pd, "np": np, "date": date}
        example = doctest.DocTestParser().get_doctest(code, names, f"api.md[{place}]", None, None)
        told = []
        tried += doctest.DocTestRunner().run(example, out=told.append).attempted
        assert [] == told

    assert tried


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
def test_a_docstring_names_the_errors_and_says_what_a_table_holds(function):
    told = inspect.getdoc(function)
    source = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    raised = {
        ast.unparse(node.exc.func)
        for node in ast.walk(source)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
    }

    assert [] == [name for name in raised if name not in told]
    if ast.unparse(source.returns) == "pd.DataFrame":
        assert re.search(r"DataFrame|[Oo]ne row per|Columns:|`\w+`", told)


def test_the_page_lists_every_command(expect):
    expect(DOCS / "commands.md", commands_page.page())
