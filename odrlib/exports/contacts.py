"""Contacts: how somebody can be reached stops at the door, whatever column it stands in."""

from __future__ import annotations

import re

_EMAIL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}[@＠][\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
_PHONE = r"[+＋]\s?\d(?:[\s().·/-]{0,3}\d){7,14}"
# What stands in its place.
AN_EMAIL, A_PHONE = "[e-mail]", "[phone]"
# The sign without which there is none, how one is written, what is said instead.
CONTACTS = (("@", _EMAIL, AN_EMAIL), ("+", _PHONE, A_PHONE))


def without_contacts(text: str) -> str:
    """
    The text without e-mail addresses and telephone numbers.

    >>> without_contacts("Write to ann@example.com or call +49 171 123-4567.")
    'Write to [e-mail] or call [phone].'
    """
    for mark_, pattern, said in CONTACTS:
        if mark_ in text or chr(ord(mark_) + 0xFEE0) in text:
            text = re.sub(pattern, said, text)
    return text
