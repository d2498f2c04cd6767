"""Findings drawn at random over real migrations, to be checked by hand: `python -m tests.corpus.sample FOLDER ...`.

Each folder and rule has its turn, so that the commonest do not crowd out the others; the same seed draws the same
findings. Each is printed as `partway lint` says it in the folder's own mode, with the lines around it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections import defaultdict
from typing import Any

Finding = dict[str, Any]


def findings(folder: str, options: list[str]) -> list[Finding]:
    """What `partway lint` says of a folder, as it is run there."""
    command = [sys.executable, "-m", "partway", "lint", "--format", "json", *options, "."]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode > 1:
        raise SystemExit(f"{folder}: {run.stderr}")
    found: list[Finding] = json.loads(run.stdout)
    return found


def draw(folders: list[str], number: int, seed: int, options: list[str]) -> list[tuple[str, Finding]]:
    """So many findings, the folders and in each the rules taking turns."""
    chance = random.Random(seed)
    piles: dict[str, dict[str, list[Finding]]] = {}
    for folder in folders:
        by_rule: dict[str, list[Finding]] = defaultdict(list)
        for one in findings(folder, options):
            by_rule[one["rule"]].append(one)
        for pile in by_rule.values():
            chance.shuffle(pile)
        if by_rule:
            piles[folder] = dict(by_rule)
    drawn: list[tuple[str, Finding]] = []
    while piles and len(drawn) < number:
        for folder in list(piles):
            rule = chance.choice(sorted(piles[folder]))
            drawn.append((folder, piles[folder][rule].pop()))
            if not piles[folder][rule]:
                del piles[folder][rule]
            if not piles[folder]:
                del piles[folder]
    return drawn[:number]


def shown(folder: str, finding: Finding, around: int) -> str:
    """The finding with the lines before and after it."""
    path = os.path.join(folder, finding["path"])
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    at = finding["range"]["start"]["line"]
    context = [
        f"{'>' if number == at else ' '}{number:5} {lines[number - 1][:200]}"
        for number in range(max(1, at - around), min(len(lines), at + around) + 1)
    ]
    fix = finding["fix"]["applicability"] if finding["fix"] else "none"
    head = f"{path}:{at}: {finding['severity']} {finding['rule']} (fix: {fix})"
    return "\n".join([head, f"  {finding['message']}", f"  help: {finding['help']}", *context])


def main() -> int:
    """Print the findings drawn."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.corpus.sample", description=__doc__.splitlines()[0]
    )
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--around", type=int, default=6, help="lines of context")
    parser.add_argument("--transaction", default="auto", help="as partway lint takes it")
    arguments = parser.parse_args()
    options = ["--transaction", arguments.transaction]
    drawn = draw(arguments.folders, arguments.number, arguments.seed, options)
    for place, (folder, finding) in enumerate(drawn, 1):
        print(f"--- {place}: {shown(folder, finding, arguments.around)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
