"""
Bytes in, UTF-8 out: which encoding a file is in, by evidence, and where it is in two.

Strict UTF-8 first; then the legacy encodings of Amazon's sites and of Excel re-saves (cp932,
cp1252, gb18030), each judged by what the text would be if it were right: kana, common hanzi,
letters with accents inside words; and against it, control codes, half-width kana and rare signs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

LEGACY = ("cp932", "cp1252", "gb18030")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EVIDENCE = 200_000  # bytes of lines with accents or hanzi that are enough to judge by
# Words of headers and cells that settle it.
_WORDS = (
    "订单", "运单", "物流", "店铺", "单号", "国家", "数量", "時間", "发货", "退货", "买家",
    "注文", "出荷", "配送", "商品", "評価", "番号", "ください",
    "für", "größe", "straße", "é", "ção", "ñ",
)  # fmt: skip


@dataclass
class Text:
    """
    A file's text.

    Parameters
    ----------
    data : the text as UTF-8, without byte order mark, lines ending in LF
    encoding : the codec it was read with
    odd_lines : lines that were not in that encoding, and read in `odd_encoding`
    lost : bytes that no encoding explains; each became U+FFFD
    """

    data: bytes
    encoding: str
    odd_lines: tuple[int, ...] = ()
    odd_encoding: str = ""
    lost: int = 0
    lost_lines: tuple[int, ...] = field(default_factory=tuple)


def decode(raw: bytes, marketplace: str = "US") -> Text:
    r"""
    The text of a file, its encoding found by evidence. `marketplace` tips an even balance only.

    >>> decode("注文番号\t評価".encode("cp932"), "JP").encoding
    'cp932'
    >>> decode("Größe für Müller".encode("cp1252"), "DE").encoding
    'cp1252'
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            if encoding == "utf-8-sig":
                text = _decode_8bit(raw[len(mark) :], marketplace)
                return Text(
                    _line_feeds(text.data),
                    "utf-8-sig" if text.encoding == "utf-8" else text.encoding,
                    text.odd_lines,
                    text.odd_encoding,
                    text.lost,
                )
            return _decode_wide(raw[len(mark) :], encoding)
    if wide := _wide_without_mark(raw[:4096]):
        return _decode_wide(raw, wide)
    text = _decode_8bit(raw, marketplace)
    text.data = _line_feeds(text.data)
    return text


def is_utf8(raw: bytes) -> bool:
    """Is it strict UTF-8? Checked in place, without a copy of a large file."""
    if raw.isascii():
        return True
    edges = pa.py_buffer(np.array([0, len(raw)], np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, edges, pa.py_buffer(raw)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _line_feeds(data: bytes) -> bytes:
    r"""
    CR and CR LF as LF; a lone CR beside LF lines is a blank inside a cell, not a line's end.

    Which of the two ends the lines is what ends the first one.

    >>> _line_feeds(b'a,b\r"1\n2",3\r'), _line_feeds(b"a,b\n1\r2,3\n")
    (b'a,b\n"1\n2",3\n', b'a,b\n1 2,3\n')
    """
    if b"\r" not in data:
        return data
    feed = data.find(b"\n")
    if b"\r\n" not in data and (feed < 0 or data.find(b"\r") < feed):
        return data.replace(b"\r", b"\n")
    if data.count(b"\r") == data.count(b"\r\n"):
        # pyarrow ends a line at CR LF as well, and a copy of a large file is dear.
        return data
    return data.replace(b"\r\n", b"\n").replace(b"\r", b" ")


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 without a byte order mark: every other byte of Western text is NUL."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 8:
        return ""
    if odd.count(0) > 0.3 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.3 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return ""


def _decode_wide(raw: bytes, encoding: str) -> Text:
    text = raw.decode(encoding, errors="replace").removeprefix("\ufeff")
    lost = text.count("\ufffd") - raw.count("\ufffd".encode(encoding))
    data = text.encode("utf-8", errors="replace")
    return Text(_line_feeds(data), encoding, lost=max(lost, 0))


def _decode_8bit(raw: bytes, marketplace: str) -> Text:
    if is_utf8(raw):
        return Text(raw, "utf-8")
    lines = raw.split(b"\n")
    foreign = [number for number, line in enumerate(lines) if not line.isascii()]
    strange = [number for number in foreign if not is_utf8(lines[number])]
    if len(foreign) - len(strange) >= max(1, len(strange) / 4):
        return _mixed(lines, strange, marketplace)
    encoding = guess((lines[number] for number in foreign), marketplace)
    text, lost = _legacy(raw, encoding)
    return Text(text.encode(), encoding, lost=lost)


def _mixed(lines: list[bytes], strange: list[int], marketplace: str) -> Text:
    encoding = guess((lines[number] for number in strange), marketplace)
    lost = 0
    for number in strange:
        text, gone = _legacy(lines[number], encoding)
        lines[number] = text.encode()
        lost += gone
    return Text(
        b"\n".join(lines),
        "utf-8",
        odd_lines=tuple(number + 1 for number in strange),
        odd_encoding=encoding,
        lost=lost,
    )


def _legacy(raw: bytes, encoding: str) -> tuple[str, int]:
    """The text, and how many of its bytes the encoding does not know."""
    try:
        return raw.decode(encoding), 0
    except UnicodeDecodeError:
        text = raw.decode(encoding, errors="replace")
        return text, text.count("\ufffd")


def guess(lines: Iterable[bytes], marketplace: str = "US") -> str:
    """The legacy encoding that makes most sense of lines that are not UTF-8."""
    sample, size = [], 0
    for line in lines:
        sample.append(line)
        size += len(line)
        if size > _EVIDENCE:
            break
    raw = b"\n".join(sample)
    return max(LEGACY, key=lambda encoding: _plausibility(raw, encoding, marketplace))


_SMALL_KANA = re.compile("[\u3041-\u30ff]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_CJK = re.compile("[\u4e00-\u9fff]")
_ODD = re.compile("[\ufffd\x80-\x9f\ue000-\uf8ff]")
_LETTER_IN_WORD = re.compile("(?<=[A-Za-z])[À-ÖØ-öø-ÿœŒšŠžŽß]|[À-ÖØ-öø-ÿœŒšŠžŽ](?=[a-z])")
_WESTERN = re.compile("[À-ÖØ-öø-ÿœŒšŠžŽŸ]")
_SIGNS = re.compile("[€£§°®™©–—‘’“”„…·«»¡¿º²³½¼´×•]")
_RUN = re.compile("[^\x00-\x7f]{3,}")


def _common_hanzi(text: str) -> int:
    """How many characters are of GB 2312's first level, the 3,755 that make nearly all text."""
    count = 0
    for character in text:
        code = character.encode("gb2312", errors="ignore")
        count += len(code) == 2 and 0xB0 <= code[0] <= 0xD7
    return count


def _common_kanji(text: str) -> int:
    """How many characters are of JIS X 0208's first level."""
    count = 0
    for character in text:
        code = character.encode("euc_jp", errors="ignore")
        count += len(code) == 2 and 0xB0 <= code[0] <= 0xCF
    return count


def _plausibility(raw: bytes, encoding: str, marketplace: str) -> float:
    """How much sense the text makes in this encoding, per byte above 127."""
    text, lost = _legacy(raw, encoding)
    foreign = sum(byte > 127 for byte in raw) or 1
    score = -4.0 * lost - 4.0 * len(_ODD.findall(text))
    score += sum(3.0 * text.casefold().count(word) for word in _WORDS if len(word) > 1)
    if encoding == "cp1252":
        inside = len(_LETTER_IN_WORD.findall(text))
        score += 1.5 * inside + 0.9 * len(_SIGNS.findall(text))
        score += 0.2 * (len(_WESTERN.findall(text)) - inside)
        score -= sum(0.7 * len(run) for run in _RUN.findall(text))
    else:
        hanzi = "".join(_CJK.findall(text))
        kana = len(_SMALL_KANA.findall(text))
        common = _common_kanji(hanzi) if encoding == "cp932" else _common_hanzi(hanzi)
        score += 2.0 * common - 1.0 * (len(hanzi) - common)
        # Kana are written in Chinese files too, but nearly only inside quoted product names.
        score += (2.5 if encoding == "cp932" else 0.5) * kana
        score -= 0.8 * len(_HALF_KANA.findall(text))
    prior = {"JP": "cp932", "CN": "gb18030"}.get(marketplace, "cp1252")
    return score / foreign + (0.15 if encoding == prior else 0.0)
