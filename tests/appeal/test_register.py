"""The register: how a case moves, what is refused, and that nothing confirmed is ever lost."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime

import pytest
from stores import make_store

from odrlib import appeal
from odrlib.appeal.journal import HEAD, JOURNAL, read_journal
from odrlib.errors import BadParameter, BadStore

DAY = date(2026, 3, 2)
LATE = "If we do not receive your plan within 14 days, your account will remain deactivated."


@pytest.fixture
def store(tmp_path):
    return make_store(tmp_path / "store", {"plan.md": "The first plan.", "other.md": "Another."})


@pytest.fixture
def submitted(store):
    """A case whose first plan was submitted on 2 March."""
    appeal.open_case(store, "Order defect rate", on=date(2026, 3, 1))
    appeal.draft_submission(store, "C001", store / "plan.md", on=DAY)
    appeal.submit(store, "C001", on=DAY)
    return store


def state(store, case="C001"):
    return appeal.read_register(store).case(case).state


def test_a_case_goes_from_opened_to_closed(submitted):
    appeal.under_review(submitted, "C001")
    appeal.reply(submitted, "C001", "more information asked", notice="Evidence not sufficient.")
    appeal.draft_submission(submitted, "C001", submitted / "other.md")
    appeal.submit(submitted, "C001")
    appeal.reply(submitted, "C001", "approved", on=date(2026, 3, 20))
    case = appeal.close_case(submitted, "C001", on=date(2026, 3, 21))

    assert ("closed", "approved") == (case.state, case.outcome)
    assert ["more information asked", "approved"] == [one.outcome for one in case.submissions]
    assert ["N11"] == case.notices[0].said["patterns"]
    assert date(2026, 3, 21) == case.closed_on


@pytest.mark.parametrize("now", ["submitted", "under review"])
def test_a_second_submission_waits_for_the_answer(submitted, now):
    if now == "under review":
        appeal.under_review(submitted, "C001")

    with pytest.raises(BadParameter, match="second submission for the same matter is refused"):
        appeal.draft_submission(submitted, "C001", submitted / "other.md")
    with pytest.raises(BadParameter, match="second submission for the same matter is refused"):
        appeal.submit(submitted, "C001")
    assert now == state(submitted)


def test_another_case_does_not_go_round_the_waiting_one(submitted):
    appeal.open_case(submitted, "The same again")
    appeal.draft_submission(submitted, "C002", submitted / "other.md")

    with pytest.raises(BadParameter, match="C001 is submitted for the same matter"):
        appeal.submit(submitted, "C002")


def test_claims_of_other_orders_are_other_matters(store):
    for number, plan in ((1, "plan.md"), (2, "other.md")):
        order = f"114-0000000-000000{number}"
        appeal.open_case(store, "A claim", matter="claim", order_ids=[order])
        appeal.draft_submission(store, f"C00{number}", store / plan)
        appeal.submit(store, f"C00{number}")

    assert ["submitted", "submitted"] == [state(store, "C001"), state(store, "C002")]


@pytest.mark.parametrize("text", ["The first plan.", "THE  FIRST\n**plan**"])
def test_an_unchanged_draft_is_refused_also_in_another_form(submitted, text):
    appeal.reply(submitted, "C001", "denied")
    (submitted / "again.md").write_text(text)

    with pytest.raises(BadParameter, match="same words as submission 1 of C001"):
        appeal.draft_submission(submitted, "C001", submitted / "again.md")


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (lambda s: appeal.submit(s, "C001"), "it cannot become submitted"),
        (lambda s: appeal.reply(s, "C001", "approved"), "it cannot become approved"),
        (lambda s: appeal.reply(s, "C001", "maybe"), "choose one of"),
        (lambda s: appeal.under_review(s, "C001"), "it cannot become under review"),
        (lambda s: appeal.submit(s, "C009"), "no case 'C009'"),
        (lambda s: appeal.draft_submission(s, "C001", s / "gone.md"), "no such file"),
        (lambda s: appeal.open_case(s, " "), "needs a title"),
        (lambda s: appeal.open_case(s, "x", matter="parking"), "matter 'parking'"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(store, step, message):
    appeal.open_case(store, "Order defect rate")
    before = (store / "appeals" / JOURNAL).read_bytes()

    with pytest.raises(BadParameter, match=message):
        step(store)
    assert before == (store / "appeals" / JOURNAL).read_bytes()


def test_a_closed_case_stays_closed(store):
    appeal.open_case(store, "Order defect rate")
    appeal.close_case(store, "C001")

    with pytest.raises(BadParameter, match="; open a new case"):
        appeal.withdraw(store, "C001")


def test_a_late_submission_is_taken_and_said_to_be_late(store):
    appeal.open_case(store, "Order defect rate")
    appeal.add_notice(store, "C001", LATE, on=date(2026, 3, 1))
    appeal.draft_submission(store, "C001", store / "plan.md")
    _, in_time = appeal.submit(store, "C001", on=date(2026, 3, 15))
    appeal.reply(store, "C001", "denied")
    appeal.draft_submission(store, "C001", store / "other.md")
    _, late = appeal.submit(store, "C001", on=date(2026, 3, 16))

    assert [] == in_time
    assert ["submitted-after-deadline"] == [finding.id for finding in late]
    assert "1 day after the 14 days that the notice of 2026-03-01 gives" in late[0].message


def test_what_was_submitted_is_kept_as_it_was(submitted):
    (submitted / "plan.md").write_text("Changed afterwards.")
    kept = appeal.read_register(submitted).case("C001").current.draft

    assert b"The first plan." == (submitted / "appeals" / kept.file).read_bytes()
    assert [] == appeal.verify(submitted)


def test_the_day_is_the_stores_own(tmp_path):
    store = make_store(tmp_path / "jp", {}, settings='timezone = "Asia/Tokyo"\n')
    case = appeal.open_case(store, "注文不良率", at=datetime(2026, 3, 1, 15, 30, tzinfo=UTC))

    assert date(2026, 3, 2) == case.opened_on


def test_no_register_is_made_where_there_is_no_store(tmp_path):
    with pytest.raises(BadStore):
        appeal.open_case(tmp_path, "Order defect rate")
    assert [] == list(tmp_path.iterdir())


# ── commitments ──────────────────────────────────────────────────────────────────────────────────


def test_a_promise_is_open_late_and_done(store):
    appeal.open_case(store, "Order defect rate")
    made = appeal.commit(
        store, "C001", "sign above 100", owner="Li", due=date(2026, 4, 1), artefact="rule.png"
    )
    (store / "rule.png").write_bytes(b"picture")
    kept = appeal.keep(store, made.id, store / "rule.png", on=date(2026, 4, 5))

    assert ("open", "late") == (made.state(date(2026, 4, 1)), made.state(date(2026, 4, 2)))
    assert ("done", 7) == (kept.state(date(2026, 9, 1)), kept.proof.bytes)


def test_done_needs_a_file_that_is_there(store):
    appeal.open_case(store, "Order defect rate")
    appeal.commit(store, "C001", "sign", owner="Li", due=DAY, artefact="rule.png")

    with pytest.raises(BadParameter, match="no such file"):
        appeal.keep(store, "P001", store / "rule.png")
    with pytest.raises(BadParameter, match="needs its owner"):
        appeal.commit(store, "C001", "sign", owner=" ", due=DAY, artefact="rule.png")


# ── tampering, crashes, two at once ──────────────────────────────────────────────────────────────


def ids(store):
    return [finding.id for finding in appeal.verify(store)]


def test_a_changed_line_shows(submitted):
    path = submitted / "appeals" / JOURNAL
    path.write_bytes(path.read_bytes().replace(b"Order defect rate", b"Order defect rat3"))

    assert ["journal-changed"] == ids(submitted)


def test_a_line_taken_out_shows(submitted):
    path = submitted / "appeals" / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])

    assert "journal-changed" in ids(submitted)


def test_lines_cut_off_the_end_show(submitted):
    path = submitted / "appeals" / JOURNAL
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))

    assert ["journal-cut"] == ids(submitted)


def test_the_last_line_changed_shows(submitted):
    path = submitted / "appeals" / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"kind": "submitted"', b'"kind": "withdrawn"'))

    assert ["journal-changed"] == ids(submitted)


def test_a_changed_or_lost_archived_file_shows(submitted):
    kept = appeal.read_register(submitted).case("C001").current.draft
    path = submitted / "appeals" / kept.file
    path.write_text("better words")
    changed = ids(submitted)
    path.unlink()

    assert ["archived-file-changed"] == changed
    assert ["archived-file-missing"] == ids(submitted)


def test_half_a_line_is_set_aside_and_told(submitted):
    path = submitted / "appeals" / JOURNAL
    path.write_bytes(path.read_bytes() + b'{"number": 4, "at": "20')
    told = ids(submitted)
    appeal.under_review(submitted, "C001")
    aside = list((submitted / "appeals" / "set-aside").iterdir())

    assert ["journal-half-line"] == told
    assert [b'{"number": 4, "at": "20'] == [file.read_bytes() for file in aside]
    assert ("under review", []) == (state(submitted), ids(submitted))


def test_rubbish_in_the_journal_is_told_and_stops_nothing(submitted):
    path = submitted / "appeals" / JOURNAL
    path.write_bytes(path.read_bytes() + b"\xff\x00 rubbish\n[1]\n")
    appeal.under_review(submitted, "C001")

    assert "under review" == state(submitted)
    assert "journal-line-unreadable" in ids(submitted)


WRITER = """
import sys
from odrlib import appeal
while True:
    case = appeal.open_case(sys.argv[1], "word " * 200)
    sys.stdout.write(case.id + "\\n")
    sys.stdout.flush()
"""


def writer(store):
    command = [sys.executable, "-c", WRITER, str(store)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_kill_loses_nothing_that_was_confirmed(store):
    confirmed = []
    for attempt in range(4):
        process = writer(store)
        confirmed.append(process.stdout.readline().strip())
        time.sleep(0.05 + 0.037 * attempt)
        process.send_signal(signal.SIGKILL)
        confirmed += process.stdout.read().split("\n")[:-1]
        process.wait()
        process.stdout.close()
        register = appeal.read_register(store)

        assert set(filter(None, confirmed)) <= set(register.cases)
        assert [] == ids(store)
        assert b"" == register.journal.tail


def test_two_writers_at_once_lose_nothing(store):
    both = [writer(store), writer(store)]
    said = [[process.stdout.readline().strip() for _ in range(6)] for process in both]
    for process in both:
        process.kill()
        process.wait()
        process.stdout.close()
    cases = appeal.read_register(store).cases

    assert 12 == len({*said[0], *said[1]})
    assert {*said[0], *said[1]} <= set(cases)
    assert [] == ids(store)


def test_a_journal_one_line_ahead_of_its_head_is_sound(submitted):
    """The program was stopped after the journal and before its head."""
    head = submitted / "appeals" / HEAD
    lines = read_journal(submitted / "appeals").whole.splitlines()
    before = json.loads(lines[-1])["previous"]
    head.write_text(json.dumps({"lines": len(lines) - 1, "sha256": before}))

    assert [] == ids(submitted)
