"""What changed since the report before, also where a report is made again on the same day."""

import json
from datetime import timedelta

import pytest

from odrlib.portfolio import portfolio, read_digest, write_digest
from tests.portfolio.little_facts import (
    MORNING,
    cause,
    channel,
    deadline,
    defect,
    over,
    report,
)


def changes(out, **options):
    return portfolio(out, now=MORNING, **options).rows[0].changes


def test_a_first_report_has_nothing_to_compare_with(tmp_path):
    report(tmp_path, "a")

    assert changes(tmp_path).first
    assert changes(tmp_path).as_dict() is None


def test_new_defects_and_those_that_left_are_counted_by_kind(tmp_path):
    report(tmp_path, "a", "2026-02-28", defects=[defect("1"), defect("2", kind="chargeback")])
    report(tmp_path, "a", defects=[defect("1"), defect("3"), defect("4", kind="negative_feedback")])
    found = changes(tmp_path)

    assert (2, {"claim": 1, "negative_feedback": 1}) == (found.new_orders, found.new)
    assert (1, {"chargeback": 1}) == (found.left_orders, found.left)


def test_a_crossed_limit_a_new_cause_a_deadline_and_an_answer_are_told(tmp_path):
    calm = {"due": [], "commitments": {"open": 0, "done": 0}, "cases": {}, "answers": [],
            "linked_account": False, "errors": 0}  # fmt: skip
    said = [{"case": "C1", "number": 1, "outcome": "denied", "on": "2026-03-01"}]
    report(tmp_path, "a", "2026-02-28", causes=[cause({"sku": "A"})], appeals=calm)
    report(tmp_path, "a", amazon={"all": over()}, causes=[cause({"carrier": "X"})],
           triage=[deadline("1", "2026-03-09")], appeals=calm | {"answers": said})  # fmt: skip
    found = changes(tmp_path)

    assert (("amazon", "all", "under", "over"),) == found.crossed
    assert (({"carrier": "X"},), ({"sku": "A"},)) == (found.causes_new, found.causes_gone)
    assert (1, ("denied",)) == (found.deadlines_new, found.answers_new)
    assert found.worse > (0, 0.0)


def test_a_report_made_again_the_same_morning_still_tells_what_changed_overnight(tmp_path):
    report(tmp_path, "a", "2026-02-28", defects=[defect("1")])
    report(tmp_path, "a", defects=[defect("1"), defect("2")])
    report(tmp_path, "a", at=MORNING + timedelta(hours=1), defects=[defect("1"), defect("2")])

    assert ("2026-02-28", 1) == (changes(tmp_path).since, changes(tmp_path).new_orders)


def test_on_the_first_day_a_report_made_again_is_compared_with_the_one_it_replaced(tmp_path):
    report(tmp_path, "a", at=MORNING, amazon={"all": channel(1000, 3)})
    report(tmp_path, "a", at=MORNING + timedelta(hours=1), amazon={"all": channel(1000, 5)})
    was, now = changes(tmp_path).rates["amazon"]

    assert (3, 5) == (was["defective"], now["defective"])


def test_data_that_did_not_grow_are_compared_with_the_report_of_the_day_before(tmp_path):
    report(tmp_path, "a", at=MORNING - timedelta(days=1), defects=[defect("1")])
    report(tmp_path, "a", at=MORNING, defects=[defect("1"), defect("2")])

    assert ("2026-03-01", 1) == (changes(tmp_path).since, changes(tmp_path).new_orders)


def test_a_report_of_a_later_day_is_never_the_one_before(tmp_path):
    report(tmp_path, "a", "2026-03-01", defects=[defect("1"), defect("2")])
    report(tmp_path, "a", "2026-02-01", at=MORNING, defects=[defect("1")])

    assert changes(tmp_path, chosen={"a": "2026-02-01"}).first


def test_a_report_without_a_digest_is_read_from_its_facts(tmp_path):
    folder = report(tmp_path, "a", amazon={"all": over()})
    kept, _ = read_digest(folder)
    (folder / "digest.json").unlink()
    found, before = read_digest(folder)

    assert kept | {"made_at": ""} == found | {"made_at": ""}
    assert before is None


def test_a_digest_of_other_facts_is_not_believed(tmp_path):
    folder = report(tmp_path, "a")
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    facts["profiles"]["amazon"]["all"] = over()
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")

    assert "over" == portfolio(tmp_path, now=MORNING).rows[0].told


def test_a_digest_holds_no_order_id(tmp_path):
    folder = report(tmp_path, "a", defects=[defect("111-0000000-0000001")],
                    triage=[deadline("111-0000000-0000001", "2026-03-09")])  # fmt: skip

    assert "0000001" not in (folder / "digest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("facts", [{"as_of": "2026-03-01", "profiles": [1]}, {"as_of": None}, {}])
def test_facts_of_another_shape_stop_no_report(tmp_path, facts):
    (tmp_path / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    write_digest(tmp_path, tmp_path / "a", facts)

    assert not (tmp_path / "digest.json").exists()


def test_a_report_before_that_cannot_be_read_is_passed_over(tmp_path):
    report(tmp_path, "a", "2026-02-27")
    broken = report(tmp_path, "a", "2026-02-28")
    (broken / "digest.json").unlink()
    (broken / "facts.json").write_text("{", encoding="utf-8")
    report(tmp_path, "a")

    assert "2026-02-27" == changes(tmp_path).since
