"""Damage: what disks, mail programs and people do to a file, as a function of one number."""

from __future__ import annotations

import io
import random
import re
import zipfile

PIECES = (b"<", b">", b"/>", b"9" * 30, b"-1", b"\0", b"&#0;", b'""', b"\r", b"e9", b"[", b"(",
          b"\\ud800", b"\xff", b"\t", b";", b"\n")  # fmt: skip
VALUES = (b"0", b"-1", b"99999999999999", b'""', b"<a", b"1e999", b"nan")
VALUE = re.compile(rb'\d+|"[^"]*"|<[a-z:]+')


def damaged(data: bytes, seed: int) -> bytes:
    """The file with some bytes changed; of an archive, with some bytes of one of its parts."""
    luck = random.Random(seed)
    if data[:2] == b"PK" and luck.random() < 0.9:
        return _one_part(data, luck)
    return _bytes(data, luck)


def _bytes(data: bytes, luck: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(luck.randint(1, 6)):
        if not out:
            break
        at, to = luck.randrange(len(out)), luck.randrange(len(out))
        match luck.randrange(5):
            case 0:
                out[at] = luck.randrange(256)
            case 1:
                del out[at : at + luck.randint(1, 40)]
            case 2:
                out[to:to] = out[at : at + luck.randint(1, 60)]
            case 3:
                out[at:at] = luck.choice(PIECES)
            case 4:
                if found := list(VALUE.finditer(bytes(out))):
                    one = luck.choice(found)
                    out[one.start() : one.end()] = luck.choice(VALUES)
    return bytes(out)


def _one_part(data: bytes, luck: random.Random) -> bytes:
    """The archive packed anew, with one part damaged or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        hit, gone = luck.choice(old.namelist()), luck.random() < 0.15
        for name in old.namelist():
            if name != hit:
                new.writestr(name, old.read(name))
            elif not gone:
                new.writestr(name, _bytes(old.read(name), luck))
    return out.getvalue()
