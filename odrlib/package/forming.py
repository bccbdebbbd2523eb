"""Forming: each chosen file as it goes in, by its kind, read once and checked to be the same."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from zipfile import BadZipFile

import pandas as pd
from PIL import Image

from odrlib.evidence.folder import MEASURES
from odrlib.package import rules
from odrlib.package.choice import Chosen
from odrlib.package.customers import known_customers
from odrlib.package.form import Form
from odrlib.package.masking import Known, Masker, keep_of, known_from
from odrlib.package.papers_apart import Papers
from odrlib.package.pictures import SeveralFrames, picture_form
from odrlib.package.writing import (
    extracted_form,
    extracted_text,
    mail_form,
    mail_names,
    plain_text,
    text_form,
)
from odrlib.store import Store
from odrlib.tables import among

STEPS = len(rules.data("package")["pictures"])
FLOOR = STEPS - 1
# Kinds that a step makes smaller.
STEPPED = frozenset(("image", "pdf"))
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class NotPacked(Exception):
    """The file stays out after all; `why` is a word of [left_out]."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Press:
    """Makes the form of a file at a step; knows what to mask in each order's files."""

    def __init__(self, store: Store, chosen: Sequence[Chosen], papers: Papers) -> None:
        self.papers = papers
        self.marketplace = store.settings.marketplace
        folders = {one.folder for one in chosen} - {MEASURES}
        self.customers = known_customers(store, folders)
        self.numbers = _numbers(store, folders)
        self.known = self._harvested(chosen)

    def _harvested(self, chosen: Sequence[Chosen]) -> dict[str, Known]:
        """Per folder what its own texts give away, beside what the downloads say."""
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for one in chosen:
            found[one.folder] |= self.customers.get(one.folder, frozenset())
            if one.kind == "image" or (one.kind == "text" and one.size > rules.limit("letters")):
                continue
            try:
                text, names = self._text(one, read(one))
            except (NotPacked, *BROKEN):
                continue
            found[one.folder] |= known_from([text]) | {("name", name) for name in names}
        return {folder: frozenset(known) for folder, known in found.items()}

    def _text(self, one: Chosen, raw: bytes) -> tuple[str, list[str]]:
        if one.kind == "mail":
            return mail_names(raw)
        if one.kind == "pdf":
            return self.papers.text(raw), []
        if one.kind == "text":
            return plain_text(raw, self.marketplace), []
        if one.kind in ("page", "workbook", "document"):
            return extracted_text(one.path, one.kind), []
        return "", []

    def masker(self, folder: str, class_: str = "") -> Masker:
        """What to mask in a file of a folder, for what it proves."""
        return Masker(
            self.known.get(folder, frozenset()),
            self.numbers.get(folder, frozenset()) | {folder},
            keep_of(class_),
        )

    def form(self, one: Chosen, step: int) -> Form:
        """The file at a step (0: the best); NotPacked if it cannot go in."""
        masker = self.masker(one.folder, one.class_)
        raw = read(one)
        try:
            if one.kind == "image":
                return picture_form(raw, step)
            if one.kind == "pdf":
                return self.papers.form(raw, step, masker)
            if one.kind == "mail":
                return mail_form(raw, masker)
            if one.kind == "text":
                if one.size > rules.limit("letters"):
                    raise NotPacked("too-large")
                return text_form(raw, one.name, masker, self.marketplace)
            if one.kind == "document" and b"word/media/" in raw:
                raise NotPacked("pictures-inside")
            return extracted_form(one.path, one.kind, masker)
        except SeveralFrames as error:
            raise NotPacked("frames") from error
        except BROKEN as error:
            raise NotPacked("unreadable") from error


# What the libraries raise for a file that is whole enough to be read and not to be written again.
BROKEN = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, RecursionError, RuntimeError,
    SyntaxError, TypeError, ValueError, MemoryError, BadZipFile,
    Image.DecompressionBombError,
)  # fmt: skip


def read(one: Chosen) -> bytes:
    """The bytes of the file that was checked; NotPacked if it is another one by now."""
    try:
        handle = os.open(one.path, os.O_RDONLY | _NO_FOLLOW)
        with open(handle, "rb") as file:
            raw = file.read(one.size + 1)
    except OSError as error:
        raise NotPacked("changed") from error
    if hashlib.sha256(raw).hexdigest() != one.sha256:
        raise NotPacked("changed")
    return raw


def _numbers(store: Store, folders: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The tracking numbers of each order, which stay readable whatever they look like."""
    if store.shipments is None or not folders:
        return {}
    table = store.shipments[["order_id", "tracking_number"]].dropna()
    table = table[among(table["order_id"], pd.Series(sorted(folders), dtype="str"))]
    return {
        str(order_id): frozenset(map(str, rows))
        for order_id, rows in table.groupby("order_id", observed=True)["tracking_number"]
    }
