"""
Customers: what the downloads say of the buyers of a few orders, so that it is masked in evidence.

The readers of odrlib never look at these columns. Here they are looked up for the orders in the
package only, kept in memory, and used for nothing but to find the same words and mask them.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from odrlib.package import rules
from odrlib.package.masking import Known
from odrlib.package.writing import delimiter_of, kind_of_column, plain_text
from odrlib.store import Store

_ENDINGS = (".txt", ".csv", ".tsv")
_HEAD = 16_384  # bytes within which a table's header stands
_HEADER_LINES = 12
_SHORT = 3  # a word of fewer letters says nothing of anybody
_ORDER_ID = re.compile(r"(?:\d{3}|S0[12])-\d{7}-\d{7}")


def known_customers(store: Store, orders: Collection[str]) -> Mapping[str, Known]:
    """Per order: names, e-mails, phones and addresses of its row in any download or ledger."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    wanted = set(orders)
    for reading in store.readings:
        if not reading.file.casefold().endswith(_ENDINGS):
            continue
        try:
            raw = (store.folder / reading.file).read_bytes()
        except OSError:  # gone by now, or a name that cannot be written
            continue
        market = store.settings.marketplace
        if not _header(plain_text(raw[:_HEAD], market).split("\n")):
            continue
        for order_id, kind, said in _rows(plain_text(raw, market).split("\n"), wanted):
            found[order_id].add((kind, said))
    return {order_id: frozenset(known) for order_id, known in found.items()}


def _header(lines: list[str]) -> tuple[int, str, int, dict[int, str]] | None:
    """Line and delimiter of a header with personal columns, the order id's place, and theirs."""
    orders = rules.data("masking")["columns"]["order_id"]
    for number, line in enumerate(lines[:_HEADER_LINES]):
        delimiter = delimiter_of(line)
        cells = next(csv.reader([line], delimiter=delimiter), []) if delimiter else []
        bare = [re.sub(r"[\s_\"'-]", "", cell).casefold().lstrip("\ufeff") for cell in cells]
        places = [at for at, cell in enumerate(bare) if cell in orders]
        personal = {at: kind for at, cell in enumerate(cells) if (kind := kind_of_column(cell))}
        if places and personal:
            return number, delimiter, places[0], personal
    return None


def _rows(lines: list[str], wanted: set[str]) -> Iterator[tuple[str, str, str]]:
    header = _header(lines)
    if header is None:
        return
    first, delimiter, place, personal = header
    for line in lines[first + 1 :]:
        match = _ORDER_ID.search(line)
        if match is None or wanted.isdisjoint(_ORDER_ID.findall(line)):
            continue
        cells = next(csv.reader([line], delimiter=delimiter), [])
        order_id = cells[place].strip() if place < len(cells) else ""
        if order_id in wanted:
            for at, kind in personal.items():
                said = cells[at].strip() if at < len(cells) else ""
                if len(said) >= _SHORT:
                    yield order_id, kind, said
