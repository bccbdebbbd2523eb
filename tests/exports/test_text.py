"""Encodings are told by evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.exports.text import decode, guess, is_utf8


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", "注文番号\t評価\tコメント\n2026/5/3\t1\t届きません。"),
        ("cp932", "東京都"),
        ("cp932", "ﾃｽﾄ 東京都"),
        ("cp1252", "Größe für Müller\nStraße"),
        ("cp1252", "Café “nice” £5"),
        ("cp1252", "Montréal, très déçu"),
        ("cp1252", "señal niño"),
        ("cp1252", "Chair – red"),
        ("cp1252", "25° C"),
        ("gb18030", "订单号\t物流方式\t运单号\n联邮通\t店铺"),
        ("gb18030", "深圳仓"),
        ("gb18030", "红色连衣裙 夏季"),
    ],
)
@pytest.mark.parametrize("marketplace", ["US", "DE", "JP"])
def test_the_text_and_not_the_marketplace_tells_the_encoding(encoding, text, marketplace):
    read = decode(text.encode(encoding), marketplace)

    assert (read.encoding, read.data.decode()) == (encoding, text)


def test_an_even_balance_is_tipped_by_the_marketplace():
    """No byte above 127: each encoding would read it alike."""
    assert [guess([b"abc"], marketplace) for marketplace in ("US", "JP", "CN")] == [
        "cp1252",
        "cp932",
        "gb18030",
    ]


@given(st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_utf8_comes_through_unchanged(text):
    read = decode(("order-id\t" + text).encode(), "US")

    assert read.data.decode() == "order-id\t" + text


@given(st.binary())
def test_is_utf8_agrees_with_python(raw):
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert not is_utf8(raw)
    else:
        assert is_utf8(raw)


def test_bytes_that_no_encoding_knows_are_counted():
    text = decode(("Größe für Müller, " * 5).encode("cp1252") + b"\x81\x8d", "DE")

    assert (text.encoding, text.lost) == ("cp1252", 2)


def test_a_lone_carriage_return_is_no_line_end():
    assert decode(b"a\tb\r\n1\rx\t2\n").data == b"a\tb\n1 x\t2\n"
