"""Every number of `profiles`, counted again by a plain program, on stores made by chance."""

import pytest
from plain.plain import count
from plain.worlds import write_world

import odrlib as odr

FEW = range(44)
TINY = range(100, 108)
LARGER = range(1_000, 1_020)


def disagreements(folder, seed, orders):
    """What the plain program and odrlib say differently of the store of this seed."""
    world = write_world(folder, seed, orders)
    store = odr.read_store(world.folder, as_of=world.as_of, today=world.today)
    ours = odr.status_dict(odr.build_facts(store))["profiles"]
    return [
        f"{profile}.{part}.{name}: plain {value}, odrlib {ours[profile][part][name]}"
        for profile, parts in count(world.folder, world.files, world.as_of, world.today).items()
        for part, numbers in parts.items()
        for name, value in numbers.items()
        if value != ours[profile][part][name]
    ]


@pytest.mark.parametrize("seed", FEW)
def test_a_plain_program_counts_the_same(tmp_path, seed):
    assert [] == disagreements(tmp_path / "store", seed, orders=120)


@pytest.mark.parametrize("seed", TINY)
def test_a_plain_program_counts_the_same_of_tiny_stores(tmp_path, seed):
    """Some channels and windows of theirs have no order at all."""
    assert [] == disagreements(tmp_path / "store", seed, orders=8)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", LARGER)
def test_a_plain_program_counts_the_same_of_larger_stores(tmp_path, seed):
    assert [] == disagreements(tmp_path / "store", seed, orders=600)


def test_facts_and_status_say_the_same(tmp_path):
    world = write_world(tmp_path / "store", 0, orders=100)
    facts = odr.build_facts(odr.read_store(world.folder, today=world.today))

    assert facts.as_dict()["profiles"] == odr.status_dict(facts)["profiles"]


def test_the_worlds_are_hostile_enough(tmp_path):
    """Among these stores are all the answers that there can be, and each of the traps."""
    said, kinds, encodings, aside = set(), set(), set(), set()
    for seed in FEW:
        world = write_world(tmp_path / str(seed), seed, orders=120)
        profiles = count(world.folder, world.files, world.as_of, world.today)
        said |= {(name, profiles[name]["all"]["status"]) for name in profiles}
        said |= {(name, profiles[name]["all"]["claims"] is None) for name in profiles}
        kinds |= {file.kind for file in world.files}
        encodings |= {file.encoding for file in world.files}
        if seed < 8:
            store = odr.read_store(world.folder, today=world.today)
            aside |= {reason for r in store.readings for reason in r.set_aside["reason"]}

    assert {(n, s) for n in ("amazon", "brief") for s in ("under", "over", "unknown")} <= said
    assert {("amazon", True), ("amazon", False)} <= said
    assert {"all_orders", "odr_detail", "odr_defects", "feedback", "claims", "chargebacks"} < kinds
    assert {"utf-8", "utf-8-sig", "utf-16", "cp1252", "cp932", "gb18030"} <= encodings
    assert {"excel-damaged-id", "repeated-header", "too-many-cells", "bad-date"} <= aside
