"""MultiQC: the rate by carrier as a table and bars, and by week as a line, as custom content."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd

orders = pd.read_csv(sys.argv[1], parse_dates=["day"])
target = Path(sys.argv[2])
folder = target.with_suffix(".multiqc")
folder.mkdir()


def content(name: str, kind: str, data: dict) -> None:
    """One section of the page, in the file form MultiQC looks for."""
    whole = {"id": name, "section_name": name, "plot_type": kind, "data": data,
             "pconfig": {"id": f"{name}_plot", "title": f"Orders: {name}"}}  # fmt: skip
    (folder / f"{name}_mqc.json").write_text(json.dumps(whole), encoding="utf-8")


by_carrier = orders.groupby("carrier")["defective"].agg(orders="size", defective="sum")
content("by_carrier", "table", by_carrier.astype(int).to_dict("index"))
content("composition", "bargraph", by_carrier.astype(int).to_dict("index"))
weekly = orders.groupby(orders["day"].dt.to_period("W").dt.start_time)["defective"].mean()
content("weekly", "linegraph", {"rate": {int(i): v for i, v in enumerate(weekly)}})
command = [str(Path(sys.executable).with_name("multiqc")), str(folder), "--quiet",
           "--no-version-check", "-o", str(folder / "out"), "-n", "page.html"]  # fmt: skip
subprocess.run(command, check=True)
(folder / "out" / "page.html").replace(target)
