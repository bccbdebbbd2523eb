"""Plans that another hand wrote, in its own order and words, on the demo store as it comes."""

from __future__ import annotations

from odrlib.facts import Facts


def counted(facts: Facts) -> dict[str, object]:
    """The numbers of the plans, counted here and not taken from the code under test."""
    inside = facts.inside
    bad = inside[inside["defective"]]
    post = inside["carrier"].astype("str").eq("China Post")
    chop = inside["sku"].astype("str").eq("KB-CHOP-02")
    mine = bad[bad["carrier"].astype("str").eq("China Post")]
    other = bad[bad["sku"].astype("str").eq("KB-CHOP-02") & ~bad["order_id"].isin(mine["order_id"])]
    rest = bad[~bad["order_id"].isin([*mine["order_id"], *other["order_id"]])]
    return {
        "orders": len(inside),
        "bad": len(bad),
        "claims": int(bad["claim"].sum()),
        "chargebacks": int(bad["chargeback"].sum()),
        "negative": int(bad["negative_feedback"].sum()),
        "post": int((post & inside["defective"]).sum()),
        "post_orders": int(post.sum()),
        "post_claims": int(mine["claim"].sum()),
        "chop": int((chop & inside["defective"]).sum()),
        "chop_orders": int(chop.sum()),
        "rate": 100 * len(bad) / len(inside),
        "post_rate": 100 * float((post & inside["defective"]).sum()) / float(post.sum()),
        "post_share": 100 * float((post & inside["defective"]).sum()) / len(bad),
        "mine": list(mine["order_id"]),
        "other": list(other["order_id"]),
        "rest": list(rest["order_id"]),
    }


def english(facts: Facts) -> str:
    """A plan in English, with its orders in plain lists."""
    n = counted(facts)
    listed = {key: "\n".join(f"* {name}" for name in n[key]) for key in ("mine", "other", "rest")}
    return f"""PLAN OF ACTION

Store name: {facts.store.settings.name}
Merchant token: {facts.store.settings.seller_id}
Date: November 2, 2026

Summary

Between August 18 and October 16, 2026 our Order Defect Rate was {n["rate"]:.2f}% \
({n["bad"]} of {n["orders"]:,} orders). The defects are {n["claims"]} A-to-z Guarantee claims, \
{n["chargebacks"]} chargebacks and {n["negative"]} negative feedback ratings.

Root Cause 1: Parcels sent by China Post Ordinary Mail

We sent {n["post_orders"]} orders by China Post, and {n["post"]} of them became defective \
({n["post_rate"]:.1f}%). {n["post_claims"]} of these were A-to-z claims. This is \
{n["post_share"]:.0f}% of all defective orders. The service has no delivery scan, so neither we \
nor the buyer could see where a parcel was. Our own shipping template offered this service to \
buyers in the West until we changed it.

Corrective actions

On October 20, 2026 we switched off the untracked services in the shipping template \
(see template.txt).

Preventive actions

From November 10, 2026 the logistics lead will check a weekly list of parcels without a first \
scan after two days; the limit is 0.5 %. The list is kept as a record. This measure is planned.

Root Cause 2: Defective units of KB-CHOP-02

{n["chop"]} of {n["chop_orders"]} orders of KB-CHOP-02 were defective. Lot L-0903 of the chopper \
was received on September 3, 2026, and our incoming inspection had no test for it.

Corrective actions

On October 20, 2026 we switched off the untracked services in the shipping template, \
see template.txt.

Preventive actions

The logistics lead checks the weekly list of parcels without a first scan; planned for \
November 10, 2026. It is kept as a record.

Appendix 1: orders of root cause 1

{listed["mine"]}

Appendix 2: orders of root cause 2

{listed["other"]}

Appendix 3: other defective orders

{listed["rest"]}
"""


def german(facts: Facts) -> str:
    """A plan in German for the store with late parcels, numbers and days as Germans write them."""
    inside = facts.inside
    bad = inside[inside["defective"]]
    ids = [str(name) for name in facts.causes[0].order_ids]
    rest = [str(name) for name in bad["order_id"] if name not in ids]
    hermes = bad[bad["order_id"].isin(ids) & bad["carrier"].astype("str").eq("Hermes")]
    cause = facts.causes[0]
    rate = f"{100 * len(bad) / len(inside):.2f}".replace(".", ",")
    level = f"{100 * cause.rate:.1f}".replace(".", ",")
    lists = ["\n".join(f"- {name}" for name in names) for names in (ids, rest)]
    return f"""# Maßnahmenplan

Verkäufer: {facts.store.settings.name}

Datum: 3. November 2026

## Überblick

Vom 18.08.2026 bis zum 16.10.2026 lag unsere Rate an Bestellmängeln bei {rate} % \
({len(bad)} von {f"{len(inside):,}".replace(",", ".")} Bestellungen). Darunter waren \
{int(bad["claim"].sum())} A-bis-Z-Garantieanträge, {int(bad["chargeback"].sum())} Rückbuchungen \
und {int(bad["negative_feedback"].sum())} negative Bewertungen.

## Ursache 1: Verspätet zugestellte Sendungen

{cause.defective} von {cause.orders} verspätet zugestellten Bestellungen waren mangelhaft \
({level} %); {len(hermes)} davon hatten wir mit Hermes verschickt. Am 24. August 2026 verlegte \
Hermes sein Zentrum. Unsere Lieferzeiten im Angebot haben wir danach nicht angepasst.

### Korrekturmaßnahmen

Am 20. Oktober 2026 haben wir die Dienste ohne Sendungsverfolgung in der Versandvorlage \
abgeschaltet (Nachweis: template.txt).

### Vorbeugende Maßnahmen

Geplant ab dem 10. November 2026: Der Leiter der Logistik (logistics lead) prüft wöchentlich die \
Liste der Pakete ohne ersten Scan; der Grenzwert beträgt 0,5 %. Die Liste wird als \
Nachweis abgelegt.

## Anlage 1: Bestellungen zu Ursache 1

{lists[0]}

## Anlage 2: Übrige mangelhafte Bestellungen

{lists[1]}

## Datenschutz

Die Daten dienen allein der Bearbeitung dieses Einspruchs (Art. 5 und 6 DSGVO).
"""


def japanese(facts: Facts) -> str:
    """A plan in Japanese for the store that answered slowly."""
    inside = facts.inside
    bad = inside[inside["defective"]]
    cause = facts.causes[0]
    ids = [str(name) for name in cause.order_ids]
    rest = [str(name) for name in bad["order_id"] if name not in ids]
    lists = ["\n".join(f"- {name}" for name in names) for names in (ids, rest)]
    return f"""# パフォーマンス改善計画書

出品者名:{facts.store.settings.name}

提出日:2026年11月2日

## 概要

2026/08/18から2026/10/16までの注文不良率は{100 * len(bad) / len(inside):.2f}%でした\
(注文{len(inside):,}件のうち{len(bad)}件)。内訳はマーケットプレイス保証申請{int(bad["claim"].sum())}件、\
チャージバック{int(bad["chargeback"].sum())}件、低い評価{int(bad["negative_feedback"].sum())}件です。

## 原因1:返信の遅れ

最初の返信に24時間より長くかかった注文{cause.orders}件のうち{cause.defective}件が不良となりました。\
2026年7月15日に週末のカスタマーサービスを終了し、その後の体制を定めた手順書がありませんでした。

### 是正措置

2026年10月20日に配送テンプレートの追跡なしサービスを停止しました(template.txt)。

### 再発防止策

物流責任者が毎週、最初のスキャンがない荷物の一覧を確認します。2026年11月10日から実施予定です。\
一覧は記録として保存します。

## 別紙1:原因1の注文

{lists[0]}

## 別紙2:その他の不良注文

{lists[1]}
"""
