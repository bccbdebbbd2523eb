"""
Store folders as a client sends them: every kind of export under its real header, and nothing clean.

A folder is first made in memory, so that a law can write the same rows again in another way: other
names, another order, other neighbours. Headers and row shapes are those of tests/exports/samples;
ids and days are those of one made-up store, so that the files speak of the same orders.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path

import openpyxl

import odrlib as odr
from odrlib.exports import text as texts
from odrlib.exports.read import Context, read_file

SAMPLES = Path(__file__).parents[1] / "exports" / "samples"
AS_OF = date(2026, 3, 31)
TODAY = date(2026, 4, 20)
ID = re.compile(r"\b(?:\d{3}|S0[12])-\d{7}-\d{7}\b")
ISO = re.compile(r"\b20\d\d-\d\d-\d\d")
FORMS = (
    (ISO, "%Y-%m-%d"),
    (re.compile(r"\b20\d\d/\d\d?/\d\d?\b"), "%Y/%m/%d"),
    (re.compile(r"\b\d\d\.\d\d\.20\d\d\b"), "%d.%m.%Y"),
    (re.compile(r"\b\d\d-[A-Z][a-z]{2}-20\d\d\b"), "%d-%b-%Y"),
    (re.compile(r"\b\d\d/\d\d/20\d\d\b"), "%m/%d/%Y"),
)
# What people, spreadsheets and programs leave in a cell.
ODD = {
    "number": ("1.234,50", "1,00,000.00", "(5.00)", "-", "１２", "1e5", "9" * 400, "3 500,00 €",
               "NaN", "inf", "0x10", "+7", "1 000", "1'000.5", "--", "#REF!", "٣", "0", "-0"),
    "date": ("soon", "2026-02-30", "31/12/2025", "12/31/2025", "1.3.26", "2026年3月1日", "46112",
             "0000-00-00", "2026-03-01T25:00:00Z", "2026-03-31T23:59:59-12:00", "Mar 1, 2026",
             "2026-03-01 10:00 PST", "99999-01-01", "2099-01-01", "1.3.2026 7:05 PM"),
    "flag": ("Yes", "no", "X", "✓", "2", "0", "-", "maybe", "是", "Нет", "9" * 5_000, "²"),
    "order_id": ("", "5.80293E+13", "111–0000000–0000001", "'111-0000000-0000001", "#1003", "n/a",
                 "111-0000000-0000001.0", "S01-0000000-0000001", "１１１-0000000-0000001"),
    "text": ("", " ", "=1+1", "<script>alert(1)</script>", "Größe; groß", "青いマグ", "蓝色",
             "a" * 300, '3.5" jack', "NULL", "\u202etxt", "a\u0000b", "🧨", "--", "nan",
             "\u3000x\u3000"),
}  # fmt: skip
KINDS = {"integer": "number", "money": "number", "instant": "date", "day": "date", "flag": "flag",
         "order_id": "order_id"}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A file of rows, and how it is written."""

    path: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: tuple[tuple[str, ...], ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    ending: str = "\n"
    by_place: bool = False  # its columns are known by their places alone

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file, made once: a workbook holds the moment it was made."""
        lines = [*self.above, self.header, *self.rows]
        if self.path.endswith(".xlsx"):
            book, out = openpyxl.Workbook(), io.BytesIO()
            for line in lines:
                book.active.append([_legal(cell) or None for cell in line])
            book.save(out)
            return out.getvalue()
        text = io.StringIO()
        if self.delimiter == "\t":
            text.writelines("\t".join(line) + self.ending for line in lines)
        else:
            writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.ending)
            writer.writerows(lines)
        return text.getvalue().encode(self.encoding, errors="replace")


def _legal(cell: str) -> str:
    """A workbook takes no control characters."""
    return "".join(letter for letter in cell if letter >= " " or letter in "\t\n")[:32_000]


@dataclass(frozen=True)
class Folder:
    """A store folder in memory."""

    tables: tuple[Table, ...]
    files: dict[str, bytes] = field(default_factory=dict)
    settings: str = ""
    marketplace: str = "US"
    order_ids: tuple[str, ...] = ()

    def write(self, root: Path) -> Path:
        """Write it below `root`, which is made if it is not there."""
        toml = f'id = "fuzz"\nmarketplace = "{self.marketplace}"\n{self.settings}'
        contents = {table.path: table.content for table in self.tables} | self.files
        for name, content in {"store.toml": toml.encode(), **contents}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return root

    def read(self, root: Path, as_of: date | None = AS_OF) -> odr.Store:
        """The store that is read from it."""
        return odr.read_store(self.write(root), as_of=as_of, today=TODAY)

    def with_tables(self, tables: Iterable[Table]) -> Folder:
        """The same folder with these tables in place of its own."""
        return replace(self, tables=tuple(tables))


@dataclass(frozen=True)
class Sample:
    """A real header with example rows, and the kind of each column that we read."""

    export: str
    name: str
    table: Table
    kinds: dict[int, str]


@cache
def samples() -> tuple[Sample, ...]:
    """Every sample that is a table, as text."""
    found = []
    for path in sorted(SAMPLES.glob("*/*")):
        folder = {"ledger": "ledger/", "exempt": "appeals/"}.get(path.parent.name[:6], "exports/")
        name = folder + path.name
        if path.suffix not in (".txt", ".csv", ".tsv") or ".expected." in path.name:
            continue
        reading = read_file(path, name, Context(path.name[:2], today=date(2027, 1, 1)))
        if reading.export is None or not reading.delimiter or not reading.rows_in:
            continue
        text = texts.decode(path.read_bytes(), path.name[:2]).data.decode()
        quoting = csv.QUOTE_NONE if reading.delimiter == "\t" else csv.QUOTE_MINIMAL
        lines = list(csv.reader(io.StringIO(text), delimiter=reading.delimiter, quoting=quoting))
        at = next(n for n, line in enumerate(lines) if tuple(line) == reading.header)
        rows = tuple(tuple(row) for row in lines[at + 1 :] if any(map(str.strip, row)))
        kind_of = {column.ours: column.kind for column in reading.export.columns}
        places = {header: number for number, header in reversed(list(enumerate(reading.header)))}
        kinds = {places[theirs]: kind_of[ours] for ours, theirs in reading.found.items()}
        above = tuple(map(tuple, lines[:at]))
        table = Table(name, reading.header, rows, above, delimiter=reading.delimiter,
                      by_place=reading.export.by_position and "position" in path.name)  # fmt: skip
        found.append(Sample(reading.export.name, path.stem, table, kinds))
    return tuple(found)


def a_folder(seed: int, orders: int = 40, dirt: float = 0.03, *, own: bool = False) -> Folder:
    """
    The folder of this seed: some `orders` orders in several files, and what else names them.

    `dirt` is the share of cells that are spoilt. With `own` every file has the dates and numbers of
    the store's own marketplace; else they are read by what the whole of a file shows.
    """
    luck = random.Random(seed)
    ids = [_an_id(luck) for _ in range(orders)]
    edges = (0, 1, 15, 30, 31, 74, 75)
    days = {id: AS_OF - timedelta(days=luck.choice((*edges, luck.randint(0, 110)))) for id in ids}
    marketplace = luck.choice(("US", "DE", "JP") if own else ("US", "DE", "JP", "UK"))
    known = [
        sample
        for sample in samples()
        if not own or sample.name[:2] == marketplace or not sample.name[:2].isupper()
    ]
    chosen = [luck.choice([sample for sample in known if sample.export == "all_orders"])]
    others = sorted({sample.export for sample in known} - {"all_orders"})
    for export in luck.sample(others, min(len(others), luck.randint(6, 12))):
        chosen += [luck.choice([sample for sample in known if sample.export == export])]
    tables: list[Table] = []
    for number, sample in enumerate(chosen):
        named = ids if number == 0 else luck.sample(ids, luck.randint(0, max(1, orders // 3)))
        tables += _written(luck, sample, named, days, dirt, number)
    settings = luck.choice(("", "", 'timezone = "Asia/Tokyo"\n', 'timezone = "America/Phoenix"\n'))
    return Folder(tuple(tables), {}, settings, marketplace, tuple(ids))


def _an_id(luck: random.Random) -> str:
    start = luck.choice(
        ("111", "113", "114", "305", "503", "S01" if luck.random() < 0.2 else "112")
    )
    return f"{start}-{luck.randrange(10**7):07}-{luck.randrange(10**7):07}"


def _written(
    luck: random.Random, sample: Sample, ids: Sequence[str], days: dict[str, date], dirt: float,
    number: int,
) -> list[Table]:  # fmt: skip
    """The sample's kind of file with rows of these orders, in one file or two that overlap."""
    rows = []
    for id in ids:
        for _ in range(luck.choice((1, 1, 1, 2))):
            row = list(luck.choice(sample.table.rows))
            day = days[id] + timedelta(days=luck.choice((0, 0, 0, 1, 5, 9)))
            row = [_moved(cell, id, days[id] if number == 0 else day) for cell in row]
            rows.append(_spoilt(luck, row, sample.kinds, dirt))
    if rows:
        for row in luck.sample(rows, min(len(rows), luck.randint(0, 3))):
            # The same order said again, with something else in one cell.
            other, at = luck.choice(rows), luck.randrange(len(row))
            again = [
                other[n] if n == at and at < len(other) else cell for n, cell in enumerate(row)
            ]
            rows.insert(luck.randint(0, len(rows)), again)
    table = replace(
        sample.table,
        path=_path(luck, sample, number),
        rows=tuple(map(tuple, rows)),
        encoding=luck.choice(("utf-8", "utf-8-sig", "utf-16", "utf-8")),
        ending=luck.choice(("\n", "\r\n")),
    )
    if luck.random() < 0.3:
        table = _with_unknown_column(luck, table)
    if len(rows) < 4 or luck.random() < 0.6:
        return [table]
    cut, back = len(rows) // 2, luck.randint(0, 3)
    stem, dot, suffix = table.path.rpartition(".")
    return [
        replace(table, rows=table.rows[:cut]),
        replace(table, path=f"{stem} (2){dot}{suffix}", rows=table.rows[cut - back :]),
    ]


def _path(luck: random.Random, sample: Sample, number: int) -> str:
    folder, _, name = sample.table.path.rpartition("/")
    if folder != "exports":
        return sample.table.path
    name = luck.choice((f"{number} {name}", f"old/{name}", f"{number} {sample.name}.xlsx", name))
    return f"{folder}/{name}"


def _moved(cell: str, id: str, day: date) -> str:
    """The cell with this order's id and day in place of its own."""
    cell = ID.sub(id, cell)
    for form, write in FORMS:
        cell = form.sub(f"{day:{write}}", cell)
    return cell


def _spoilt(luck: random.Random, row: list[str], kinds: dict[int, str], dirt: float) -> list[str]:
    for at in range(len(row)):
        if luck.random() < dirt:
            row[at] = luck.choice(ODD[KINDS.get(kinds.get(at, ""), "text")])
    if luck.random() < dirt:
        row = row[: luck.randint(1, len(row))]
    if luck.random() < dirt:
        row = [*row, luck.choice(("", "one too many"))]
    return row


def _with_unknown_column(luck: random.Random, table: Table) -> Table:
    at = luck.randint(0, len(table.header)) if not table.by_place else len(table.header)
    name = luck.choice(("x-loyalty-tier", "内部备注", "", table.header[0]))
    if name == table.header[0]:
        at = len(table.header)  # of two columns of one name the first is read
    rows = (row if len(row) < at else (*row[:at], "x", *row[at:]) for row in table.rows)
    header = (*table.header[:at], name, *table.header[at:])
    return replace(table, header=header, rows=tuple(rows))


def shuffled(folder: Folder, luck: random.Random, what: str) -> Folder:
    """The same rows, with the `rows` of each file or its `columns` in another order."""
    return folder.with_tables(_shuffled(table, luck, what) for table in folder.tables)


def _shuffled(table: Table, luck: random.Random, what: str) -> Table:
    if what == "rows":
        return replace(table, rows=tuple(luck.sample(table.rows, len(table.rows))))
    width = len(table.header)
    if what == "columns" and not table.by_place and not table.above:
        order = luck.sample(range(width), width)
        header = tuple(table.header[at] for at in order)
        if len(set(header)) < width:
            return table  # of two columns of one name the first is read
        rows = [(*row, *[""] * (width - len(row))) for row in table.rows]
        rows = [(*(row[at] for at in order), *row[width:]) for row in rows]
        return replace(table, header=header, rows=tuple(rows))
    return table
