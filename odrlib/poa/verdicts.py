"""
Verdicts: is each thing a plan says supported, contradicted, or not supported by the facts?

*Contradicted*: the words around it name a fact, and the fact is another. *Not supported*: nothing
in the facts or ledgers says it. The rules stand in docs/poa.md, in the same order as here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from odrlib.languages import tr
from odrlib.poa.appendix import files_of
from odrlib.poa.context import Named, clause_of, groups_of_sections, is_whole, named_in, noun_of
from odrlib.poa.cues import Cues
from odrlib.poa.fitting import fits, money_pattern, policy_number, rounds, same_day
from odrlib.poa.groups import Group
from odrlib.poa.known import paid_days
from odrlib.poa.measures import Measure, measure_of
from odrlib.poa.mentions import Mention, mentions
from odrlib.poa.passages import Passage, sentences
from odrlib.poa.scopes import COUNT, MONEY, RATE, SHARE, Fact, Scopes
from odrlib.poa.statements import Judged, Verdict

# A plan is sent after the day of the facts, within so many days.
SENT_WITHIN = 60
# How near a percentage must stand to the two numbers it follows from.
NEAR = 60
UNITS = ("hours", "days", "weeks", "months", "stars")
KIND_NOUNS = ("claim", "chargeback", "negative_feedback", "defective", "refunds")


def judge(found: list[Passage], scopes: Scopes, cues: Cues) -> list[Judged]:
    """Every sentence of a draft with the verdict on each of its mentions."""
    return _Judge(found, scopes, cues).all()


class _Judge:
    def __init__(self, found: list[Passage], scopes: Scopes, cues: Cues) -> None:
        self.found, self.scopes, self.cues = found, scopes, cues
        self.known = scopes.known
        self.groups = groups_of_sections(found, self.known, cues.code)
        self.sections = len({one.cause for one in found if one.cause})

    def all(self) -> list[Judged]:
        return [one for passage in self.found for one in self._passage(passage)]

    def _passage(self, passage: Passage) -> list[Judged]:
        whole = mentions(passage.text, self.known, self.cues, passage.kind == "heading")
        found = []
        for start, end in sentences(passage, self.cues):
            mine = [one for one in whole if start <= one.start < end]
            sentence = _Sentence(self, passage, start, end, mine)
            verdicts = tuple(sentence.verdict(one) for one in mine)
            found.append(Judged(passage, start, end, tuple(mine), verdicts))
        return found


class _Sentence:
    """One sentence on trial: its mentions judged in the light of each other."""

    def __init__(
        self, judge: _Judge, passage: Passage, start: int, end: int, found: list[Mention]
    ) -> None:
        self.known, self.cues, self.scopes = judge.known, judge.cues, judge.scopes
        self.sections = judge.sections
        self.passage, self.start, self.end, self.found = passage, start, end, found
        self.text = passage.text
        self.bound: list[Group] = judge.groups.get(passage.cause, [])
        self.orders = [one.value for one in found if one.kind == "order_id" and one.value]
        self.names = named_in(self.text[start:end], found, self.known)

    def verdict(self, one: Mention) -> tuple[Verdict, str]:
        found: tuple[Verdict, str] = getattr(self, f"_{one.kind}")(one)
        return found

    # -- ids and names ------------------------------------------------------------------------

    def _order_id(self, one: Mention) -> tuple[Verdict, str]:
        if one.value in self.known.rows:
            return "supported", f"defects[{one.value}]"
        if one.value and self.known.has_order(one.value):
            return "contradicted", tr("{key} is not defective", key=f"orders[{one.value}]")
        return "not supported", ""

    def _sku(self, one: Mention) -> tuple[Verdict, str]:
        return self._name(one, "asin" if one.value not in self._own("sku") else "sku")

    def _carrier(self, one: Mention) -> tuple[Verdict, str]:
        return self._name(one, "carrier")

    def _listed_before(self, one: Mention) -> bool:
        """Has a list such as "China Post 47, UPS 2" this name twice?"""
        same = [m for m in self.found if m.kind == one.kind and m.value == one.value]
        return same[0] is not one and all(
            re.match(r"[ :(×x]{1,2}\d", self.text[m.end : m.end + 4]) for m in same
        )

    def _own(self, column: str) -> set[str]:
        return set(self.known.entities.get(column, {}).values())

    def _name(self, one: Mention, column: str) -> tuple[Verdict, str]:
        """A carrier, SKU or ASIN: of the order beside it, of the cause, of the ledgers."""
        if len(self.orders) == 1 and self.orders[0] in self.known.rows:
            return self._of_order(one, column, self.orders[0])
        if one.value is None:
            return "not supported", ""
        if self._listed_before(one):
            return "contradicted", tr("named twice in one list")
        spoken = one.text.casefold() in self.known.ledger_text.casefold()
        if spoken:
            return "supported", "ledger"
        if one.value not in self._own(column):
            return "not supported", ""
        key = f"composition.by.{column}[{one.value}]"
        if self.bound:
            here = self.scopes.of_entities({column: (one.value,)}, self.bound)
            if here.defective or self._compares(one, column):
                return "supported", key
            return "contradicted", tr(
                "{key}: no defective order of {value}", key=self.bound[0].key, value=one.value
            )
        if self.scopes.of_entities({column: (one.value,)}).defective:
            return "supported", key
        return "not supported", key

    def _compares(self, one: Mention, column: str) -> bool:
        """Is it named beside the cause, with a rate or number of its own that holds?"""
        if not self.cues.says("compare", self.text[self.start : self.end]):
            return False
        numbers = [m for m in self.found if m.kind in ("number", "percentage")]
        facts = self.scopes.of_entities({column: (one.value,)}).facts
        return any(fits(m, facts) for m in numbers)

    def _of_order(self, one: Mention, column: str, order_id: str) -> tuple[Verdict, str]:
        key = f"defects[{order_id}].{column}"
        row = self.known.rows[order_id]
        values = {str(row[column])} if row.get(column) is not None else set()
        if column in ("sku", "asin"):
            values |= self.known.order_codes[order_id]
        if one.value in values:
            return "supported", key
        return ("contradicted" if values - {"nan"} else "not supported"), key

    # -- days ---------------------------------------------------------------------------------

    def _date(self, one: Mention) -> tuple[Verdict, str]:
        if one.value is None:
            return "contradicted", tr("no calendar has this day")
        label = self.cues.label("date", self.text)
        if label and label.start("value") <= one.start:
            as_of = self.known.store.as_of
            days = [as_of + timedelta(days=ahead) for ahead in range(SENT_WITHIN + 1)]
            held = any(same_day(one.value, day) for day in days)
            return ("supported" if held else "contradicted"), "as_of"
        if self.passage.kind == "row" and self.orders:
            return self._row_date(one)
        measure = self._measure_named()
        if measure is not None and measure.date and self._is_its_day(one, measure.date):
            held = same_day(one.value, measure.date)
            return ("supported" if held else "contradicted"), measure.key
        for known, key in self._days_here():
            if same_day(one.value, known):
                return "supported", key
        if measure is not None:
            return "contradicted", measure.key
        return "not supported", ""

    def _is_its_day(self, one: Mention, day: date) -> bool:
        """Is it the one day of a sentence that tells a measure, which is of that day?"""
        if self.orders:
            return False
        told = self.passage.part in ("corrective", "preventive")
        if not told and self.passage.kind != "row":
            return False
        days = [m for m in self.found if m.kind == "date"]
        return days[0] is one and not any(same_day(m.value, day) for m in days[1:])

    def _row_date(self, one: Mention) -> tuple[Verdict, str]:
        """A day beside one order in a table: that of its column, else any of the order's own."""
        role = self._role(one)
        key = f"defects[{self.orders[0]}]"
        mine = self.known.order_days.get(self.orders[0], {})
        if role == "day":
            days = set(mine.get("day", ()))
        elif role == "dated":
            days = {day.date() for day in self._evidence_days()}
        elif role == "remedy":
            days = set(mine.get("costs.date", ())) | set(mine.get("evidence.dated", ()))
        else:
            days = {day for group in mine.values() for day in group}
        if any(same_day(one.value, day) for day in days):
            return "supported", f"{key}.{role or 'day'}"
        if role not in ("day", "remedy") and self._measure_day(one):
            return "supported", "ledger.measures"
        return "contradicted", f"{key}.{role or 'day'}"

    def _measure_day(self, one: Mention) -> bool:
        return any(m.date and same_day(one.value, m.date) for m in self.known.measures)

    def _role(self, one: Mention) -> str:
        for role, (start, end) in zip(self.passage.columns, self.passage.cells, strict=False):
            if start <= one.start < end:
                return role
        return ""

    def _days_here(self) -> list[tuple[date, str]]:
        """Days that this sentence may name: of its orders, of its cause, of the whole store."""
        own = [
            (day, f"defects[{name}].{column}")
            for name in self.orders[:3]
            for column, days in self.known.order_days.get(name, {}).items()
            for day in sorted(days)
        ]
        named: list[tuple[date, str]] = []
        if self.names:
            rows = self.scopes.of_entities(self.names.values, self.bound).rows
            bad = rows[rows["defective"]]
            if len(bad):
                edges = (bad["day"].min().date(), bad["day"].max().date())
                named = [(day, "defects[].day") for day in edges]
                named += [
                    (day, "ledger.costs") for day in _edges(paid_days(self.known, bad["order_id"]))
                ]
        files = [(value.date(), "ledger.evidence") for value in self._evidence_days()]
        if not self.bound and not own and self._is_about_the_rate():
            return [*self.known.window_days.items()]
        groups = self.bound or self.known.groups
        causes = [day for group in groups for day in self.known.group_days[group.key]]
        return [*own, *named, *files, *self.known.days.items(), *causes]

    def _is_about_the_rate(self) -> bool:
        """Outside of the causes, a sentence on the rate speaks of its window."""
        nouns = self.cues.nouns.finditer(self.text, self.start, self.end)
        return any(match.lastgroup == "rate" for match in nouns)

    def _evidence_days(self) -> list[Any]:
        """Days of the files that the sentence or row names."""
        rows = self.known.store.evidence
        if rows is None:
            return []
        said = self.text[self.start : self.end].casefold()
        rows = rows[rows["order_id"].isin(self.orders)]
        mine = [str(name).casefold() in said for name in rows["document"].astype("str")]
        return list(rows.loc[mine, "dated"].dropna())

    def _measure_named(self) -> Measure | None:
        """The measure whose id, record or words stand in the sentence, or in its item."""
        said = measure_of(self.text[self.start : self.end], self.known.measures)
        if said is None and self.passage.kind == "item":
            return measure_of(self.text, self.known.measures)
        return said

    # -- numbers ------------------------------------------------------------------------------

    def _percentage(self, one: Mention) -> tuple[Verdict, str]:
        pair = self._quotient(one)
        if pair is not None:
            held = rounds(100 * pair, one)
            facts = [Fact("share", SHARE, pair, tr("the two numbers before it"))]
            return ("supported", facts[0].key) if held else ("contradicted", facts[0].key)
        said = self.text[self.start : self.end]
        facts = [fact for fact in self._facts(one) if fact.sort in (RATE, SHARE)]
        hit = fits(one, facts)
        if hit:
            return "supported", hit.key
        key = self._in_ledger(one)
        if key:
            return "supported", key
        rates = [m for m in self.cues.nouns.finditer(said) if m.lastgroup in ("rate", "share")]
        nearest = next(iter(facts), None)
        return ("contradicted", nearest.key) if rates and nearest else ("not supported", "")

    def _quotient(self, one: Mention) -> float | None:
        """The share that "47 of 105" before a percentage makes."""
        numbers = [
            m for m in self.found
            if m.kind == "number" and m.end <= one.start and one.start - m.start <= NEAR
        ]  # fmt: skip
        if len(numbers) < 2:
            return None
        first, second = numbers[-2:]
        gap = self.text[first.end : second.start]
        asian = re.match(r"\s*件?(?:の)?(?:中|うち|のうち)", gap)
        between = self.text[second.end : one.start]
        if re.search(r"[.;。；]", between) or len(between) > 34 or not second.value:
            return None
        if asian:
            return second.value / first.value if first.value >= second.value > 0 else None
        said = re.match(r"\s*(?:of|out of|von|sur|su|de|/)\s+(?:[^\W\d]+\s+){0,3}$", gap)
        # The share must be told right after: "47 of 105 (44.8 %)".
        told = re.match(r"[^,:]{0,24}[(（=]\s*$", between)
        return first.value / second.value if said and told and first.value <= second.value else None

    def _number(self, one: Mention) -> tuple[Verdict, str]:
        if self.passage.kind == "row" and len(self.orders) == 1:
            return self._row_number(one)
        noun = noun_of(self.text, one, self.found, self.cues)
        measure = self._measure_named()
        if measure is not None:
            told = self._told_by(measure, one)
            if told is not None:
                return ("supported" if told else "contradicted"), measure.key
        if self._is_money(one):
            facts = [fact for fact in self._facts(one) if fact.sort == MONEY]
            hit = fits(one, facts)
            return self._or_ledger(one, hit, facts)
        if noun in UNITS:
            key = policy_number(noun, one) or self._in_ledger(one)
            return ("supported", key) if key else ("not supported", "")
        if noun == "causes":
            counts = {len(self.known.groups), len(self.known.facts.causes), self.sections}
            held = one.value in counts or one.value in {n - 1 for n in counts}
            return ("supported" if held else "contradicted"), "causes"
        facts = [fact for fact in self._facts(one) if fact.sort == COUNT]
        if noun in KIND_NOUNS:
            wanted = ("defective", "several", "met") if noun == "defective" else (noun,)
            facts = [fact for fact in facts if fact.noun in wanted]
        elif self._is_listed(one):
            facts = [fact for fact in facts if fact.noun in ("defective", "orders")]
        hit = fits(one, facts)
        certain = noun in KIND_NOUNS or bool(self.names)
        certain = certain or (noun == "orders" and is_whole(self.text, one, self.cues.code))
        return self._or_ledger(one, hit, facts, certain)

    def _is_listed(self, one: Mention) -> bool:
        """Does a name stand right before the number, as in "China Post 47"?"""
        return any(
            name.kind in ("carrier", "sku") and not self.text[name.end : one.start].strip(" :(×x")
            for name in self.found
            if name.end <= one.start
        )

    def _told_by(self, measure: Measure, one: Mention) -> bool | None:
        """Is it the number that the measure's own words have before the same word? None if none."""
        after = re.match(r"\s*([^\W\d_]+|%)", self.text[one.end :])
        if not after or self.passage.kind == "row":
            return None
        words = f"{measure.what} {measure.frequency} {measure.threshold} {measure.setting}"
        pattern = rf"(\d+(?:[.,]\d+)?)\s*{re.escape(after[1])}"
        told = [
            float(value.replace(",", ".")) for value in re.findall(pattern, words, re.IGNORECASE)
        ]
        return one.value in told if told else None

    def _or_ledger(
        self, one: Mention, hit: Fact | None, facts: list[Fact], certain: bool = True
    ) -> tuple[Verdict, str]:
        if hit:
            return "supported", hit.key
        key = self._in_ledger(one)
        if key:
            return "supported", key
        return ("contradicted", facts[0].key) if facts and certain else ("not supported", "")

    def _row_number(self, one: Mention) -> tuple[Verdict, str]:
        """A number in the row of one order: its files, its value, its refund, its quantity."""
        order_id = self.orders[0]
        row = self.known.rows.get(order_id)
        if row is None:
            return "not supported", ""
        role = self._role(one)
        if role == "files":
            held = one.value == files_of(self.known.store, order_id)
            return ("supported" if held else "contradicted"), f"evidence.orders[{order_id}]"
        costs = self.known.store.costs
        values = {float(row["value"]), float(row["quantity"])}
        if costs is not None:
            values |= {
                float(v) for v in costs.loc[costs["order_id"].eq(order_id), "amount"].dropna()
            }
        if any(rounds(value, one) for value in values):
            return "supported", f"defects[{order_id}].value"
        return "not supported", f"defects[{order_id}]"

    def _is_money(self, one: Mention) -> bool:
        around = (
            self.text[max(0, one.start - 5) : one.start] + " " + self.text[one.end : one.end + 5]
        )
        return bool(money_pattern().search(around.casefold()))

    def _facts(self, one: Mention) -> list[Fact]:
        """
        What this number may be: of the parts its clause names, else of its cause, else of the
        window; a number that others are a part of may be the window's anywhere.
        """
        start, end = clause_of(self.text, one.start, one.end)
        if self.passage.kind == "row":
            start, end = self.start, self.end
        near = [m for m in self.found if start <= m.start < end]
        names = named_in(self.text[start:end], near, self.known) or self.names
        found = self._of_names(names) if names else []
        if not names or self._is_the_cause(names):
            for group in self.bound or self.known.groups:
                found += self.scopes.of_group(group)
        whole = self.scopes.whole()
        if not found or not (self.bound or names) or is_whole(self.text, one, self.cues.code):
            return found + whole
        return found + [fact for fact in whole if fact.noun in ("limit", "related")]

    def _is_the_cause(self, names: Named) -> bool:
        """Are the names those that the bound cause itself has?"""
        wheres = [
            where
            for group in self.bound
            if group.cause is not None
            for where in (group.cause.where, *group.cause.same_as)
        ]
        return any(
            all(values == (str(where.get(column)),) for column, values in names.values.items())
            for where in wheres
        )

    def _of_names(self, names: Named) -> list[Fact]:
        """Facts of what is named: all together, and each value by itself; in the cause first."""
        parts = [names.values]
        if len(names.values) > 1 or any(len(values) > 1 for values in names.values.values()):
            parts += [{c: (value,)} for c, values in names.values.items() for value in values]
        found: list[Fact] = []
        for part in parts:
            if self.bound:
                found += self.scopes.of_entities(part, self.bound).facts
            apart = self.scopes.of_entities(part).facts
            # In a cause's own part its orders count; of the rest of the business, sizes and rates.
            found += [f for f in apart if not self.bound or f.noun in ("orders", "rate", "share")]
        return found

    def _in_ledger(self, one: Mention) -> str:
        """Is it a number of a ledger's own words? Of the measure the sentence speaks of, first."""
        said = f"{one.value:.10g}"
        key = self.known.ledger_numbers.get(said, "")
        if one.kind == "percentage" or not key:
            return key
        # A bare number of another measure proves nothing here.
        measure = self._measure_named()
        if measure is not None:
            return measure.key if key == measure.key or key.startswith("ledger.s") else ""
        noun = noun_of(self.text, one, self.found, self.cues)
        return key if noun in UNITS or self._is_money(one) else ""


def _edges(days: list[date]) -> list[date]:
    return [min(days), max(days)] if days else []
