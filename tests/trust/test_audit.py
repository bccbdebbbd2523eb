"""The audit of the packages: what is found fails, and a silent service is not called healthy."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

judged = runpy.run_path(str(Path(__file__).parents[2] / ".ci" / "audit.py"))["judged"]
WEAK = {"name": "a", "version": "1", "vulns": [{"id": "GHSA-1"}]}
SOUND = {"name": "b", "version": "1", "vulns": []}
SKIPPED = {"name": "c", "skip_reason": "not found"}


def said(*packages):
    return json.dumps({"dependencies": packages})


def test_a_known_weakness_fails_unless_a_reason_is_given():
    told = "audited: 2 packages, 1 not known to the service"

    assert (1, f"a 1: GHSA-1\n{told}") == judged(said(WEAK, SOUND, SKIPPED), {})
    assert (1, f"a 1: GHSA-1\n{told}") == judged(said(WEAK, SOUND, SKIPPED), {"GHSA-1": ""})
    assert (0, told) == judged(said(WEAK, SOUND, SKIPPED), {"GHSA-1": "only its server"})


def test_where_nothing_was_looked_up_it_says_so():
    for silent in ("", "null", said(), said(SKIPPED, SKIPPED)):
        assert (0, "not audited: no service reached") == judged(silent, {})
