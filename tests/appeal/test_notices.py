"""Notices: what Amazon's messages ask for, in four languages and every dress they come in."""

import time
import tomllib
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.appeal import read_notice
from odrlib.appeal.phrases import data
from odrlib.errors import BadParameter

SAMPLES = tomllib.loads(Path(__file__).with_name("notices.toml").read_text(encoding="utf-8"))
WHOLE = Path(__file__).with_name("whole_notices.toml")
NONE = SAMPLES.pop("none")
# A sentence of one pattern may truly be one of another as well.
ALSO = {"N1": {"N4"}, "N2": {"N3", "N4"}, "N3": {"N2"}, "N4": {"N2"}}
CASES = [
    pytest.param(pattern, language, text, id=f"{pattern}-{language}-{at}")
    for pattern, by_language in SAMPLES.items()
    for language, texts in by_language.items()
    for at, text in enumerate(texts)
]
REJECTED = """\
Hello,

We received your submission but do not have enough information to reactivate your account at this
time. Please send us:

-- Greater detail on the root cause(s) of buyers not receiving orders or late receipt of orders
-- Greater detail on the actions you have taken to resolve shipments being damaged, incomplete or
   lost due to improper packaging
-- Greater detail on the steps you have taken to prevent customer complaints of unresponsive or poor
   customer service going forward

If we do not receive the requested information within 14 days of the original notification, your
account will remain deactivated.
"""
ASKED = (("NR", "cause"), ("DP", "action"), ("CS", "prevention"))


def quoted(text):
    return "From: Amazon <no-reply@amazon.com>\nSubject: Re: your account\n\n" + "\n".join(
        f"> > {line}" for line in text.splitlines()
    )


def narrow(text):
    """Each line cut at words, so that sentences and items run over several lines."""
    lines, line = [], ""
    for word in text.replace("\n\n", " \n\n ").replace("\n--", " \n--").split(" "):
        line = f"{line} {word.strip(chr(10))}" if line and "\n" not in word else word.strip(chr(10))
        if len(line) > 30 or "\n" in word:
            lines.append(line)
            line = ""
    return "\n".join([*lines, line])


def page(text):
    items = "".join(f"<li>{line}</li>" for line in text.splitlines() if line)
    return f"<html><style>p {{}}</style><body><ul>{items}</ul></body></html>"


DRESSES = {
    "plain": lambda text: text,
    "quoted": quoted,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "curly": lambda text: text.replace("'", "’").replace("--", "•").replace(" ", "\u00a0", 9),
    "soft hyphens": lambda text: text.replace("informa", "infor\xadma").replace("rea", "re\xada"),
    "full width": lambda text: text.replace("14", "１４"),
    "capitals": str.upper,
    "bold": lambda text: text.replace("root cause(s)", "**root cause(s)**"),
    "numbered": lambda text: text.replace("-- ", "1. "),
}


@pytest.mark.parametrize(("pattern", "language", "text"), CASES)
def test_each_wording_is_recognised_in_its_language(pattern, language, text):
    notice = read_notice(text)

    assert pattern in notice.patterns
    assert set() == set(notice.patterns) - {pattern} - ALSO.get(pattern, set())
    assert language == notice.language


@pytest.mark.parametrize("pattern", SAMPLES)
def test_every_pattern_has_six_wordings_in_four_languages(pattern):
    assert {"en", "de", "ja", "zh"} == set(SAMPLES[pattern])
    assert 6 <= min(map(len, SAMPLES[pattern].values()))


@pytest.mark.parametrize(
    "text", [pytest.param(t, id=f"{code}-{at}") for code in NONE for at, t in enumerate(NONE[code])]
)
def test_other_mail_is_no_notice_and_is_said_to_be_none(text):
    notice = read_notice(text)

    assert ((), ()) == (notice.patterns, notice.cells)
    assert notice.findings[0].id in ("notice-not-recognised", "notice-about-something-else")


@pytest.mark.parametrize("dress", DRESSES)
def test_the_dress_of_a_notice_changes_nothing(dress):
    notice = read_notice(DRESSES[dress](REJECTED))

    assert ("N2", "N5") == notice.patterns
    assert (ASKED, 14, "en") == (notice.cells, notice.days, notice.language)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (
            "Your order defect rate exceeded the target of 1%. Send a plan that explains:\n"
            "- The root cause(s) of the A-to-z claims, negative feedback and service chargebacks\n"
            "- The actions you have taken to resolve …\n- The steps you have taken to prevent …",
            {
                (topic, section)
                for topic in ("claims", "feedback", "chargebacks")
                for section in ("cause", "action", "prevention")
            },
        ),
        (
            "We do not have enough information to reactivate your account: the root cause of the "
            "issue, the actions you have taken, and the steps you have taken to prevent it.",
            {("*", "cause"), ("*", "action"), ("*", "prevention")},
        ),
        (
            "Greater detail on the root causes, the actions taken and the steps to prevent "
            "buyers receiving different items",
            {("DI", "cause"), ("DI", "action"), ("DI", "prevention")},
        ),
        (SAMPLES["N4"]["en"][0], {("NR", "prevention")}),
        (SAMPLES["N4"]["de"][0], {("NR", "prevention")}),
        (SAMPLES["N4"]["ja"][0], {("NR", "prevention")}),
        (SAMPLES["N4"]["zh"][0], {("NR", "prevention")}),
        (SAMPLES["N2"]["en"][2], {("NR", "cause")}),
        (SAMPLES["N2"]["de"][2], {("NR", "cause")}),
        (SAMPLES["N2"]["ja"][2], {("NR", "cause")}),
        (SAMPLES["N2"]["zh"][2], {("NR", "cause")}),
        (SAMPLES["N3"]["en"][0], {("*", "evidence")}),
        (SAMPLES["N7"]["en"][0], {("NR", "evidence")}),
        (SAMPLES["N11"]["en"][0], {("*", "evidence")}),
    ],
)
def test_parts_and_topics_cross_as_the_sentence_crosses_them(text, cells):
    assert cells == set(read_notice(text).cells)


@pytest.mark.parametrize("row", tomllib.loads(WHOLE.read_text(encoding="utf-8"))["notice"])
def test_a_whole_notice_asks_for_exactly_its_parts(row):
    notice = read_notice(row["text"])

    assert (row["patterns"], row["language"]) == (list(notice.patterns), notice.language)
    assert sorted(row["cells"]) == sorted(map(list, notice.cells))
    assert notice.days is None


def test_orders_are_named_in_any_digits_and_only_once():
    text = (
        "Evidence for Order 114-1234567-7654321 missing; １１４－１２３４５６７－７６５４３２２ "
        "and 114-1234567-7654321"
    )

    assert ("114-1234567-7654321", "114-1234567-7654322") == read_notice(text).order_ids


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("If we do not receive your plan within 72 hours, your account will remain closed.", 3),
        ("If we do not receive your plan within two weeks, your account will be closed.", 14),
        ("Funds are held for 90 days. Send the plan within 7 days of this notice.", 7),
        ("Your order defect rate exceeded 1% in the last 60 days.", None),
    ],
)
def test_the_deadline_is_the_sellers_own(text, days):
    assert days == read_notice(text).days


def test_final_not_counted_and_linked_are_said_by_their_patterns():
    final, safe, linked = (read_notice(SAMPLES[name]["en"][0]) for name in ("N6", "N8", "N10"))

    assert (True, None, False) == (final.final, final.counts_in_odr, final.linked_account)
    assert (False, False, False) == (safe.final, safe.counts_in_odr, safe.linked_account)
    assert (False, None, True) == (linked.final, linked.counts_in_odr, linked.linked_account)


def test_a_note_in_chinese_above_an_english_notice_does_not_change_its_language():
    assert "en" == read_notice("老板,请看一下亚马逊的邮件,谢谢。\n\n" + REJECTED).language


def test_the_result_holds_no_name_and_no_address():
    text = REJECTED.replace("Hello,", "Hello Planted Name, planted@example.com, 1 Planted Street,")

    assert "planted" not in str(read_notice(text).as_dict()).lower()


@pytest.mark.parametrize("ending", ["txt", "md", "html", "eml", "docx", "pdf"])
def test_every_kind_of_file_reads_alike(tmp_path, ending):
    path = tmp_path / f"notice.{ending}"
    if ending == "docx":
        document = docx.Document()
        for line in REJECTED.replace("\n   ", " ").split("\n"):
            document.add_paragraph(line)
        document.save(path)
    elif ending == "pdf":
        path.write_bytes(pdf(REJECTED))
    elif ending == "eml":
        head = "From: a@example.com\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nSubject: Account\n\n"
        path.write_text(head + REJECTED, encoding="utf-8")
    else:
        path.write_text(page(REJECTED.replace("\n   ", " ")) if ending == "html" else REJECTED)

    assert ASKED == read_notice(path).cells


def pdf(text):
    """A PDF of one page, written by hand."""
    lines = "".join(
        f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n"
        for line in text.splitlines()
    )
    stream = f"BT /F1 9 Tf 12 TL 40 760 Td\n{lines}ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R >>\n"
    return f"{out}{end}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path):
    (tmp_path / "photo.pdf").write_bytes(b"%PDF-1.4\nnothing of the kind")

    with pytest.raises(BadParameter, match="no such file"):
        read_notice(tmp_path / "gone.txt")
    with pytest.raises(BadParameter):
        read_notice(tmp_path / "photo.pdf")


@pytest.mark.parametrize(
    "text",
    [
        "order defect rate exceeded target not received " * 21_000,
        "根本原因防止未收到订单缺陷率" * 70_000,
        "(" * 1_000_000,
        "a" * 1_000_000,
        "> " * 500_000,
        "\n" * 1_000_000,
        "steps taken to prevent " * 45_000,
    ],
    ids=lambda text: text[:8].encode("unicode_escape").decode(),
)
def test_hostile_text_takes_bounded_time(text):
    start = time.perf_counter()
    read_notice(text)

    assert time.perf_counter() - start < 20


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_is_read(text):
    notice = read_notice(text + "\n")

    assert set(notice.patterns) <= set(SAMPLES)
    assert all(
        section in ("cause", "action", "prevention", "evidence") for _, section in notice.cells
    )


def test_every_phrase_of_the_data_can_be_compiled():
    from odrlib.appeal.phrases import phrase

    for row in data()["patterns"].values():
        for language in ("en", "de", "ja", "zh"):
            for written in (*row[language], *row.get("unless", {}).get(language, ())):
                phrase(written.partition(" >> ")[0])
        assert row["wording"].keys() == {"en", "de", "ja", "zh"}
        assert row["source"]
