"""docs/exports.md says what the code reads; `pytest --accept` writes it anew."""

from pathlib import Path

from odrlib.exports.known import EXPORTS

PAGE = Path(__file__).parent.parent / "docs" / "exports.md"
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
