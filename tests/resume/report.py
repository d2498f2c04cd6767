"""Runs every `tests/resume/*/crash.py` that there is, one after the other: `python -m tests.resume.report`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """All reports below one another; 1 when anything is wrong in one of them."""
    wrong = 0
    for path in sorted(HERE.glob("*/crash.py")):
        name = path.parent.name
        print(f"{name}: python -m tests.resume.{name}.crash", flush=True)
        done = subprocess.run([sys.executable, "-m", f"tests.resume.{name}.crash"])
        wrong = max(wrong, done.returncode)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
