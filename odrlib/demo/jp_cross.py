"""
jp-cross: a store in Japan that is run from China; half of its orders cross the border.

Planted: since 15 July questions about customs are often answered after more than a day.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from odrlib.demo.book import WINDOWS, Shelf, counts, set_apart, truth
from odrlib.demo.defect_files import fba_returns, feedback, odr_detail, returned
from odrlib.demo.draw import plain, s10, twelve
from odrlib.demo.market import (
    DAY,
    DOWNLOADED,
    LAST,
    Cause,
    Lane,
    Market,
    elsewhere,
    go_wrong,
    ship,
    simulate,
)
from odrlib.demo.months import write_all_orders, write_confirmations, write_fba_shipments
from odrlib.demo.order_files import items
from odrlib.demo.own_files import (
    chargebacks,
    claims,
    erp,
    events_ledger,
    messages,
    removals,
    tracker,
    write_evidence,
)
from odrlib.demo.write import as_xlsx, days, frame_comma, lines, tabs
from odrlib.policy import AMAZON

ID, ORDERS = "jp-cross", 22_000
SLOW_SINCE = np.datetime64("2026-07-15")

PRODUCTS = pd.DataFrame(
    [
        ("JP-CASE-01", "B0DEMO2001", "スマホケース 透明", 1280.0, 10),
        ("JP-FILM-02", "B0DEMO2002", "保護フィルム 2枚入り", 980.0, 9),
        ("JP-LAMP-03", "B0DEMO2003", "LEDデスクライト 調光", 3480.0, 7),
        ("JP-FAN-04", "B0DEMO2004", "卓上扇風機 USB", 2280.0, 6),
        ("JP-TENT-05", "B0DEMO2005", "ワンタッチテント 2人用", 8980.0, 4),
        ("JP-MAT-06", "B0DEMO2006", "ヨガマット 10mm", 2680.0, 6),
        ("JP-BAG-07", "B0DEMO2007", "折りたたみバッグ", 1580.0, 8),
        ("JP-CUP-08", "B0DEMO2008", "真空断熱タンブラー", 1980.0, 7),
        ("JP-TOOL-09", "B0DEMO2009", "精密ドライバーセット", 2180.0, 5),
        ("JP-CAM-10", "B0DEMO2010", "自転車用ライト", 1780.0, 5),
    ],
    columns=["sku", "asin", "title", "price", "weight"],
)
PLACES = pd.DataFrame(
    [
        ("JP", "東京都", "渋谷区", "150-0002", 20),
        ("JP", "大阪府", "大阪市北区", "530-0001", 12),
        ("JP", "神奈川県", "横浜市西区", "220-0011", 11),
        ("JP", "愛知県", "名古屋市中村区", "450-0002", 9),
        ("JP", "埼玉県", "さいたま市大宮区", "330-0854", 8),
        ("JP", "福岡県", "福岡市博多区", "812-0011", 7),
        ("JP", "北海道", "札幌市中央区", "060-0001", 6),
        ("JP", "広島県", "広島市中区", "730-0011", 4),
        ("JP", "沖縄県", "那覇市", "900-0001", 2),
    ],
    columns=["country", "state", "city", "postal", "weight"],
)
CENTRES = np.array(["NRT1", "KIX2", "HND3"], dtype=object)
LANES = (
    Lane("YAMATO", "宅急便", twelve, 1.3),
    Lane("YunExpress", "Special Line", lambda rng, count: plain(rng, count, "YT", 16), 7.5),
    Lane("Yanwen", "Registered Air Mail", lambda rng, count: s10(rng, count, "RB", "CN"), 9.0),
    Lane(
        "SF Express", "International Express", lambda rng, count: plain(rng, count, "SF", 13), 4.5
    ),
)
MARKET = Market(
    "Amazon.co.jp",
    "JPY",
    (249, 250, 503),
    PRODUCTS,
    PLACES,
    afn=0.5,
    multi_channel=0.004,
    business=0.03,
    offset=9,
)
WORDS = ("商品に傷がありました", "説明と違う商品が届いた", "すぐに壊れました", "対応が悪い")
TEMPLATE = (
    "TemplateType=OrderFulfillment\tVersion=2011.1102\t"
    "この行はAmazonが使用しますので変更や削除しないでください。" + "\t" * 6,
    "注文番号\t注文商品番号\t出荷数\t出荷日\t配送業者コード\t配送業者名\tお問い合わせ伝票番号\t配送方法\t代金引換",
)
SETTINGS = """\
# A make-believe store: every order, name and number in this folder is invented.
id = "jp-cross"
name = "Demo: 深圳发货的日本店铺"
seller_id = "A0DEMOJPCRS003"
marketplace = "JP"
timezone = "Asia/Tokyo"    # days are cut here
language = "en"
categories = ["outdoor", "phone accessories"]

[amazon]                   # read off the account health page on 1 November
orders = {orders}
defective = {defective}
first = {first}
last = {last}
"""


def write_store(folder: Path, rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Write the store into `folder`; returns what is true of it."""
    shelf = Shelf(folder)
    orders = simulate(MARKET, count, rng)
    afn = orders["channel"].eq("afn").to_numpy()
    lane = np.where(afn, 0, rng.choice([1, 2, 3], count, p=[0.5, 0.3, 0.2]))
    orders = ship(orders, LANES, lane, rng, promise=16)
    orders["warehouse"] = np.where(afn, rng.choice(CENTRES, count), "深圳仓")
    asked = ~afn & orders["counts"].to_numpy() & (rng.random(count) < 0.09)
    slow = asked & (orders["day"].to_numpy() >= SLOW_SINCE) & (rng.random(count) < 0.4)
    causes = [
        elsewhere(count, 0.0062, WORDS),
        Cause(
            "slow answers about customs",
            slow,
            0.28,
            (0.5, 0.32, 0.14, 0.04),
            ("関税の質問に返事がない", "税関で止まったまま届かない", "問い合わせても返信が遅い"),
            "NR",
            {"first_answer": "over 24 h"},
        ),
    ]
    events, cause = go_wrong(orders, causes, rng)
    events = set_apart(orders, events)
    sold = items(orders, MARKET)

    stated = counts(orders, events, AMAZON, "all")
    first, last = days(WINDOWS["amazon"])
    numbers = {"orders": stated["orders"], "defective": stated["defective"]}
    shelf.put("store.toml", SETTINGS.format(first=first, last=last, **numbers))
    write_all_orders(shelf, sold, MARKET, forms={}, encodings={}, default="cp932")
    write_confirmations(
        shelf,
        orders,
        codes=("YAMATO",),
        before=TEMPLATE,
        after=("cod-collection-method",),
        encoding="cp932",
        offset=MARKET.offset,
    )
    write_fba_shipments(shelf, sold, MARKET, encoding="cp932", points=True)
    _write_erp(shelf, orders)
    _write_defects(shelf, orders, events, rng)
    answer = np.where(slow, rng.uniform(26, 70, count), rng.uniform(0.5, 20, count))
    _write_ledgers(shelf, orders, events, np.flatnonzero(asked), answer)
    return truth(shelf, orders, events, causes, cause)


def _write_erp(shelf: Shelf, orders: pd.DataFrame) -> None:
    mine = orders[orders["channel"].eq("mfn") & ~orders["cancelled"]]
    mine = mine[mine["shipped_at"].to_numpy() <= DOWNLOADED]
    is_new = mine["day"].to_numpy() >= np.datetime64("2026-09-01")
    shop, supplier = "Amazon-JP-01", "深圳市示例供应商"
    header = (
        "店铺",
        "订单号",
        "付款时间",
        "发货时间",
        "仓库",
        "物流方式",
        "运单号",
        "SKU",
        "数量",
        "供应商",
        "国家",
        "收件人",
    )
    old = erp(mine[~is_new], header, shop, supplier)
    # An order of another platform, and a tracking number that Excel has damaged.
    other = old.iloc[-1].to_dict() | {"订单号": "8123456789012345", "店铺": "AliExpress-01"}
    spoilt = old.iloc[-1].to_dict() | {"运单号": "4.12346E+11"}
    name = "exports/ERP/店小秘 订单导出.csv"
    shelf.put(name, frame_comma(pd.concat([old, pd.DataFrame([other, spoilt])])), "gb18030")
    shelf.note(name, "not-an-amazon-order", len(old) + 2)
    shelf.note(name, "excel-damaged-id", len(old) + 3, set_aside=False)
    renamed = ("平台订单号", "物流方式", "运单号", "发货时间", "仓库", "SKU", "数量", "国家")
    new = erp(mine[is_new], renamed, shop, supplier)
    new = new.rename(columns={"物流方式": "物流渠道", "运单号": "跟踪号", "仓库": "发货仓库"})
    shelf.put("exports/ERP/物流导出.xlsx", as_xlsx(new, "物流"))

    labels = ("运单号", "订单号", "运输商", "包裹状态", "揽收时间", "签收时间")
    seen = mine[mine["day"].to_numpy() >= WINDOWS["amazon"][0] - 30 * DAY]
    words = ("成功签收", "运输途中", "查询不到")
    shelf.put("exports/17track 导出.csv", frame_comma(tracker(seen, labels, words, DOWNLOADED)))


def _write_defects(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, rng: np.random.Generator
) -> None:
    header = ("日付", "評価", "コメント", "あなたの回答", "注文番号", "評価者のEメール")
    rated = feedback(events, header, "%y/%-m/%-d", "ご迷惑をおかけし申し訳ございません。")
    shelf.put("exports/フィードバック.txt", lines(tabs(rated)), "cp932")

    header = ("订单编号", "订单日期", "配送方", "负面反馈", "亚马逊商城交易保障索赔", "信用卡拒付")
    listed = odr_detail(
        orders,
        events,
        WINDOWS["amazon"],
        header,
        form="%Y/%-m/%-d",
        fulfilled={"mfn": "卖家", "afn": "亚马逊"},
        yes_no=("是", "否"),
    )
    shelf.put("exports/订单缺陷率.csv", frame_comma(listed), "utf-8-sig")
    back = fba_returns(returned(orders, events, "afn", 0.03, rng), MARKET)
    back["reason"] = back["reason"].replace({"DEFECTIVE": "DEFECTIVE(存在瑕疵)"})
    shelf.put("exports/FBA返品.txt", lines(tabs(back)), "cp932")


def _write_ledgers(
    shelf: Shelf, orders: pd.DataFrame, events: pd.DataFrame, asked: np.ndarray, hours: np.ndarray
) -> None:
    moment = orders["at"].to_numpy()[asked] + 4 * DAY
    known = moment <= LAST - 4 * DAY
    texts = ("関税はかかりますか。いつ届きますか。", "お待たせしました。関税はかかりません。")
    ledgers = {
        "claims": claims(events),
        "chargebacks": chargebacks(events),
        "removals": removals(events),
        "messages": messages(orders.iloc[asked[known]], moment[known], hours[asked[known]], texts),
        "events": events_ledger(
            [("2026-07-15", "staff", "Weekend shift of customer service ended", "", "")]
        ),
    }
    for name, ledger in ledgers.items():
        shelf.put(f"ledger/{name}.csv", frame_comma(ledger), "utf-8-sig")
    shelf.paths += write_evidence(shelf.folder, orders, events, MARKET.currency)
