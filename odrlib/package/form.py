"""Form: a file as it goes into the package, and what was done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Form:
    """
    A file as it goes into the package.

    Parameters
    ----------
    data : its bytes; `ending` : of its name, without the dot
    done : what was done to it, in words of the manifest, which are never translated
    masked : kind of personal data -> how many were masked
    unseen : why nothing could be masked in it; "" if its text was searched
    lost : what of the original is not in it: an English template, and the `kind` that stands in it
    """

    data: bytes = field(repr=False)
    ending: str
    done: tuple[str, ...] = ()
    masked: Mapping[str, int] = field(default_factory=dict)
    unseen: str = "a picture: what it shows cannot be masked here"
    lost: tuple[tuple[str, str], ...] = ()
