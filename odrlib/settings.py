"""store.toml: what the analyst says about a store, checked key by key."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odrlib.errors import BadStore
from odrlib.exports.limits import LARGEST_SETTINGS
from odrlib.finding import Finding, Place
from odrlib.languages import LANGUAGES, mark, speaking, tr
from odrlib.languages import language as spoken
from odrlib.policy import CHANNELS, LAG_DAYS, MARKETPLACES, PROFILES

T = TypeVar("T")
FILE = "store.toml"
EVIDENCE = "evidence"  # the folder beside it with a folder for each order
ALIASES = {"GB": "UK", "EN": "UK", "UAE": "AE", "KSA": "SA"}
# The id names folders of the output, so it can hold nothing that a path could turn on.
SAFE_ID = re.compile(r"\w[\w.-]{0,99}", re.UNICODE)
MOST_BYTES = 200  # of a name; systems allow 255
DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9¹²³]", re.IGNORECASE)  # of Windows
BESIDE = (".", ".html", ".json", ".jsonl", ".csv", ".log")
_LANGUAGE = re.compile(r'^\s*language\s*=\s*["\'](\w+)["\']', re.MULTILINE)
ACCOUNT = {"status", "since", "restrictions", "notice_date", "deadline", "quiz_offered", "note"}
AMAZON = {"orders", "defective", "rate", "first", "last", "claims", "chargebacks", "channel"}
AMAZON |= {"negative_feedback"}


@dataclass(frozen=True)
class Settings:
    """
    The keys of store.toml, with their defaults.

    `account` and `amazon` hold the tables of the same name; `columns` maps a file pattern to
    `{our column: their header}`; `findings` tells of keys that could not be used.
    """

    id: str
    marketplace: str
    name: str = ""
    seller_id: str = ""
    client: str = ""
    timezone: str = "UTC"
    language: str = "en"
    profile: str = "amazon"
    lag_days: int = LAG_DAYS
    count_cancelled: bool = False
    categories: tuple[str, ...] = ()
    account: Mapping[str, Any] = field(default_factory=dict)
    amazon: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        """The store's name, or its id."""
        return self.name or self.id


def read_settings(folder: Path, language: str = "") -> Settings:
    """
    The settings in `folder/store.toml`; BadStore names the key, what was there, what to do.

    What is said about them is said in `language`, or in the store's own where it names one.
    """
    with speaking(language or language_of(folder) or spoken()):
        return _checked(_keys(folder), folder / FILE)


def language_of(folder: Path) -> str:
    """
    The language of a store, found although its store.toml may be unreadable otherwise.

    Empty if there is no store.toml; English if it names no language that is spoken here.
    """
    try:
        if not (folder / FILE).is_file():  # a pipe would never end
            return ""
        with open(folder / FILE, "rb") as file:
            text = file.read(LARGEST_SETTINGS).decode("utf-8", errors="replace")
    except OSError:
        return ""
    named = _LANGUAGE.search(text)
    return named[1] if named and named[1] in LANGUAGES else Settings.language


def _keys(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not folder.is_dir():
        raise BadStore(
            tr("{folder}: no such folder; `odr init {folder}` makes a store folder", folder=folder)
        )
    if not path.is_file():
        raise BadStore(
            tr("{folder}: no {file} in it; `odr init {folder}` writes one to fill in",
               folder=folder, file=FILE)
        )  # fmt: skip
    if path.stat().st_size > LARGEST_SETTINGS:
        raise BadStore(
            tr("{path}: {bytes:,} bytes are too many; `odr init` writes one to fill in",
               path=path, bytes=path.stat().st_size)
        )  # fmt: skip
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadStore(
            tr("{path}: not UTF-8 (byte {byte}); save it as UTF-8", path=path, byte=error.start)
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        # Not only what is no TOML: also numbers of thousands of digits, days that no calendar has.
        raise BadStore(
            tr("{path}: {error}; text values need quotes", path=path, error=error)
        ) from error


def _checked(keys: dict[str, Any], path: Path) -> Settings:
    known = set(Settings.__dataclass_fields__) - {"findings"}
    findings = [
        _unknown_key(
            key, known, tr("{file} has the key {key!r}, which means nothing here.",
                           file=FILE, key=key)
        )
        for key in keys
        if key not in known
    ]  # fmt: skip
    for table, allowed in (("account", ACCOUNT), ("amazon", AMAZON)):
        value = _kind(path, keys, table, dict, {})
        findings += [
            _unknown_key(
                key, allowed, tr("{file} has the key {key!r} in [{table}], which means nothing "
                                 "here.", file=FILE, key=key, table=table)
            )
            for key in value
            if key not in allowed
        ]  # fmt: skip
    return Settings(
        id=_id(path, keys),
        marketplace=_marketplace(path, keys),
        name=_kind(path, keys, "name", str, ""),
        seller_id=_kind(path, keys, "seller_id", str, ""),
        client=_kind(path, keys, "client", str, ""),
        timezone=_timezone(path, keys),
        language=_choice(path, keys, "language", tuple(LANGUAGES), "en"),
        profile=_choice(path, keys, "profile", tuple(PROFILES), "amazon"),
        lag_days=_lag(path, keys),
        count_cancelled=_kind(path, keys, "count_cancelled", bool, False),
        categories=tuple(str(c) for c in _kind(path, keys, "categories", list, [])),
        account=_kind(path, keys, "account", dict, {}),
        amazon=_amazon(path, _kind(path, keys, "amazon", dict, {})),
        columns=_columns(path, keys),
        findings=tuple(findings),
    )


def _unknown_key(key: str, known: set[str], message: str) -> Finding:
    to_do = tr("Check the spelling; the keys are {keys}.", keys=", ".join(sorted(known)))
    return Finding("unknown-setting", "warning", message, to_do, Place(FILE, value=key))


def _kind(path: Path, keys: Mapping[str, Any], key: str, kind: type[T], default: T) -> T:
    value: Any = keys.get(key, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadStore(
            tr("{path}: {key} = {value!r} is not {kind}",
               path=path, key=key, value=value, kind=tr(_NAMES[kind]))
        )  # fmt: skip
    return value


_NAMES = {
    str: mark("a text in quotes"),
    bool: mark("true or false"),
    int: mark("a whole number"),
    list: mark("a list"),
    dict: mark("a table"),
}


def _choice(
    path: Path, keys: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str
) -> str:
    value = _kind(path, keys, key, str, default) or default
    if value not in choices:
        raise _not_among(path, key, value, choices)
    return value


def _not_among(path: Path, key: str, value: str, choices: Iterable[str]) -> BadStore:
    return BadStore(
        tr("{path}: {key} = {value!r}; choose one of {choices}",
           path=path, key=key, value=value, choices=", ".join(choices))
    )  # fmt: skip


def _id(path: Path, keys: Mapping[str, Any]) -> str:
    # The same letters in another spelling are the same folder on some systems.
    value = unicodedata.normalize("NFC", _kind(path, keys, "id", str, ""))
    if not _names_a_folder(value):
        raise BadStore(
            tr("{path}: id = {value!r}; every store needs an id of letters, digits, '.', '_' and "
               "'-'", path=path, value=value)
        )  # fmt: skip
    return value


def _names_a_folder(id_: str) -> bool:
    """Can a folder have that name on every system, and be no file that is written beside it?"""
    taken = DEVICES.fullmatch(id_.partition(".")[0]) or id_.casefold().endswith(BESIDE)
    return SAFE_ID.fullmatch(id_) is not None and len(id_.encode()) <= MOST_BYTES and not taken


def _marketplace(path: Path, keys: Mapping[str, Any]) -> str:
    value = _kind(path, keys, "marketplace", str, "").strip()
    code = ALIASES.get(value.upper(), value.upper())
    by_id = {row["id"]: code for code, row in MARKETPLACES.items()}
    by_site = {row["site"].casefold(): code for code, row in MARKETPLACES.items()}
    code = by_id.get(value, by_site.get(value.casefold(), code))
    if code not in MARKETPLACES:
        raise _not_among(path, "marketplace", value, MARKETPLACES)
    return code


def _timezone(path: Path, keys: Mapping[str, Any]) -> str:
    value = _kind(path, keys, "timezone", str, "UTC") or "UTC"
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadStore(
            tr("{path}: timezone = {value!r} is not a time zone; write UTC or Asia/Tokyo",
               path=path, value=value)
        ) from error  # fmt: skip
    return value


def _lag(path: Path, keys: Mapping[str, Any]) -> int:
    value = _kind(path, keys, "lag_days", int, LAG_DAYS)
    if not 0 <= value <= 60:
        raise BadStore(
            tr("{path}: lag_days = {value}; a number of days from 0 to 60", path=path, value=value)
        )
    return value


def _amazon(path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """The [amazon] table with `first` and `last` as dates and counts as whole numbers."""
    checked = dict(table)
    for key in ("first", "last"):
        if key in table:
            checked[key] = _day(path, f"amazon.{key}", table[key])
    for key in ("orders", "defective", "claims", "chargebacks", "negative_feedback"):
        if key in table and (_kind(path, table, key, int, 0) < 0):
            raise BadStore(
                tr("{path}: amazon.{key} = {value!r} is below zero",
                   path=path, key=key, value=table[key])
            )  # fmt: skip
    if "rate" in table and not isinstance(table["rate"], (int, float)):
        raise BadStore(
            tr("{path}: amazon.rate = {value!r}; write a share such as 0.0123",
               path=path, value=table["rate"])
        )  # fmt: skip
    if "channel" in table and table["channel"] not in CHANNELS:
        raise _not_among(path, "amazon.channel", table["channel"], CHANNELS)
    if "first" in checked and "last" in checked and checked["first"] > checked["last"]:
        raise BadStore(tr("{path}: amazon.first is after amazon.last", path=path))
    return checked


def _day(path: Path, key: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadStore(
            tr("{path}: {key} = {value!r} is not a day like 2026-03-01",
               path=path, key=key, value=value)
        ) from error  # fmt: skip


def _columns(path: Path, keys: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    tables = _kind(path, keys, "columns", dict, {})
    for pattern, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(v, str) for v in table.values()):
            raise BadStore(
                tr('{path}: [columns."{pattern}"] needs lines such as order_id = "their header"',
                   path=path, pattern=pattern)
            )  # fmt: skip
    return tables


def stores_beside(mine: Path) -> list[Path]:
    """
    The folders of the other stores beside a store's own, by name.

    Among them may be folders that are not ours to open, and links that lead in circles; where all
    of them are not ours to list, no other store is known.
    """
    mine = mine.resolve()
    try:
        around = sorted(mine.parent.iterdir())
    except OSError:
        return []
    # `Path.is_file` and `Path.resolve` raise for folders and links like these.
    return [
        folder
        for folder in around
        if os.path.isfile(folder / FILE) and not os.path.samefile(folder, mine)  # noqa: PTH113, PTH121
    ]
