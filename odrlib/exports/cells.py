"""
Cells: text in, values out, one reader for each kind of column.

A reader sees a whole column at once. Words that repeat are read once each; long columns of ids and
moments are checked as a block of bytes. No reader guesses: what it cannot read it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from math import isinf
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from odrlib import policy
from odrlib.exports import dates
from odrlib.exports.contacts import CONTACTS, without_contacts
from odrlib.exports.export import Column
from odrlib.exports.limits import LONGEST_WORD
from odrlib.exports.words import categorical
from odrlib.languages import mark

REASONS = {
    "missing-order-id": (
        mark("there is no order id"),
        mark("Fill in the order id, or delete the row."),
    ),
    "missing-value": (
        mark("the cell is empty"),
        mark("Fill in the cell, or download the file again."),
    ),
    "excel-damaged-id": (
        mark("a spreadsheet has turned the id into a rounded number"),
        mark("Download the file again and do not open it in a spreadsheet before it is read here."),
    ),
    "bad-order-id": (
        mark("this is not an Amazon order id (3-7-7 digits)"),
        mark("Check the id against the order page."),
    ),
    "bad-date": (
        mark("this is not a date we can read"),
        mark("Write the date as 2026-05-31."),
    ),
    "two-digit-year": (
        mark("the year has two digits only"),
        mark("Download the file again, or write the date as 2026-05-31."),
    ),
    "future-date": (
        mark("the date lies in the future"),
        mark("Check the date, and the date format."),
    ),
    "bad-number": (
        mark("this is not a number we can read"),
        mark("Write the number as 1234.50."),
    ),
    "unknown-flag": (
        mark("this is neither yes nor no"),
        mark("Write yes or no."),
    ),
    "too-long": (
        mark("the cell is far longer than a value of this kind can be"),
        mark("Look for a line break or a delimiter inside a cell, or download the file again."),
    ),
    "unknown-channel": (
        mark("this is neither Amazon (FBA) nor merchant (FBM)"),
        mark("Write AFN or MFN."),
    ),
}

_ORDER_ID = re.compile(r"(?:\d{3}|S0[12])-\d{7}-\d{7}")
_EXCEL = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_ODD_ID = r"^['=\"`]|\.0$|^\d+([.,]\d+)?[eE]\+?\d+$|[^\x00-\x7f]|^--$|^#|^NULL$"
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−－﹣", "-") | dict.fromkeys("​‌‍﻿\xad"))
_BRACKETS = re.compile(r"\s*[(（\[【].*?[)）\]】]\s*$")
_CODE = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+|[A-Z0-9]+")
_POWER = re.compile(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}")
_NOT_NUMBER = re.compile(r"[^\d.,()+\-−'’   \s]")
# Groups of two are the lakhs of India: 1,00,000.00
_AMOUNT = re.compile(r"([(+-]?)(\d+(?:[.,]\d{2,3})*(?:[.,]\d*)?|[.,]\d+)([)+-]?)")
_EMPTY_WORDS = frozenset(("", "--", "#N/A", "#VALUE!", "#REF!", "#NAME?", "NULL"))
_NO_MOMENT = np.iinfo(np.int64).min


@dataclass
class Context:
    """What a reader must know that the file does not say."""

    marketplace: str = "US"
    timezone: str = "UTC"
    today: date = date(2100, 1, 1)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def date_order(self) -> str:
        """The order of day, month and year in this marketplace's own forms."""
        text: str = policy.MARKETPLACES.get(self.marketplace, {}).get("feedback_date", "dmy")
        return text

    @property
    def decimal(self) -> str:
        """The decimal mark of this marketplace's page downloads."""
        text: str = policy.MARKETPLACES.get(self.marketplace, {}).get("decimal", ".")
        return text


@dataclass
class Cells:
    """
    One read column.

    Parameters
    ----------
    values : n values, missing where the cell is empty or refused
    empty : n flags, or None where no cell is empty
    bad : positions of the refused cells; `codes` : the code of each
    order : the order of date parts that fitted better than the assumed one, else None
    """

    values: Any
    empty: np.ndarray | None = None
    bad: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    codes: np.ndarray = field(default_factory=lambda: np.empty(0, object))
    order: str | None = None


def read_cells(column: Column, raw: pa.ChunkedArray, context: Context, **form: bool) -> Cells:
    """
    Read one column.

    Parameters
    ----------
    raw : n cells as strings, plain or dictionary-encoded, without nulls
    form : `two_digit_years`: is 8.5.26 this export's own way to write a day?

    Returns
    -------
    Cells: text and ids as arrow strings, instants as datetime64[us, UTC], days as datetime64[s],
    integers as Int64, money as float64, flags as boolean, words that repeat as a Categorical
    """
    return _READERS[column.kind](raw, context, form.get("two_digit_years", False))


def nothing(kind: str, rows: int) -> Any:
    """A column the file does not have: `rows` missing values of the dtype of its kind."""
    match kind:
        case "text" | "id" | "order_id":
            return pa.chunked_array([pa.nulls(rows, pa.large_string())])
        case "instant":
            return _utc(np.full(rows, _NO_MOMENT))
        case "day":
            return np.full(rows, np.datetime64("NaT", "s"))
        case "integer":
            return pd.arrays.IntegerArray(np.zeros(rows, np.int64), np.ones(rows, bool))
        case "money":
            return np.full(rows, np.nan)
        case "flag":
            return pd.arrays.BooleanArray(np.zeros(rows, bool), np.ones(rows, bool))
    return categorical(np.full(rows, -1, np.int32), ())


def plain(raw: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells as plain strings."""
    return raw.cast(pa.large_string()) if pa.types.is_dictionary(raw.type) else raw


def _words(raw: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """The code of each cell, and the words the codes stand for, blanks stripped."""
    if not pa.types.is_dictionary(raw.type):
        raw = raw.dictionary_encode()
    one = raw.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # no chunk at all
        return np.empty(0, np.int64), []
    return one.indices.to_numpy(zero_copy_only=False), [
        word.strip() for word in one.dictionary.to_pylist()
    ]


def _too_long() -> NoReturn:
    """Patterns look at a cell again and again: one of a million letters would never end."""
    raise ValueError("too-long")


@dataclass
class _Parsed:
    """Unique words, parsed: the value of each (None = missing) and why it was refused."""

    values: list[Any]
    codes: list[str | None]

    @classmethod
    def of(cls, words: list[str], parse: Callable[[str], Any]) -> _Parsed:
        parsed = cls([], [])
        for word in words:
            value, code = None, None
            if word not in _EMPTY_WORDS:
                try:
                    value = parse(word) if len(word) <= LONGEST_WORD else _too_long()
                except ValueError as error:
                    code = str(error)
            parsed.values.append(value)
            parsed.codes.append(code)
        return parsed

    def cells(self, at: np.ndarray, values: Any, **more: Any) -> Cells:
        refused = np.array([code is not None for code in self.codes], bool)
        missing = np.array([value is None for value in self.values], bool) & ~refused
        bad = np.flatnonzero(refused[at]) if refused.any() else np.empty(0, np.int64)
        codes = np.array(self.codes, object)[at[bad]] if len(bad) else np.empty(0, object)
        return Cells(values, missing[at] if missing.any() else None, bad, codes, **more)


def _unquote(text: str) -> str:
    """
    A cell that a spreadsheet wrapped in quotes, without them.

    >>> _unquote('"Chair, red"'), _unquote('"17"" tray"'), _unquote('"Best" chair'), _unquote('"x"')
    ('Chair, red', '17" tray', '"Best" chair', '"x"')
    """
    inner = text[1:-1]
    wrapped = len(text) > 2 and text[0] == text[-1] == '"'
    if wrapped and '"' not in inner.replace('""', "") and ("," in inner or '""' in inner):
        return inner.replace('""', '"')
    return text


def _ends(chunk: pa.Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The widths of a chunk's cells in bytes, and the first and last byte of those not empty."""
    edges = _edges(chunk)
    widths = edges[1:] - edges[:-1]
    full = widths > 0
    data = np.frombuffer(chunk.buffers()[2] or b"", np.uint8)
    return widths, data[edges[:-1][full]], data[edges[1:][full] - 1]


def _edges(chunk: pa.Array) -> np.ndarray:
    return np.frombuffer(chunk.buffers()[1], np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]


def _widths(chunk: pa.Array) -> np.ndarray:
    """How many bytes each cell has."""
    edges = _edges(chunk)
    widths: np.ndarray = edges[1:] - edges[:-1]
    return widths


# A cell may open or close with a blank only if its first or last byte is one of these: ASCII
# blanks, or the first and last bytes of no-break, typographic and full-width blanks.
_OPENS_BLANK = np.isin(np.arange(256), [*range(33), 0xC2, 0xE1, 0xE2, 0xE3])
_CLOSES_BLANK = np.isin(np.arange(256), [*range(33), *range(0x80, 0x8B), 0x9F, 0xA0, 0xA8, 0xAF])


def _trim(raw: pa.ChunkedArray) -> tuple[pa.ChunkedArray, bool]:
    """The cells without blanks round them, and whether any opens with a double quote."""
    chunks, quoted = [], False
    for chunk in plain(raw).chunks:
        if len(chunk):
            _, first, last = _ends(chunk)
            if _OPENS_BLANK[first].any() or _CLOSES_BLANK[last].any():
                chunk = pc.utf8_trim_whitespace(chunk)
                _, first, last = _ends(chunk)
            quoted |= bool((first == ord('"')).any())
        chunks.append(chunk)
    return pa.chunked_array(chunks, pa.large_string()), quoted


def _without_contacts(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without contacts; most columns have neither sign in them, and stay as they are."""
    data = [np.frombuffer(chunk.buffers()[2] or b"", np.uint8) for chunk in cells.chunks]
    for mark_, pattern, said in CONTACTS:
        # The full-width signs begin with 0xEF.
        if any((part == ord(mark_)).any() or (part == 0xEF).any() for part in data):
            cells = pc.replace_substring_regex(cells, pattern=pattern, replacement=said)
    return cells


def _text(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    cells, quoted = _trim(raw)
    cells = _without_contacts(cells)
    if quoted:
        at = pc.starts_with(cells, '"').combine_chunks()
        unquoted = [_unquote(text) for text in cells.filter(at).to_pylist()]
        one = pc.replace_with_mask(cells.combine_chunks(), at, pa.array(unquoted, cells.type))
        cells = pa.chunked_array([one])
    return _emptied(cells)


def _emptied(cells: pa.ChunkedArray) -> Cells:
    empty = [_widths(chunk) == 0 for chunk in cells.chunks]
    if not any(part.any() for part in empty):
        return Cells(cells)
    chunks = [
        pc.if_else(pa.array(part), pa.scalar(None, chunk.type), chunk) if part.any() else chunk
        for part, chunk in zip(empty, cells.chunks, strict=True)
    ]
    return Cells(pa.chunked_array(chunks, cells.type), np.concatenate(empty))


def _clean_id(text: str) -> str:
    """
    An id without what spreadsheets put round it.

    >>> _clean_id("'028-1234567"), _clean_id('="028"'), _clean_id("4436.0"), _clean_id("12–3")
    ('028-1234567', '028', '4436', '12-3')
    """
    text = text.translate(_DASHES).strip()
    if text.startswith("="):
        text = text[1:]
    text = text.strip("'\"` ")
    return text[:-2] if text.endswith(".0") and text[:-2].isdecimal() else text


def _id(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    cells = _without_contacts(_trim(raw)[0])
    chunks: list[Any] = []
    bad: list[int] = []
    start = 0
    for chunk in cells.chunks:
        if not _all_digits(chunk):
            chunk = _clean_ids(chunk, start, bad)
        chunks.append(chunk)
        start += len(chunk)
    read = _emptied(pa.chunked_array(chunks, cells.type))
    if bad:
        if read.empty is not None:
            read.empty[bad] = False
        read.bad = np.array(bad, np.int64)
        read.codes = np.full(len(bad), "excel-damaged-id", object)
    return read


def _all_digits(chunk: pa.Array) -> bool:
    edges = _edges(chunk)
    data = np.frombuffer(chunk.buffers()[2] or b"", np.uint8)[edges[0] : edges[-1]]
    return bool((data - np.uint8(48) <= 9).all())


def _clean_ids(chunk: pa.Array, start: int, bad: list[int]) -> pa.Array:
    """The ids of a chunk, damaged ones emptied and their positions added to `bad`."""
    odd = pc.match_substring_regex(chunk, _ODD_ID)
    at = np.flatnonzero(odd.to_numpy(zero_copy_only=False))
    if not len(at):
        return chunk
    values = []
    for place, text in zip(at, chunk.take(pa.array(at)).to_pylist(), strict=True):
        value = _clean_id(text)
        if _EXCEL.fullmatch(value):
            bad.append(start + int(place))
            value = ""
        values.append("" if value in _EMPTY_WORDS else value)
    return pc.replace_with_mask(chunk, odd, pa.array(values, chunk.type))


def _blocks(chunk: pa.Array, widths: tuple[int, ...]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Positions and bytes (n × width) of the cells of each of these widths."""
    found = _widths(chunk)
    for width in widths:
        at = np.flatnonzero(found == width)
        if len(at):
            part = chunk if len(at) == len(chunk) else chunk.take(pa.array(at))
            edges = _edges(part)
            data = np.frombuffer(part.buffers()[2], np.uint8)[edges[0] : edges[-1]]
            yield at, data.reshape(-1, width)


def _are_order_ids(chunk: pa.Array) -> np.ndarray:
    """Which cells are order ids as Amazon writes them."""
    right = np.zeros(len(chunk), bool)
    for at, block in _blocks(chunk, (19,)):
        digits = block - np.uint8(48) <= 9
        digits[:, [3, 11]] = block[:, [3, 11]] == ord("-")
        right[at] = digits.all(axis=1)
    return right


def parse_order_id(text: str) -> str:
    """
    The order id in Amazon's own form; ValueError with the reason's code if it is none.

    >>> parse_order_id(" 113–1234567–1234567 ")
    '113-1234567-1234567'
    """
    text = _clean_id(text)
    if _EXCEL.fullmatch(text):
        raise ValueError("excel-damaged-id")
    text = text.upper()
    if not (_ORDER_ID.fullmatch(text) and text.isascii()):
        raise ValueError("bad-order-id")
    return text


def _order_id(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    raw = plain(raw)
    chunks, empties, bad, codes, start = [], [], [], [], 0
    for chunk in raw.chunks:
        empty = np.zeros(len(chunk), bool)
        right = _are_order_ids(chunk)
        at = np.flatnonzero(~right)
        if len(at):
            parsed = _Parsed.of(
                [text.strip() for text in chunk.take(at).to_pylist()], parse_order_id
            )
            chunk = pc.replace_with_mask(
                chunk, pa.array(~right), pa.array(parsed.values, chunk.type)
            )
            for place, value, code in zip(at, parsed.values, parsed.codes, strict=True):
                if code:
                    bad.append(start + int(place))
                    codes.append(code)
                else:
                    empty[place] = value is None
        chunks.append(chunk)
        empties.append(empty)
        start += len(chunk)
    empty = np.concatenate(empties) if empties else np.zeros(0, bool)
    return Cells(
        pa.chunked_array(chunks, raw.type),
        empty if empty.any() else None,
        np.array(bad, np.int64),
        np.array(codes, object),
    )


def _moments(
    words: list[str], context: Context, two_digit: bool
) -> tuple[np.ndarray, _Parsed, str | None]:
    """UTC microseconds of each word (NaT where there is none), and which were refused."""
    parsed = _Parsed.of(words, lambda word: _split(word))
    places = [place for place, value in enumerate(parsed.values) if value is not None]
    days, better = dates.read_dates(
        [parsed.values[place][0] for place in places],
        context.date_order,
        two_digit_years=two_digit,
    )
    utc = np.full(len(words), _NO_MOMENT)
    local = []
    for place, day in zip(places, days, strict=True):
        if isinstance(day, str):
            parsed.values[place], parsed.codes[place] = None, day
            continue
        _, micro, offset = parsed.values[place]
        utc[place] = (day.toordinal() - 719_163) * 86_400_000_000 + micro
        if offset is None:
            local.append(place)
        else:
            utc[place] -= offset * 60_000_000
    if local:
        utc[local] = dates.to_utc(utc[local], context.timezone)
    return utc, parsed, better


def _split(word: str) -> tuple[str, int, int | None]:
    moment = dates.split_moment(word)
    if moment is None:
        raise ValueError("bad-date")
    return moment


def _utc(micro: np.ndarray) -> pd.arrays.DatetimeArray:
    return pd.DatetimeIndex(micro.view("datetime64[us]"), tz="UTC").array


def _instant(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    raw = plain(raw)
    micro = np.full(len(raw), _NO_MOMENT)
    left = np.ones(len(raw), bool)
    start = 0
    for chunk in raw.chunks:
        for at, block in _blocks(chunk, (25, 20, 19)):
            naive, valid = dates.read_fixed(block)
            at, naive = at[valid] + start, naive[valid]
            if block.shape[1] == 19:
                naive = dates.to_utc(naive, context.timezone)
            micro[at] = naive
            left[at] = False
        start += len(chunk)
    if not left.any():
        return Cells(_utc(micro))
    rest = raw if left.all() else raw.filter(pa.array(left))
    at, words = _words(rest)
    utc, parsed, better = _moments(words, context, two_digit)
    micro[left] = utc[at]
    cells = parsed.cells(at, _utc(micro), order=better)
    where = np.flatnonzero(left)
    cells.bad = where[cells.bad]
    if cells.empty is not None:
        empty = np.zeros(len(micro), bool)
        empty[where] = cells.empty
        cells.empty = empty
    return cells


def _day(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    at, words = _words(raw)
    utc, parsed, better = _moments(words, context, two_digit)
    known = np.array([value is not None for value in parsed.values], bool)
    days = np.full(len(words), np.datetime64("NaT", "s"))
    days[known] = dates.to_day(utc[known], context.timezone)
    return parsed.cells(at, days[at], order=better)


def _integer(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    at, words = _words(raw)
    parsed = _Parsed.of(words, parse_integer)
    missing = np.array([value is None for value in parsed.values], bool)
    numbers = np.array([value or 0 for value in parsed.values], np.int64)
    return parsed.cells(at, pd.arrays.IntegerArray(numbers[at], missing[at]))


def parse_integer(text: str) -> int:
    """
    A whole number; ValueError with the reason's code if it is none.

    >>> parse_integer("3"), parse_integer("-2"), parse_integer("1.0"), parse_integer("1,200")
    (3, -2, 1, 1200)
    """
    number = parse_money(text, ".")
    if abs(number) > 2**53 or number != int(number):
        raise ValueError("bad-number")
    return int(number)


def parse_money(text: str, decimal: str) -> float:
    """
    An amount, whatever its currency sign; `decimal` settles 1.234 and 1,234 only.

    >>> parse_money("1.234,50 €", "."), parse_money("¥1,234", "."), parse_money("(1.00)", ",")
    (1234.5, 1234.0, -1.0)
    >>> parse_money("1.234", ","), parse_money("1.234", "."), parse_money("-175", ".")
    (1234.0, 1.234, -175.0)
    >>> parse_money("1.5E+3", ".")
    1500.0
    """
    if _POWER.fullmatch(text):  # as a spreadsheet writes it; never its digits without the e
        return float(text)
    words = "".join(_NOT_NUMBER.findall(text))
    if len(words) > 4:
        raise ValueError("bad-number")
    found = _AMOUNT.fullmatch(re.sub(r"[^\d.,()+\-]", "", text.replace("−", "-")))
    if not found:
        raise ValueError("bad-number")
    before, core, after = found.groups()
    mark = _decimal_mark(core, decimal)
    whole, _, part = core.rpartition(mark) if mark else (core, "", "")
    number = float(f"{re.sub('[.,]', '', whole) or 0}.{part or 0}")
    if isinf(number):
        raise ValueError("bad-number")
    return -number if "-" in (before, after) or before + after == "()" else number


def _decimal_mark(core: str, decimal: str) -> str:
    """Which of . and , is the decimal mark in `core`; empty if neither is."""
    last = max(core.rfind("."), core.rfind(","))
    if last < 0:
        return ""
    mark = core[last]
    other = "," if mark == "." else "."
    digits = len(core) - last - 1
    if core.count(mark) > 1:
        if digits != 3:
            raise ValueError("bad-number")
        return ""
    if other in core or digits != 3:
        return mark
    return mark if mark == decimal == "." else ""


def _money(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    if context.decimal == "." and not pa.types.is_dictionary(raw.type):
        cells = _emptied(raw)
        try:
            values = cells.values.cast(pa.float64()).to_numpy()
        except pa.ArrowInvalid:
            pass
        else:
            if np.isfinite(values if cells.empty is None else values[~cells.empty]).all():
                return Cells(values, cells.empty)
    at, words = _words(raw)
    # One 3,50 or 12,5 in a column proves the comma; one 3.50 proves the point.
    comma = any(re.search(r"\d,\d{1,2}(\D|$)", word) for word in words)
    point = any(re.search(r"\d\.\d{1,2}(\D|$)", word) for word in words)
    decimal = "," if comma and not point else "." if point else context.decimal
    parsed = _Parsed.of(words, lambda word: parse_money(word, decimal))
    numbers = np.array([np.nan if value is None else value for value in parsed.values], float)
    return parsed.cells(at, numbers[at])


def _key(word: str) -> str:
    return re.sub(r"[\s_]+", " ", word.casefold())


@cache
def _meanings(table: str) -> dict[str, str]:
    """Each listed word of policy/cells.toml -> what it means."""
    return {
        _key(word): meaning
        for meaning, words in policy.table("cells")[table].items()
        for word in words
    }


def parse_flag(text: str) -> bool:
    """
    Yes or no, in the words of four languages, as a mark or as a count.

    >>> parse_flag("Yes"), parse_flag("否"), parse_flag("✓"), parse_flag("2"), parse_flag("0")
    (True, False, True, True, False)
    """
    key = _key(text)
    if key.isdecimal():
        return any(map(int, key))  # digit by digit: int() refuses a number of 5,000 digits
    if key not in _meanings("flag"):
        raise ValueError("unknown-flag")
    return _meanings("flag")[key] == "yes"


def _flag(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    at, words = _words(raw)
    parsed = _Parsed.of([_blank_dash(word) for word in words], parse_flag)
    missing = np.array([value is None for value in parsed.values], bool)
    yes = np.array([value is True for value in parsed.values], bool)
    return parsed.cells(at, pd.arrays.BooleanArray(yes[at], missing[at]))


def _blank_dash(word: str) -> str:
    """A dash in a yes/no column is a printed "no", never an empty cell."""
    return "-" if word == "--" else word


def _categories(raw: pa.ChunkedArray, parse: Callable[[str], str | None]) -> Cells:
    at, words = _words(raw)
    parsed = _Parsed.of(words, parse)
    names = sorted({value for value in parsed.values if value is not None})
    place = {name: number for number, name in enumerate(names)}
    codes = np.array([-1 if value is None else place[value] for value in parsed.values], np.int32)
    return parsed.cells(at, categorical(codes[at], tuple(names)))


def _category(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    return _categories(raw, lambda text: without_contacts(_unquote(text)))


def parse_channel(text: str) -> str:
    """
    The fulfilment channel: afn or mfn.

    >>> parse_channel("Amazon"), parse_channel("Merchant"), parse_channel("卖家自配送")
    ('afn', 'mfn', 'mfn')
    """
    key = _key(text)
    if key not in _meanings("channel"):
        raise ValueError("unknown-channel")
    return _meanings("channel")[key]


def _channel(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    return _categories(raw, parse_channel)


def _state_key(word: str) -> str:
    return re.sub(r"\W+", "", word.casefold())


@cache
def _states() -> dict[str, str]:
    return {
        _state_key(word): state
        for state, words in policy.table("tracking")["states"].items()
        for word in words
    }


def parse_state(text: str) -> str:
    """A tracker's status as one of `policy.TRACKING_STATES`; a word not listed is "unknown"."""
    return _states().get(_state_key(_BRACKETS.sub("", text) or text), "unknown")


def _state(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    return _categories(raw, parse_state)


def parse_reason(text: str) -> str:
    """
    A reason code in upper case without its bracketed translation; prose as it is.

    >>> parse_reason("unwanted_item"), parse_reason("DEFECTIVE(有缺陷)"), parse_reason("Too big")
    ('UNWANTED_ITEM', 'DEFECTIVE', 'Too big')
    """
    core = without_contacts(_BRACKETS.sub("", text).strip() or text)
    return core.upper() if _CODE.fullmatch(core) else core


def _reason(raw: pa.ChunkedArray, context: Context, two_digit: bool) -> Cells:
    return _categories(raw, parse_reason)


_READERS: dict[str, Callable[[pa.ChunkedArray, Context, bool], Cells]] = {
    "text": _text,
    "category": _category,
    "order_id": _order_id,
    "id": _id,
    "instant": _instant,
    "day": _day,
    "integer": _integer,
    "money": _money,
    "flag": _flag,
    "channel": _channel,
    "state": _state,
    "reason": _reason,
}

DICTIONARY_KINDS = frozenset(("category", "day", "integer", "flag", "channel", "state", "reason"))
