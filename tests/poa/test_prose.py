"""Plans by another hand, on the demo stores as they come: true ones are clean, wrong ones not."""

from __future__ import annotations

import pytest

import odrlib as odr
from odrlib.demo import write_demo
from odrlib.poa.check import check_against
from odrlib.poa.known import known_of
from odrlib.poa.scopes import Scopes
from tests.poa.prose import english, german, japanese

PLANS = {"us-fbm": english, "de-mixed": german, "jp-cross": japanese}
FAULTS = {
    "us-fbm": [
        ("switched off", "will switch off"),
        ("Between August 18", "Between August 13"),
        ("by China Post, and", "by UPS, and"),
        ("September 3", "September 8"),
    ],
    "de-mixed": [
        ("haben wir die", "werden wir die"),
        ("mit Hermes", "mit DHL"),
        ("18.08.", "18.07."),
    ],
    "jp-cross": [
        ("停止しました", "停止します"),
        ("24時間", "26時間"),
        ("2026/10/16", "2026/10/19"),
    ],
}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("store", PLANS)
def test_a_true_plan_by_another_hand_is_clean_and_a_wrong_one_is_not(tmp_path, store):
    write_demo(tmp_path)
    facts = odr.build_facts(odr.read_store(tmp_path / store))
    scopes, plan = Scopes(known_of(facts)), PLANS[store](facts)

    assert [] == [one.message for one in check_against(plan, scopes).findings]
    for old, new in FAULTS[store]:
        assert old in plan
        assert not check_against(plan.replace(old, new, 1), scopes).clean, new
