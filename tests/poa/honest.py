"""An honest analyst: the registers of a demo store filled in, and its worksheet completed."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import odrlib as odr
from odrlib.demo import write_demo
from odrlib.facts import Facts
from odrlib.poa.blocks import BLANK
from odrlib.poa.draft import draft_poa
from odrlib.poa.groups import cause_groups

SCALE = 0.25
HEADER = (
    *("id", "cause", "kind", "status", "date", "what", "owner", "frequency", "threshold"),
    *("artefact", "setting"),
)
# What was done about any cause, as each store would write it: corrective, preventive, owner,
# frequency, threshold.
DONE = {
    "en": (
        "Stock and settings of this cause checked and corrected by us",
        "Written check before each shipment of the goods concerned",
        *("logistics lead", "weekly", "2 parcels"),
    ),
    "de": (
        "Bestand und Einstellungen zu dieser Ursache geprüft und berichtigt",
        "Schriftliche Prüfung vor dem Versand der betroffenen Ware",
        *("Leiter Logistik", "wöchentlich", "2 Pakete"),
    ),
    "ja": (
        "この原因に関わる在庫と設定を点検し修正した",
        "該当商品の出荷前に書面で点検する",
        *("物流責任者", "毎週", "荷物2件"),
    ),
}
EVENT = {
    "en": "Nothing else changed in our records before these orders.",
    "de": "Sonst hat sich in unseren Aufzeichnungen vor diesen Bestellungen nichts geändert.",
    "ja": "これらの注文より前に当店の記録に変化はありませんでした。",
}
END = {
    "en": "Our own work instruction did not ask for this check.",
    "de": "Unsere eigene Arbeitsanweisung sah diese Prüfung nicht vor.",
    "ja": "当店の手順書にこの点検がありませんでした。",
}
CAUSE = {
    "en": "We looked at each of these orders by hand and found nothing that they share.",
    "de": "Wir haben jede dieser Bestellungen einzeln geprüft und nichts Gemeinsames gefunden.",
    "ja": "これらの注文を一件ずつ確認しましたが、共通点は見つかりませんでした。",
}


def demo_stores(folder: Path, scale: float = SCALE) -> dict[str, Facts]:
    """The three demo stores with measures for every cause, by language: en, de, ja."""
    write_demo(folder, scale=scale)
    names = {"en": "us-fbm", "de": "de-mixed", "ja": "jp-cross"}
    return {code: registered(folder / name, code) for code, name in names.items()}


def registered(folder: Path, code: str) -> Facts:
    """The facts of a store after its analyst has recorded two measures for each cause."""
    facts = odr.build_facts(odr.read_store(folder))
    causes = sorted({group.category for group in cause_groups(facts)} - {"R27"})
    done, control, owner, frequency, threshold = DONE[code]
    rows = []
    for number, cause in enumerate(causes, start=1):
        files = (f"done-{cause}.pdf", f"control-{cause}.pdf")
        for name in files:
            path = folder / "evidence" / "measures" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"%PDF-1.4 record")
        day = f"2026-10-{19 + number:02d}"
        head = (cause, "corrective", "done", day, f"{done} ({cause})", owner)
        rows.append((f"K{number}", *head, "", "", files[0], ""))
        head = (cause, "preventive", "existing", day, f"{control} ({cause})", owner)
        rows.append((f"V{number}", *head, frequency, threshold, files[1], ""))
    with open(folder / "ledger" / "measures.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return odr.build_facts(odr.read_store(folder))


def honest_plan(facts: Facts, code: str) -> str:
    """The worksheet with every blank filled by a sentence that is true, the Chinese taken out."""
    text = draft_poa(facts, code).markdown()
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
    lines = []
    for line in text.splitlines():
        match = BLANK.search(line)
        if match is None:
            lines.append(line)
            continue
        mark = "- " if line.startswith("- ") else ""
        lines.append(f"{mark}{_filled(match[0], code)}")
    return "\n".join(lines) + "\n"


def _filled(blank: str, code: str) -> str:
    from odrlib.poa.language import language

    plans = language(code).plans
    if plans["blank_cause"] in blank:
        return CAUSE[code]
    return END[code] if plans["blank_end"] in blank else EVENT[code]
