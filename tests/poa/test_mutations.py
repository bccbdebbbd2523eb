"""A correct plan is clean, and a small fault in it is told."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from odrlib.poa.check import check_against
from tests.poa.honest import honest_plan
from tests.poa.mutations import FAULTS

NEXT = {"en": "de", "de": "ja", "ja": "en"}
EACH = 67


def caught(stores, code: str, number: int, seed: int) -> tuple[Counter, Counter]:
    """How many faults of each sort were made, and how many were told."""
    own, other = stores[code], stores[NEXT[code]].known
    text = honest_plan(own.known.facts, code)
    draw, made, told = random.Random(seed), Counter(), Counter()
    names = list(FAULTS)
    for turn in range(number):
        name = names[turn % len(names)]
        changed = FAULTS[name](text, draw, code, own.known, other)
        if changed is None or changed == text:
            continue
        made[name] += 1
        told[name] += not check_against(changed, own).clean
    return made, told


@pytest.mark.parametrize("code", NEXT)
def test_a_correct_plan_has_no_finding_and_no_doubt(stores, code):
    plan = honest_plan(stores[code].known.facts, code)
    checked = check_against(plan, stores[code])

    assert [] == [one.message for one in checked.findings]
    assert ["supported"] == sorted({one.verdict for one in checked.statements})


@pytest.mark.parametrize("code", NEXT)
def test_nineteen_of_twenty_faults_are_told(stores, code):
    made, told = caught(stores, code, EACH, seed=11)

    assert sum(made.values()) >= 60
    assert sum(told.values()) >= 0.95 * sum(made.values()), made - told


@pytest.mark.parametrize("code", NEXT)
def test_a_dropped_order_is_always_told_by_its_id(stores, code):
    own = stores[code]
    gone = own.known.defective_ids[0]
    plan = honest_plan(own.known.facts, code)
    text = "\n".join(line for line in plan.split("\n") if gone not in line)

    found = [one for one in check_against(text, own).findings if one.id == "poa-order-missing"]
    assert [gone] == [one.order_id for one in found]
