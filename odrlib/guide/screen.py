"""The screen of `odr inspect`, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from odrlib.exports.known import EXPORTS
from odrlib.exports.ledger import untouched
from odrlib.exports.read import Reading
from odrlib.facts import Facts, input_dict
from odrlib.finding import Finding, count
from odrlib.guide.coverage import Run, days_without_orders
from odrlib.guide.nearest import columns_lines, nearest
from odrlib.guide.questions import RATES, Answer, joined, questions
from odrlib.guide.steps import guide
from odrlib.guide.wording import missing_lines
from odrlib.languages import mark, tr, trn
from odrlib.store import Store
from odrlib.windows import profile_window

LEVELS = {"error": mark("error"), "warning": mark("warning"), "information": mark("information")}
RUNS = 6  # how many runs of days are named


def title_line(store: Store) -> str:
    """The store, the day that is answered for, and why that day."""
    return tr("{store} on {day} ({reason})", store=store.settings.title, day=store.as_of,
              reason=tr(store.as_of_reason))  # fmt: skip


def inspect_lines(facts: Facts) -> Iterator[str]:
    """The whole screen: files, days, what can be answered, what is missing, findings."""
    store = facts.store
    yield title_line(store)
    yield from _files(facts)
    yield from _days(store)
    yield ""
    yield tr("What can be answered now")
    yield from _answers(questions(facts))
    yield ""
    yield from missing_lines(guide(store), store)
    fresh = {reading.file for reading in store.readings if reading.export and untouched(reading)}
    yield from findings_lines(f for f in facts.quality if not _is_told(f, fresh))


def inspect_dict(facts: Facts) -> dict[str, Any]:
    """What `odr inspect --json` prints: the input, what it answers, and what to fetch next."""
    whole = input_dict(facts)
    return {
        **{key: whole[key] for key in ("store", "as_of", "sources", "set_aside", "quality")},
        "answers": [answer.as_dict() for answer in questions(facts)],
        "next": [step.as_dict() for step in guide(facts.store)],
    }


def _is_told(finding: Finding, fresh: set[str]) -> bool:
    """Is it about a missing file, or an example row? The steps and the files say that already."""
    example = finding.id == "example-row" and finding.place and finding.place.file in fresh
    return finding.id.startswith("missing-") or bool(example)


def _files(facts: Facts) -> Iterator[str]:
    """Kind by kind each file with its rows and days; ledgers nobody has written in on one line."""
    yield ""
    yield tr("Files")
    if facts.sources.empty:
        yield "  " + tr("There is no file yet in exports/ or ledger/.")
    kinds: dict[str, list[str]] = {}
    fresh = []
    for row, reading in zip(facts.sources.to_dict("records"), facts.store.readings, strict=True):
        if reading.export and untouched(reading):
            fresh.append(reading.file)
        else:
            kinds.setdefault(row["title"], []).extend(_file(row, reading))
    for title, lines in kinds.items():
        yield f"  {title}"
        yield from (f"    {line}" for line in lines)
    if fresh:
        yield "  " + trn("{n} ledger still holds only its example row: {files}",
                         "{n} ledgers still hold only their example row: {files}",
                         len(fresh), files=joined(fresh))  # fmt: skip


def _file(row: dict[str, Any], reading: Reading) -> Iterator[str]:
    days = (
        tr("{first} to {last}", first=row["first"], last=row["last"])
        if row["first"]
        else tr("no dates")
    )
    if not reading.export:
        yield f"{reading.file} · {reading.encoding}"
        yield from (f"  {line}" for line in unknown_lines(reading.file, reading.header))
        return
    rows = trn(
        "{n:,} row = {used:,} used + {aside:,} set aside",
        "{n:,} rows = {used:,} used + {aside:,} set aside",
        row["rows"], used=row["used"], aside=row["set_aside"],
    )  # fmt: skip
    yield f"{reading.file} · {reading.encoding} · {days} · {rows}"


def unknown_lines(file: str, header: Sequence[str]) -> list[str]:
    """What an unrecognised file comes closest to, and what to paste into store.toml."""
    if not header:
        return [tr("Why stands among the findings.")]
    near = nearest(header, file)
    if not near:
        return [tr("None of its column headings is one we know; if it is an export, see "
                   "docs/exports.md for the headings of each kind.")]  # fmt: skip
    lines = []
    for one in near:
        missing = joined(
            next(column.theirs[0] for column in one.export.columns if column.ours == ours)
            for ours in one.missing
        )
        title = tr(one.export.title)
        lines.append(
            tr("near to {title}; missing: {headings}", title=title, headings=missing)
            if missing
            else tr("near to {title}, but with columns that it never has", title=title)
        )
    pasted = columns_lines(near[0], header, file)
    return [*lines, tr("If it is the first of these, paste into store.toml:"),
            *(f"  {line}" for line in pasted)]  # fmt: skip


def _days(store: Store) -> Iterator[str]:
    """The window of each rule, and its days without an order."""
    if store.orders is None:
        return
    yield ""
    yield tr("Days of the windows")
    for name, runs in days_without_orders(store).items():
        window = profile_window(store, name).window
        without = sum((last - first).days + 1 for first, last in runs)
        yield "  " + tr(
            "{rule}: {first} to {last}, orders on {sold:,} of {days}",
            rule=tr(RATES[name]), first=window.first, last=window.last,
            sold=window.days - without, days=count(window.days, "day"),
        )  # fmt: skip
        if runs and without < window.days:
            shown = joined(_run(run) for run in runs[:RUNS])
            more = len(runs) - RUNS
            rest = trn("and {n:,} more gap", "and {n:,} more gaps", more) if more > 0 else ""
            yield "    " + tr("no order on: {days}", days=" ".join(filter(None, (shown, rest))))


def _run(run: Run) -> str:
    first, last = run
    return f"{first}" if first == last else tr("{first} to {last}", first=first, last=last)


def _answers(answers: Iterable[Answer]) -> Iterator[str]:
    """The questions by their answer; those with one and the same reason share it."""
    alike: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for answer in answers:
        key = (answer.state, answer.reason, answer.tells)
        alike.setdefault(key, []).append(answer.question)
    for (state, reason, tells), asked in alike.items():
        yield "  " + tr("{state}: {questions}", state=_state(state),
                        questions=tr("; ", context="list").join(asked))  # fmt: skip
        why = tr("{reason}; what would tell: {files}", reason=reason, files=_titles(tells))
        yield f"    {why if tells else reason}"


def _state(state: str) -> str:
    return {
        "yes": tr("yes", context="answer"),
        "partly": tr("partly", context="answer"),
        "no": tr("no", context="answer"),
    }[state]


def _titles(names: Iterable[str]) -> str:
    titles = {export.name: export.title for export in EXPORTS}
    return tr(" or ", context="list").join(tr(titles[name]) for name in names)


def findings_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings, worst first as they come, under a line that counts them."""
    told = list(findings)
    if not told:
        return
    counts = Counter(finding.level for finding in told)
    yield ""
    yield tr(
        "Findings: {errors}, {warnings}, {notes}",
        errors=count(counts["error"], "error"), warnings=count(counts["warning"], "warning"),
        notes=count(counts["information"], "note"),
    )  # fmt: skip
    for finding in told:
        yield from finding_lines(finding)


def finding_lines(finding: Finding) -> Iterator[str]:
    """One finding: its level, what is so, and what to do."""
    yield ""
    yield tr("{level}: {message}", level=tr(LEVELS[finding.level]), message=finding.message)
    if finding.to_do:
        yield f"  {finding.to_do}"
