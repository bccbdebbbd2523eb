"""
Audit: does a package of requirements.lock have a known weakness? Standard library only.

    python3 .ci/audit.py

It runs pip-audit, from the PATH or installed into a folder that is thrown away. Where no service
of advisories answers it says "not audited", which is not "nothing found", and does not fail.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Advisory -> why it does not concern us. An entry without a reason is no entry.
IGNORED = tomllib.loads((ROOT / ".ci" / "audit.toml").read_text(encoding="utf-8"))["ignored"]


def judged(said: str, ignored: dict[str, str]) -> tuple[int, str]:
    """Exit code and what to say, from what pip-audit printed as JSON."""
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 0, "not audited: no service reached"
    looked_at = [each for each in packages if "vulns" in each and "skip_reason" not in each]
    if not looked_at:
        return 0, "not audited: no service reached"
    found = [
        f"{package['name']} {package['version']}: {weakness['id']}"
        for package in looked_at
        for weakness in package["vulns"]
        if not ignored.get(weakness["id"])
    ]
    skipped = len(packages) - len(looked_at)
    told = f"audited: {len(looked_at)} packages, {skipped} not known to the service"
    return (1, "\n".join([*found, told])) if found else (0, told)


def main() -> int:
    """Audit the lock; 1 if there is a known weakness."""
    lock = ("-r", str(ROOT / "requirements.lock"), "--require-hashes", "--disable-pip")
    options = (*lock, "--format", "json", "--progress-spinner", "off")
    with tempfile.TemporaryDirectory() as folder:
        command, environment = shutil.which("pip-audit"), dict(os.environ)
        if command is None:
            pip = (sys.executable, "-m", "pip", "install", "-qqq", "--target", folder)
            if subprocess.run([*pip, "pip-audit"], check=False).returncode:
                sys.stdout.write("not audited: pip-audit could not be installed\n")
                return 0
            environment["PYTHONPATH"] = folder
        start = [command] if command else [sys.executable, "-m", "pip_audit"]
        done = subprocess.run(
            [*start, *options], env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
    code, told = judged(done.stdout, IGNORED)
    sys.stdout.write(f"{told}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
