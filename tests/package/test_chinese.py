"""The package for an analyst who reads Chinese: what is said to them, and what Amazon gets."""

from __future__ import annotations

import re

import pytest

from odrlib.languages import speaking
from odrlib.package.notes import package_lines
from tests.evidence.folders import clean, mail
from tests.package.boxes import inside, packed, photo

CHINESE = re.compile("[\u4e00-\u9fff]")


def cases():
    whole, bare = clean(1), clean(2)
    whole.files["refund photo.jpg"] = photo()
    whole.files["thread.eml"] = mail(
        "a@marketplace.amazon.com", "Sun, 10 May 2026 09:00:00 +0000", "Mail me at x@y.example"
    )
    bare.files = {}
    return [whole, bare]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The same evidence, packed for an analyst who reads Chinese and for one who reads English."""
    root = tmp_path_factory.mktemp("pack")
    with speaking("zh"):
        chinese = packed(root / "zh", cases(), settings='language = "zh"\n')
        lines = package_lines(chinese)
    return chinese, lines, packed(root / "en", cases())


def test_what_amazon_gets_is_the_same_whatever_the_analyst_reads(two):
    chinese, _, english = two

    assert inside(english) == inside(chinese)


def test_the_lines_are_said_to_the_analyst(two):
    _, lines, _ = two

    assert lines[0].endswith(" 字节")
    assert "5 个文件；2 个订单中有 1 个证据齐全，3 个证据项尚未齐全。" == lines[1]
    assert lines[2].startswith("文本和 PDF 中已遮蔽：邮箱 ")


def test_the_findings_are_said_to_the_analyst(two):
    chinese, _, _ = two
    said = {one.id: one for one in chinese.findings}

    assert (
        "1 张图片（证据包内）无法检索买家信息，其中的内容没有遮蔽。"
        == said["look-before-you-send"].message
    )
    assert "1 个缺陷订单在证据包中没有任何文件。" == said["order-without-file"].message
    assert "3 个证据项待补；索引中已逐单注明。" == said["cells-open"].message


def test_the_index_names_no_chinese(two):
    chinese, _, _ = two
    content = inside(chinese)

    for name in ("small_index.html", "small_manifest.json"):
        assert not CHINESE.search(content[name].decode())
