"""One file in, one `Reading` out: what it is, its rows, and each row not used, with the reason."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from odrlib.exports import limits
from odrlib.exports import text as texts
from odrlib.exports.cells import Context
from odrlib.exports.document import read_json, read_xml
from odrlib.exports.layout import read_text
from odrlib.exports.reading import ASIDE, Reading, tell_unknown
from odrlib.exports.told import tell_empty, tell_encoding, tell_lost
from odrlib.exports.workbook import read_workbook
from odrlib.languages import tr

__all__ = ["ASIDE", "Context", "Reading", "read_file"]

_NUL_SHARE = 0.02  # of the first bytes; with more a file is no text
# gzip, bzip2, xz, zstd, 7z, RAR: nothing is unpacked here but workbooks.
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MANY_BYTES = 1 << 22  # from here on a thread earns more than it costs


def read_file(path: Path, file: str, context: Context) -> Reading:
    """
    Read one file of the store folder, whatever it is.

    Parameters
    ----------
    path : where the file lies
    file : its name for people: the path inside the store folder, with forward slashes
    context : the store's marketplace, time zone, today, and column mappings

    Returns
    -------
    Reading. Bad content never raises: it is set aside, refused, or a finding.
    """
    reading = Reading(file)
    try:
        reading.size = path.stat().st_size
        if reading.size > limits.LARGEST_FILE:
            _tell_size(reading)
            return reading
        raw = path.read_bytes()
    except OSError as error:
        reading.tell(
            "unreadable-file",
            "error",
            tr("{file} cannot be opened ({why}).", file=file, why=error.strerror),
            tr("Close it in other programs, or copy it here again."),
        )
        return reading
    reading.size = len(raw)
    if len(raw) < _MANY_BYTES:
        reading = _whatever_it_is(raw, reading, context)
        reading.sha256 = hashlib.sha256(raw).hexdigest()
        return reading
    with ThreadPoolExecutor(1) as worker:
        digest = worker.submit(lambda: hashlib.sha256(raw).hexdigest())
        reading = _whatever_it_is(raw, reading, context)
        reading.sha256 = digest.result()
    return reading


def _whatever_it_is(raw: bytes, reading: Reading, context: Context) -> Reading:
    try:
        _read(raw, reading, context)
    except Exception as error:
        return _not_read(reading, error)
    return reading


def _tell_size(reading: Reading) -> None:
    reading.tell(
        "too-large-file",
        "error",
        tr("{file} has {bytes:,} bytes, which is more than is read from one file.",
           file=reading.file, bytes=reading.size),
        tr("Download the same days in several files."),
    )  # fmt: skip


def _not_read(reading: Reading, error: Exception) -> Reading:
    """
    What is left of a file that no reader could get through: its name, and that it was not read.

    One odd file among forty takes no store down; what it would have told stays unknown. The error's
    own words stay out, because they may hold a piece of the file.
    """
    left = Reading(reading.file, size=reading.size, encoding=reading.encoding)
    left.tell(
        "file-not-read",
        "error",
        tr("{file} cannot be read ({error}); nothing of it was used.",
           file=reading.file, error=type(error).__name__),
        tr("Download it again; if that does not help, send its header line to who looks after "
           "odrlib."),
    )  # fmt: skip
    return left


def _read(raw: bytes, reading: Reading, context: Context) -> None:
    if raw.startswith(_PACKED):
        reading.encoding = "packed"
        tell_unknown(reading, (), tr("It is packed."), tr("Unpack it, and put in what was in it."))
    elif not raw:
        tell_empty(reading)
    elif raw.startswith(_WORKBOOK):
        read_workbook(raw, reading, context)
    elif raw.startswith(_OLD_WORKBOOK):
        reading.encoding = "xls"
        why = tr("It is a workbook of the old XLS form.")
        tell_unknown(reading, (), why, tr("Save it as XLSX or CSV."))
    elif _has_endless_line(raw):
        tell_unknown(
            reading,
            (),
            tr("It has a line of more than {bytes:,} bytes.", bytes=limits.LONGEST_LINE),
            tr("Download the file again."),
        )
    else:
        text = texts.decode(raw, context.marketplace)
        reading.encoding = text.encoding
        tell_encoding(text, reading)
        start = text.data[:4096].lstrip()
        if start[:1] in (b"{", b"[") and read_json(text.data, reading, context):
            return
        if start.startswith(b"<"):
            read_xml(text.data, reading, context)
        elif text.data.count(b"\x00", 0, 4096) > len(text.data[:4096]) * _NUL_SHARE:
            reading.encoding = "binary"
            tell_unknown(
                reading, (), tr("It is no text."), tr("Take it out of the exports folder.")
            )
        else:
            read_text(_without_nul(text.data, reading), reading, context)


def _without_nul(data: bytes, reading: Reading) -> bytes:
    """The text with blanks for NUL: a few of them, wherever they stand, cost no row."""
    number = data.count(b"\x00")
    if not number:
        return data
    tell_lost(number, reading)
    return data.replace(b"\x00", b" ")


def _has_endless_line(raw: bytes) -> bool:
    """Is a line longer than any export's? JSON and XML may be one line; pages of data may not."""
    start = raw[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if start in (b"{", b"[", b"<"):
        return len(raw) > limits.LARGEST_DOCUMENT
    at = 0
    while len(raw) - at > limits.LONGEST_LINE:
        # The last line end within reach: a file of short lines is passed in a few steps.
        end = raw.rfind(b"\n", at, at + limits.LONGEST_LINE)
        end = end if end >= 0 else raw.rfind(b"\r", at, at + limits.LONGEST_LINE)
        if end < 0:
            return True
        at = end + 1
    return False
