"""JSON and XML: the records in a document of any shape, as rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any
from xml.etree import ElementTree

from odrlib.exports import grid as grids
from odrlib.exports.cells import Context
from odrlib.exports.export import Export
from odrlib.exports.reading import Reading, tell_unknown
from odrlib.exports.recognise import candidates, recognise_fields
from odrlib.exports.rows import read_grid
from odrlib.languages import tr


def read_json(data: bytes, reading: Reading, context: Context) -> bool:
    """Read it as JSON, or as one JSON document a line; False if it is neither."""
    lines: list[int] = []
    broken: list[int] = []
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = []
        for line, text in enumerate(data.split(b"\n"), start=1):
            if not text.strip():
                continue
            try:
                document.append(json.loads(text))
                lines.append(line)
            except (ValueError, RecursionError):
                broken.append(line)
        if not any(isinstance(part, dict | list) for part in document):
            if not data.lstrip().startswith(b"{"):
                return False
            why = tr("It is JSON that breaks off or is damaged.")
            tell_unknown(reading, (), why, tr("Save it again."))
            return True
    if b"\\ud" in data or b"\\uD" in data:
        document = _whole_letters(document)
    reading.document = document
    _read_document("json", document, reading, context, lines, broken)
    return True


def _whole_letters(value: Any) -> Any:
    """The document without halves of letters, which JSON can spell and no file can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole_letters(one) for one in value]
    if isinstance(value, dict):
        return {_whole_letters(key): _whole_letters(one) for key, one in value.items()}
    return value


def read_xml(data: bytes, reading: Reading, context: Context) -> None:
    # Entities are where XML can grow without end and reach for other files.
    declares = re.search(rb"<!(DOCTYPE|ENTITY)", data, re.IGNORECASE)
    if declares or re.search(rb"<html\b", data[: 1 << 16], re.IGNORECASE):
        why = tr("It is a web page, or XML with declarations we do not follow.")
        tell_unknown(reading, (), why)
        return
    try:
        document = ElementTree.fromstring(data.decode("utf-8", errors="replace"))
    except (ElementTree.ParseError, ValueError):
        why = tr("It is XML that breaks off or is damaged.")
        tell_unknown(reading, (), why, tr("Download it again."))
        return
    for node in document.iter():
        # Amazon's XML comes with and without a namespace, and says the same in both.
        node.tag = node.tag.rpartition("}")[2]
    reading.document = document
    _read_document("xml", document, reading, context)


def _read_document(
    form: str,
    document: Any,
    reading: Reading,
    context: Context,
    lines: Sequence[int] = (),
    broken: Sequence[int] = (),
) -> None:
    """The document, or those of `lines` in a list; lines that are none are `broken`."""
    for export in candidates(reading.file):
        if export.format == form and export.looks and _attempt(export.looks, document):
            break
    else:
        keys = tuple(map(str, document)) if isinstance(document, dict) else ()
        reading.header = keys
        tell_unknown(reading, keys)
        return
    records = _attempt(partial(_records, export, lines), document)
    if records is None:
        reading.export = export
        why = tr("It looks like {title}, but has another shape inside.", title=tr(export.title))
        tell_unknown(reading, (), why)
        return
    rows = [record for _, record in records]
    fields = tuple(dict.fromkeys(chain.from_iterable(rows)))
    reading.header = fields
    match = recognise_fields(export, fields)
    wanted = sorted(set(match.at.values()))
    cells = [_texts([record.get(name) for record in rows]) for name in fields]
    grid = grids.from_columns([line for line, _ in records], cells, wanted)
    read_grid(grid, match, reading, context, broken)


def _records(
    export: Export, lines: Sequence[int], document: Any
) -> list[tuple[int, Mapping[str, Any]]]:
    """The records and where each stands: its number, or its line where each has a document."""
    if export.records is None:
        return []
    if not lines:
        return list(enumerate(export.records(document), start=1))
    parts = zip(lines, document, strict=True)
    return [(line, record) for line, part in parts for record in export.records([part])]


def _attempt(ask: Callable[[Any], Any], document: Any) -> Any:
    """An export's own question to a document of any shape; None where it does not apply."""
    try:
        return ask(document)
    except (TypeError, KeyError, AttributeError, IndexError, ValueError):
        return None


def _texts(values: list[Any]) -> list[str]:
    """Values of JSON as the texts of cells."""
    return values if set(map(type, values)) <= {str} else [_text(value) for value in values]


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
