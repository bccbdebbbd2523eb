"""The rivals' own environment, made on first use."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE / ".venv"
WANTED = HERE / "requirements.txt"
DONE = FOLDER / "installed.txt"


def rival_python() -> Path:
    """The interpreter of benchmarks/rivals/.venv, with what requirements.txt asks for."""
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not DONE.exists() or DONE.read_text() != WANTED.read_text():
        print(f"Installing the rivals into {FOLDER} (about 1 GB, once) …", flush=True)
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", WANTED], check=True)
        DONE.write_text(WANTED.read_text())
    return python
