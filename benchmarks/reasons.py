"""
How fast texts are coded, beside a loop that tries one regular expression for each cue.

    python benchmarks/reasons.py                  100,000 texts, half of them said before
    python benchmarks/reasons.py --texts 20000

The loop tries the cues that are plain words (no gap, no group), which is less work than ours.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from odrlib.reasons import classify_reasons
from odrlib.reasons.lexicon import LANGUAGES, lexicon
from odrlib.reasons.themes import data

WORDS = re.findall(
    r"\w+",
    "the a my it was and not is very box arrived broken late never package seller refund item "
    "color wrong works good after days ordered size small return tracking number still waiting for",
)


def texts(count: int, seed: int) -> list[str]:
    """Made-up texts of 4 to 20 words, half of them repeated."""
    random = np.random.default_rng(seed)
    new = [
        " ".join(random.choice(WORDS, size=random.integers(4, 21)))
        for _ in range(max(count // 2, 1))
    ]
    return [*new, *new][:count]


def plain_cues() -> list[re.Pattern[str]]:
    """The cues of all languages that are words only."""
    cues = {
        cue
        for code in LANGUAGES
        for lines in data(f"cues/{code}")["themes"].values()
        for cue in lines.split("\n")
        if cue and not re.search(r"[(){}*#~.]", cue)
    }
    return [re.compile(rf"\b{re.escape(cue)}\b", re.IGNORECASE) for cue in sorted(cues)]


def main() -> None:
    """Print the seconds of both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100_000)
    count = parser.parse_args().texts
    start = time.process_time()
    lexicon()
    print(f"cues read in {time.process_time() - start:.2f} s")
    said = texts(count, seed=1)
    start = time.process_time()
    classify_reasons(said)
    ours = (time.process_time() - start) / count
    cues, few = plain_cues(), said[: max(count // 100, 1)]
    start = time.process_time()
    for text in few:
        for cue in cues:
            cue.search(text)
    loop = (time.process_time() - start) / len(few)
    print(f"odrlib.reasons   {1e6 * ours:8.0f} µs a text, {ours * count:.1f} s for {count:,}")
    print(f"loop of {len(cues)} cues {1e6 * loop:8.0f} µs a text; ratio {loop / ours:.1f}")


if __name__ == "__main__":
    main()
