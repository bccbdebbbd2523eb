"""What reading finds, word for word, in English and in Chinese."""

import pytest
from stores import order, orders_file

from odrlib.exports.ledger import TEMPLATES, templates
from odrlib.languages import speaking

HEADER = orders_file([]).rstrip("\n")


def two_orders_and(*lines: str) -> str:
    """An All Orders report of one good row and these lines."""
    return orders_file([order(1, "2026-03-01")]) + "".join(f"{line}\n" for line in lines)


def row(**changes: str) -> str:
    return orders_file([order(2, "2026-03-01", **changes)]).splitlines()[1]


STORIES = {
    "a bad date": (
        two_orders_and(row(purchase_date="someday")),
        "exports/a.txt",
        "1 row of exports/a.txt set aside: this is not a date we can read. "
        "Write the date as 2026-05-31.",
        "exports/a.txt 中有 1 行未采用：无法识别为日期。请把日期写成 2026-05-31 的形式。",
    ),
    "a header again": (
        two_orders_and(HEADER),
        "exports/a.txt",
        "1 row of exports/a.txt set aside: the header is repeated here.",
        "exports/a.txt 中有 1 行未采用：此处重复了表头。",
    ),
    "a cell that cannot be read": (
        two_orders_and(row(quantity="two")),
        "exports/a.txt",
        "1 cell in “quantity” of exports/a.txt left empty: this is not a number we can read. "
        "Write the number as 1234.50.",
        "exports/a.txt 的“quantity”列中有 1 个单元格留空：无法识别为数字。"
        "请把数字写成 1234.50 的形式。",
    ),
    "an unknown file": (
        "a,b\n1,2\n",
        "exports/x.csv",
        "exports/x.csv is not an export we know. Its header is: a, b. If its rows matter, say in "
        'store.toml what its columns are: [columns."exports/x.csv"] with export = "…" and lines '
        'like order_id = "their header".',
        "exports/x.csv 不是已知的导出文件。它的表头是：a, b。如果其中的数据有用，请在 store.toml "
        '中说明各列：写 [columns."exports/x.csv"]，其下写 export = "…"，再逐行写 '
        'order_id = "their header"（their header 换成文件中的表头）。',
    ),
    "an empty file": (
        "",
        "exports/x.csv",
        "exports/x.csv is empty. Download the file again.",
        "exports/x.csv 是空文件。请重新下载文件。",
    ),
    "a ledger without rows": (
        ",".join(TEMPLATES["claims"][0]) + "\n",
        "ledger/claims.csv",
        "ledger/claims.csv has a header and no rows.",
        "ledger/claims.csv 只有表头，没有数据行。",
    ),
    "a ledger with its example row": (
        "\n".join(",".join(line) for line in TEMPLATES["claims"]) + "\n",
        "ledger/claims.csv",
        "1 row of ledger/claims.csv set aside: this is the example row. "
        "Write your own rows below it, or in its place.",
        "ledger/claims.csv 中有 1 行未采用：这是示例行。请在它下面填写自己的数据，或直接替换它。",
    ),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(("language", "joint"), [("en", " "), ("zh", "")])
def test_a_finding_is_said_in_the_language_that_is_spoken(read, story, language, joint):
    text, file, *said = STORIES[story]
    with speaking(language):
        (finding,) = read(text, file).findings

    expected = said[0] if language == "en" else said[1]
    assert expected == joint.join(part for part in (finding.message, finding.to_do) if part)


def test_codes_stay_what_they_are(read):
    text = two_orders_and(row(purchase_date="someday"), row(quantity="two"))
    english = read(text)
    with speaking("zh"):
        chinese = read(text)

    assert english.set_aside["reason"].tolist() == chinese.set_aside["reason"].tolist()
    assert [f.id for f in english.findings] == [f.id for f in chinese.findings]
    assert "无法识别为日期" == chinese.set_aside["message"][0]


def test_example_rows_in_chinese_differ_only_in_their_prose():
    with speaking("zh"):
        chinese = templates()
    differ = {
        table: [there for here, there in zip(row_, chinese[table][1], strict=True) if here != there]
        for table, (_, row_) in TEMPLATES.items()
    }

    assert [
        "该商品的包裹全部改用可追踪的配送服务",
        "仓库主管",
        "每天",
        "不可追踪的包裹为 0",
    ] == differ["measures"]
    assert [] == differ["claims"] + differ["deliveries"] + differ["evidence"]
