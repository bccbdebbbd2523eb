"""
Limits: how large a file, line or cell may be before it is a trap or a mistake, and why.

What is beyond a limit is set aside with the reason; everything else of the store is read. The
limits of evidence files are in `odrlib/evidence/rules.toml`.
"""

from __future__ import annotations

# Bytes of one file: ten million orders of the All Orders report take 3.5 GB.
LARGEST_FILE = 8 << 30
# Bytes of one JSON or XML document, which becomes objects of about ten times its size.
LARGEST_DOCUMENT = 1 << 29
# Bytes of a line: no export has one near it, and pyarrow reads in blocks of four times as much.
LONGEST_LINE = 1 << 20
# Columns of a header: as many as a sheet of Excel has. The widest export we know has 78.
MOST_COLUMNS = 16_384
# Letters of a heading that are looked at; the longest that we know has 61.
LONGEST_HEADING = 200
# Letters of a cell that is a number, a day, an id or a code. Comments and titles have no limit.
LONGEST_WORD = 1_000
# Of a workbook: bytes unpacked, parts of its archive, cells and letters of all sheets. A million
# rows of the All Orders report are better saved as CSV, and the finding says so.
LARGEST_WORKBOOK = 1 << 29
MOST_PARTS = 10_000
MOST_CELLS = 5_000_000
MOST_LETTERS = 1 << 28
# Of the texts that its cells share, and of any other part but a sheet (styles, names of sheets):
# openpyxl makes objects of a hundred times the size of them before it shows the first cell.
LARGEST_TEXTS = 1 << 26
LARGEST_PART = 1 << 22
# Bytes of a store.toml; ours with every key explained has 2,000.
LARGEST_SETTINGS = 1 << 20
