"""The cells of a small notebook that stands for the report notebook."""

PARAMETERS = """store: str = ""
as_of: str = ""
profile: str = ""
language: str = ""
out: str = "."
"""
FACTS = """
import json
from pathlib import Path
counts = {"orders": 1200, "defective": 14, "rate": 14 / 1200, "status": "over"}
brief = {"orders": 0, "defective": 0, "rate": None, "status": "unknown"}
facts = {
    "as_of": as_of or "2026-03-01",
    "parameters": [store, as_of, profile, language, out],
    "profiles": {
        "amazon": dict.fromkeys(("all", "mfn", "afn"), counts),
        "brief": dict.fromkeys(("all", "mfn", "afn"), brief),
    },
    "causes": [{"where": {"carrier": "<USPS>"}, "orders": 300, "defective": 9}],
}
Path(out, "facts.json").write_text(json.dumps(facts))
"""
END = "from odrlib.report import end\nend()"
