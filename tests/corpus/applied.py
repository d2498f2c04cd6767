"""Real migrations run to their end, and held to it: `python -m tests.corpus.applied ENGINE [--before FILE] FOLDER ...`.

The ways up of a folder are run in their order from an empty database of the engine: files in SQL in the transaction
that their tool would open, and written into the tool's books where it keeps any; Rails and Alembic migrations by the
real tool (see `tests.corpus.migrated`, also for FILE). Then `partway status` looks at the folder: all that ran has to
be whole, and nothing half way. A file that the engine refuses (it wants an extension, or another tool's table) does not
count.

With `--url URL FOLDER` nothing is run: a tool has migrated that database to the end, and all that it has recorded has
to be whole.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partway.cli.main import main as partway
from tests.corpus.migrated import run, tool_of
from tests.corpus.replay import ups
from tests.engines.lab import Lab, SqlError, open_lab
from tests.engines.servers import ENGINES
from tests.status.tracking_tables import TOOLS, record


@dataclass
class Result:
    """What became of a folder."""

    code: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def applied(folder: str, lab: Lab, before: str = "") -> Result:
    """Run a folder's ways up, and say how it stands then."""
    tool = tool_of(folder)
    refused = by_tool(folder, tool, lab, before) if tool else in_sql(folder, lab)
    result = stands(folder, lab.url, set(refused))
    result.refused = [f"{os.path.relpath(path, folder)}: {why}" for path, why in refused.items()]
    return result


def by_tool(folder: str, tool: str, lab: Lab, before: str) -> dict[str, str]:
    """Let the tool run them; what was refused, and why."""
    ran = run(folder, tool, lab, before)
    return {os.path.abspath(one.path): one.error for one in ran if one.error}


def in_sql(folder: str, lab: Lab) -> dict[str, str]:
    """Run the statements of files in SQL, and write them into the books; what was refused, and why."""
    lab.fresh()
    refused: dict[str, str] = {}
    ran: dict[str, list[str]] = {}
    for path, tool, turn in ups(folder, lab):
        try:
            with lab.connect() as session:
                for statement in turn.plain if turn.alone else ["BEGIN", *turn.plain, "COMMIT"]:
                    session.run(statement)
            ran.setdefault(tool, []).append(path)
        except SqlError as error:
            refused[os.path.abspath(path)] = str(error).splitlines()[0]
    for tool, paths in ran.items():
        if tool in TOOLS:
            record(lab, tool, paths)
    return refused


def stands(folder: str, url: str, left_out: Collection[str] = ()) -> Result:
    """How a folder stands that has been migrated to its end."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = partway(["status", folder, "--database", url, "--format", "json"])
    result = Result(code)
    documents: list[dict[str, Any]] = json.loads(out.getvalue() or "[]")
    for one in documents:
        verdict = _verdict(one)
        result.verdicts[verdict] += 1
        pending = verdict == "pending" and one["history"]  # as its tool says as well
        if os.path.abspath(one["path"]) not in left_out and verdict != "complete" and not pending:
            result.wrong.append(f"{verdict}: {one['path']}: {one['sentence']}")
    return result


def _verdict(one: dict[str, Any]) -> str:
    if one["history"]:
        return str(one["history"]["verdict"])
    if one["half_way"] is not False:
        return "half-way" if one["half_way"] else "unclear"
    point = one["failure_point"]
    return "complete" if point is None or point["after"] == one["operation_count"] - 1 else "pending"


def main() -> int:
    """Print a line for each folder; exit 1 where one that was migrated to its end is said not to be."""
    arguments = sys.argv[1:]
    if len(arguments) == 3 and arguments[0] == "--url":
        return _tell(arguments[2], stands(arguments[2], arguments[1]))
    before = ""
    if arguments[1:2] == ["--before"] and len(arguments) > 2:
        before = Path(arguments[2]).read_text()
        del arguments[1:3]
    if len(arguments) < 2 or arguments[0] not in ENGINES:
        print(
            f"python -m tests.corpus.applied {'|'.join(ENGINES)} [--before FILE] FOLDER ...", file=sys.stderr
        )
        return 2
    lab = open_lab(arguments[0])
    try:
        return max(_tell(folder, applied(folder, lab, before)) for folder in arguments[1:])
    finally:
        lab.close()


def _tell(folder: str, result: Result) -> int:
    said = ", ".join(f"{number} {verdict}" for verdict, number in result.verdicts.most_common())
    print(
        f"{os.path.basename(os.path.abspath(folder))}: exit {result.code}, {said or 'no migrations'},"
        f" {len(result.refused)} refused by the engine, {len(result.wrong)} told wrongly",
        flush=True,
    )
    for line in (*(f"refused: {one}" for one in result.refused), *result.wrong):
        print(f"    {line}")
    return 1 if result.wrong or not result.verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
