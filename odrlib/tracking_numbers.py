"""
Tracking numbers: whose they are, whether they can be right, whether they are scanned at the door.

Everything known about numbers and services is data in policy/tracking.toml.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from odrlib import policy

_S10 = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def carrier_of(number: str) -> str | None:
    """
    The carrier whose form this number has; None if no known form fits.

    >>> carrier_of("RB123456785GB"), carrier_of("1Z 5R8 939 03 5756 712 7"), carrier_of("12345")
    ('Royal Mail', 'UPS', None)
    """
    number = _clean(number)
    for carrier, pattern, _, _ in _forms():
        if pattern.fullmatch(number):
            return _table()["s10_posts"].get(number[-2:]) if carrier == "UPU S10" else carrier
    return None


def carriers_of(numbers: pd.Series) -> pd.Series:
    """
    `carrier_of` for a whole column at once; missing where no known form fits.

    >>> list(carriers_of(pd.Series(["LZ123456785CN", "1Z999AA10123456784"])))
    ['China Post', 'UPS']
    """
    clean = _cleaned(numbers)
    names = np.full(len(clean), None, object)
    posts = _table()["s10_posts"]
    for carrier, pattern, _, _ in _forms():
        for at in np.flatnonzero(_fit(clean, pattern.pattern)).tolist():
            if names[at] is None:
                s10 = carrier == "UPU S10"
                names[at] = posts.get(clean[at].as_py()[-2:]) if s10 else carrier
    return pd.Series(names, index=numbers.index, dtype="str")


def valid(number: str, carrier: str | None = None) -> bool | None:
    """
    Is the check digit right? None where no check digit is known for this form.

    With a `carrier`, a number in the form of another one is not valid for it.

    >>> valid("RB123456785GB"), valid("RB123456784GB"), valid("YT2618100710108810")
    (True, False, None)
    >>> valid("RB123456785GB", carrier="China Post")
    False
    """
    number = _clean(number)
    form = next((form for form in _forms() if form[1].fullmatch(number)), None)
    if form is None:
        return None
    known = carrier_of(number)
    if carrier is not None and known is not None and carrier.casefold() != known.casefold():
        return False
    check = form[2]
    return _CHECKS[check](number) if check else None


def tracked_to_door(number: str | None, service: str | None = None) -> bool | None:
    """
    Whether this number, sent by this service, shows the delivery at the door.

    False for ordinary and economy mail (S10 numbers that begin with U or A), for untracked services
    and where there is no number; None where neither the number nor the service is known.

    >>> tracked_to_door("UA123456785CN"), tracked_to_door("RB123456785CN"), tracked_to_door("X77")
    (False, True, None)
    >>> tracked_to_door(None, "China Post 平邮"), tracked_to_door("X77", "Royal Mail Tracked 48")
    (False, True)
    """
    clean = "" if pd.isna(number) else _clean(str(number))
    if not clean:
        return False
    if _S10.fullmatch(clean):
        for answer, letters in ((True, "tracked"), (False, "untracked")):
            if clean[0] in _table()["s10_letters"][letters]:
                return answer
    said = None if pd.isna(service) else _service_tracked(str(service))
    door = any(form[3] and form[1].fullmatch(clean) for form in _forms())
    return said if said is not None else True if door else None


def tracked(numbers: pd.Series, services: pd.Series) -> pd.Series:
    """
    `tracked_to_door` for whole columns at once.

    Parameters
    ----------
    numbers, services : text of the same index, missing where unknown

    Returns
    -------
    Series of nullable booleans with the index of `numbers`
    """
    letters = _table()["s10_letters"]
    clean = _cleaned(numbers)
    held = services.astype("category").array
    said = [_service_tracked(str(word)) for word in held.categories]
    says = np.array([*({True: 1, False: -1, None: 0}[is_] for is_ in said), 0], np.int8)[held.codes]
    s10 = np.flatnonzero(_fit(clean, _S10.pattern))
    ends_at_door = "|".join(f"(?:{pattern.pattern})" for _, pattern, _, door in _forms() if door)
    answer = _fit(clean, ends_at_door).astype(np.int8)
    answer[says != 0] = says[says != 0]
    first = clean.take(pa.array(s10))
    answer[s10[_fit(first, f"[{''.join(letters['tracked'])}].*")]] = 1
    answer[s10[_fit(first, f"[{''.join(letters['untracked'])}].*")]] = -1
    there = pc.fill_null(pc.greater(pc.binary_length(clean), 0), False)
    answer[~there.to_numpy(zero_copy_only=False)] = -1
    return pd.Series(pd.arrays.BooleanArray(answer > 0, answer == 0), index=numbers.index)


def _cleaned(numbers: pd.Series) -> pa.ChunkedArray | pa.Array:
    text = pa.array(numbers.astype("str").array, pa.large_string(), from_pandas=True)
    return pc.replace_substring_regex(pc.utf8_upper(text), r"[\s\-.]+", "")


def _fit(clean: pa.ChunkedArray | pa.Array, pattern: str) -> np.ndarray:
    """Which numbers have this form from end to end; a missing one has none."""
    fits = pc.match_substring_regex(clean, f"^(?:{pattern})$")
    flags: np.ndarray = pc.fill_null(fits, False).to_numpy(zero_copy_only=False)
    return flags


def _clean(number: str) -> str:
    return re.sub(r"[\s\-.]+", "", number).upper()


def _s10(number: str) -> bool:
    # Letters, eight digits and a check digit, letters: `number` fits that already.
    digits = number[2:10]
    rest = 11 - sum(int(d) * w for d, w in zip(digits, _S10_WEIGHTS, strict=True)) % 11
    return int(number[10]) == {10: 0, 11: 5}.get(rest, rest)


def _ups(number: str) -> bool:
    body, check = number[2:-1], number[-1]
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    total = sum(values[0::2]) + 2 * sum(values[1::2])
    return check.isdigit() and int(check) == -total % 10


def _mod10(number: str) -> bool:
    digits = [int(d) for d in number[-22:]]
    return digits[-1] == -(3 * sum(digits[0:21:2]) + sum(digits[1:21:2])) % 10


_CHECKS = {"s10": _s10, "ups": _ups, "mod10": _mod10}


def _table() -> dict[str, Any]:
    return policy.table("tracking")


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str], str | None, bool], ...]:
    """Carrier, pattern, check and door of each form, in the order of policy/tracking.toml."""
    return tuple(
        (row["carrier"], re.compile(row["pattern"]), row.get("check"), row.get("door", False))
        for row in _table()["numbers"]
    )


@cache
def _service_words() -> tuple[tuple[re.Pattern[str], bool], ...]:
    services = _table()["services"]
    order = ((services["untracked"], False), (services["tracked"], True))
    return tuple(
        (re.compile("|".join(map(_word, words)), re.IGNORECASE), answer)
        for words, answer in (*order, (services["economy"], False))
    )


def _word(word: str) -> str:
    """Latin words are looked for as whole words, Chinese and Japanese ones anywhere."""
    plain = re.escape(word)
    return (
        rf"(?<![A-Za-zÀ-ÿ]){plain}(?![A-Za-zÀ-ÿ])" if word.isascii() or word < "\u0250" else plain
    )


@cache
def _service_tracked(service: str) -> bool | None:
    return next((answer for words, answer in _service_words() if words.search(service)), None)
