"""
Wording: a notice as plain sentences and list items, whatever it was pasted from.

Quotation marks, bullets, wrapped lines, soft hyphens, full-width letters and mail headers are taken
away, so that phrases can be looked for in what was meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MARKS = str.maketrans(
    dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad\u200e\u200f*_`#|•")
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("’‘‛ʼ´′", "'")
    | dict.fromkeys("“”„‟«»", '"')
)
_CJK = "\u3005-\u30ff\u3400-\u9fff"
KANA = re.compile("[\u3041-\u30ff]")
HAN = re.compile("[\u3400-\u9fff]")
_ITEM = re.compile(
    r"^(?:[-–—−*•·‣▪◦○●■□・※►➢✓+~]+|\(?\d{1,2}[.)、]|\(?[a-z][.)]|[①-⑳]|\(?[ivx]{1,4}[.)])\s*(?=\S)",
    re.I,
)
_QUOTED = re.compile(r"^(?:\s{0,8}[>|＞]\s?){1,20}")
_HEADER = re.compile(
    r"^\s*(?:from|to|cc|bcc|date|sent|reply-to|message-id|von|an|gesendet|datum|kopie"
    r"|差出人|宛先|送信日時|日付|发件人|收件人|发送时间|日期|抄送)\s*[:：]",
    re.I,
)
# How a line begins that goes on with no line before it, though no full stop stands there.
_OPENS = re.compile(
    r"(?:If|Please|Your account|You can|You may|To |We |This |Until|Once|Thank|Sincerely|Regards"
    r"|Greater|More detail|The root|The actions?|The steps?|Wenn|Falls|Bitte|Sie können|Ihr Konto"
    r"|Wir |Diese|Sobald|Mit freundlichen|Weitere|Ausführlichere|Die Maßnahmen|Die Schritte"
    r"|Die (?:Grundu|U)rsache|最初の|上記|なお|期限|今後|ご不明|よろしく"
    r"|如果|若|请|您可以|此致|我们|谢谢)"
)
_RULE = re.compile(r"^[\s=_*~-]{4,}$")
# A full stop ends a sentence where a blank follows and no single letter or number stands before it.
_END = re.compile(
    r"(?<=[^\W\d_]{2}[.!?])\s+|(?<=[%)\d\"'][.!?])\s+(?=[A-ZÄÖÜ])|(?<=[。！？；])\s*|;\s+"
)
_LONG = 1_500


def plain(text: str) -> str:
    """
    Text as phrases are compared: NFKC, lower case, plain marks, single blanks, none within CJK.

    >>> plain("The root cause(s) of  “late”\u00a0receipt – １４ days")
    'the root causes of "late" receipt - 14 days'
    >>> plain("根本 原因"), plain("Maßnahmen")
    ('根本原因', 'massnahmen')
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_MARKS)
    text = re.sub(r"\((s|n|en|e)\)", r"\1", text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(rf"(?<=[{_CJK}、。]) (?=[{_CJK}、。\d])|(?<=\d) (?=[{_CJK}])", "", text).strip()


def units(text: str) -> list[str]:
    r"""
    The sentences and list items of a text, plain, in order, without mail headers.

    >>> units("> From: A\n> We need:\n> - the root cause\n>   of late orders\n> - proof. Thanks.")
    ['we need:', 'the root cause of late orders', 'proof.', 'thanks.']
    """
    found = []
    for paragraph in _paragraphs(text):
        for sentence in _END.split(paragraph):
            said = plain(sentence)
            found += [said[at : at + _LONG] for at in range(0, len(said), _LONG)]
    return found


def _paragraphs(text: str) -> Iterator[str]:
    """Runs of lines that belong together: wrapped lines joined, each list item on its own."""
    # Quoted-printable text that was pasted as it is, and words cut at the line's end.
    text = re.sub(r"=\r?\n|\xad\r?\n", "", text)
    open_lines: list[str] = []
    for raw in re.split(r"\r\n|[\n\r\u2028\u2029\x0b\x0c]", text):
        line = _QUOTED.sub("", raw).strip()
        if not line or _RULE.match(line) or _HEADER.match(line):
            yield from _joined(open_lines)
            open_lines = []
            continue
        item = _ITEM.match(line)
        ended = open_lines and open_lines[-1].endswith((":", "："))
        if item or ended or _OPENS.match(line):
            yield from _joined(open_lines)
            open_lines = []
        open_lines.append(line[item.end() :] if item else line)
    yield from _joined(open_lines)


def _joined(lines: list[str]) -> Iterator[str]:
    if lines:
        yield " ".join(lines)
