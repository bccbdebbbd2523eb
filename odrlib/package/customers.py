"""
Customers: what the downloads say of the buyers of a few orders, so that it is masked in evidence.

The readers of odrlib never look at these columns. Here they are looked up for the orders in the
package only, kept in memory, and used for nothing but to find the same words and mask them.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from odrlib.exports.reading import Reading
from odrlib.package import rules
from odrlib.package.masking import Known
from odrlib.package.writing import delimiter_of, kind_of_column, plain_text
from odrlib.store import Store

_HEAD = 16_384  # bytes within which a table's header stands
_HEADER_LINES = 12
_SPAN = 50  # lines; a quoted cell longer than this is an unclosed quote
_SHORT = 3  # a word of fewer letters says nothing of anybody
_NO_TEXT = ("xlsx", "xls", "packed", "binary")
_ORDER_ID = re.compile(r"(?:\d{3}|S0[12])-\d{7}-\d{7}")

# Order id, kind of what is said, and what is said.
Saying = tuple[str, str, str]
# The order id's place in a row, and the kinds of the personal columns by theirs.
Places = tuple[int, Mapping[int, str]]


def known_customers(store: Store, orders: Collection[str]) -> Mapping[str, Known]:
    """Per order: names, e-mails, phones and addresses of its row in any download or ledger."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    wanted = set(orders)
    for reading in store.readings:
        with suppress(OSError, csv.Error):  # gone by now, or a name that cannot be written
            for order_id, kind, said in _sayings(store, reading, wanted):
                if order_id in wanted and len(said.strip()) >= _SHORT:
                    found[order_id].add((kind, said.strip()))
    return {order_id: frozenset(known) for order_id, known in found.items()}


def _sayings(store: Store, reading: Reading, wanted: set[str]) -> Iterator[Saying]:
    path, market = store.folder / reading.file, store.settings.marketplace
    if reading.encoding == "xlsx" and reading.header:  # it was small enough to be read
        yield from _of_workbook(path.read_bytes())
    elif reading.document is not None:
        yield from _of_document(reading.document)
    elif reading.encoding not in _NO_TEXT:
        with open(path, "rb") as file:
            head = plain_text(file.read(_HEAD), market)
        if _header(head.split("\n")):
            yield from _of_table(plain_text(path.read_bytes(), market).split("\n"), wanted)


# -- tables ---------------------------------------------------------------------------------------


def _of_table(lines: Sequence[str], wanted: set[str]) -> Iterator[Saying]:
    header = _header(lines)
    if header is None:
        return
    first, delimiter, places = header
    for record in _records(lines[first + 1 :]):
        if wanted.isdisjoint(_ORDER_ID.findall(record)):
            continue
        # Where a quote stands by chance, each line is a row of its own.
        for text in {record, *record.split("\n")}:
            for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
                yield from _of_row(row, places)


def _records(lines: Iterable[str]) -> Iterator[str]:
    """The lines, those of a cell in quotes that goes over several of them together."""
    waiting = iter(lines)
    for line in waiting:
        record = line
        while record.count('"') % 2 and record.count("\n") < _SPAN:
            further = next(waiting, None)
            if further is None:
                break
            record += f"\n{further}"
        yield record


def _header(lines: Sequence[str]) -> tuple[int, str, Places] | None:
    """Line and delimiter of a header with personal columns, and where they are."""
    for number, line in enumerate(lines[:_HEADER_LINES]):
        delimiter = delimiter_of(line)
        cells = next(csv.reader([line], delimiter=delimiter), []) if delimiter else []
        places = _places(cells)
        if places:
            return number, delimiter, places
    return None


def _places(header: Sequence[str]) -> Places | None:
    at = [number for number, cell in enumerate(header) if _names_order(cell)]
    kinds = {number: kind_of_column(cell) for number, cell in enumerate(header)}
    personal = {number: kind for number, kind in kinds.items() if kind}
    return (at[0], personal) if at and personal else None


def _names_order(header: str) -> bool:
    bare = re.sub(r"[\s_\"'-]", "", header).casefold().lstrip("\ufeff")
    return bare in rules.data("masking")["columns"]["order_id"]


def _of_row(row: Sequence[str], places: Places) -> Iterator[Saying]:
    at, personal = places
    if at < len(row):
        for place, kind in personal.items():
            if place < len(row):
                yield row[at].strip(), kind, row[place]


# -- workbooks and documents ----------------------------------------------------------------------


def _of_workbook(raw: bytes) -> Iterator[Saying]:
    book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows = (
            ["" if cell is None else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        )
        places = next(filter(None, map(_places, islice(rows, _HEADER_LINES))), None)
        if places:
            yield from (saying for row in rows for saying in _of_row(row, places))


def _of_document(document: Any) -> Iterator[Saying]:
    """What is said inside an object that names an order, however deep, is of that order."""
    waiting = [(document, "")]
    while waiting:
        value, order_id = waiting.pop()
        if isinstance(value, list):
            waiting += [(one, order_id) for one in value]
        elif isinstance(value, dict):
            named = (str(said) for key, said in value.items() if _names_order(key))
            order_id = next(named, order_id)
            for key, said in value.items():
                if isinstance(said, str) and kind_of_column(key):
                    yield order_id, kind_of_column(key), said
                else:
                    waiting.append((said, order_id))
