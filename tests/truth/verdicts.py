"""What tools say of the statement set: Partway through its public command line, squawk as the peer on PostgreSQL."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.truth.cases import Case

# From harmless to worst. A statement is as repeatable as its least repeatable operation.
REPEAT = ("same", "unknown", "changes", "fails")
IN_TRANSACTION = ("rolls-back", "unknown", "commits", "refused")


@dataclass(frozen=True)
class Verdict:
    """What somebody says of one statement, in the words of `partway inspect`."""

    repeat: str
    in_transaction: str

    @property
    def not_repeatable(self) -> bool:
        """Whether a second run is said to fail or to change something; not knowing counts as yes."""
        return self.repeat != "same"

    @property
    def not_safe(self) -> bool:
        """Whether a transaction is said not to protect it; not knowing counts as yes."""
        return self.in_transaction != "rolls-back"


@dataclass(frozen=True)
class StatementFile:
    """A case written as a migration file: what its session has seen first, then the statement."""

    text: str
    # Counted from 1: where the statement itself begins.
    line: int


def as_file(case: Case, dialect: str) -> StatementFile:
    """The file that holds one case, split as that dialect's clients need it."""
    before = "".join(f"{text};\n" for text in case.above + case.session)
    if dialect in {"mysql", "mariadb"} and any(";" in statement for statement in case.statements):
        body = (
            "DELIMITER //\n" + "".join(f"{statement}//\n" for statement in case.statements) + "DELIMITER ;\n"
        )
    else:
        body = "".join(
            f"{statement}\n" if statement.endswith("\\.") else f"{statement};\n"
            for statement in case.statements
        )
    return StatementFile(before + body, before.count("\n") + 1)


def partway(cases: Sequence[Case], dialect: str, server_version: str) -> dict[str, Verdict]:
    """Partway's verdict per case id, from one call of `partway inspect`."""
    with tempfile.TemporaryDirectory() as folder:
        files = {case.id: as_file(case, dialect) for case in cases}
        paths = {f"{number:04}.sql": case.id for number, case in enumerate(cases, 1)}
        for path, name in paths.items():
            (Path(folder) / path).write_text(files[name].text)
        command = [sys.executable, "-m", "partway", "inspect", "--format", "json", "--dialect", dialect]
        command += ["--server-version", server_version, "--tool", "sql", *paths]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
        if not done.stdout.startswith("["):
            raise RuntimeError(f"partway inspect gave no JSON, exit {done.returncode}: {done.stderr[-500:]}")
        read = {paths[Path(entry["path"]).name]: entry for entry in json.loads(done.stdout)}
    return {name: _combine(read[name], file.line) for name, file in files.items()}


def _combine(entry: dict[str, Any], line: int) -> Verdict:
    operations = [
        operation for operation in entry["operations"] if operation["range"]["start"]["line"] >= line
    ]
    return Verdict(
        max((operation["repeat"] for operation in operations), key=REPEAT.index, default="same"),
        max(
            (operation["in_transaction"] for operation in operations),
            key=IN_TRANSACTION.index,
            default="rolls-back",
        ),
    )


# squawk's rules that speak of running twice, and of what a transaction does not protect.
SQUAWK_REPEAT = {"prefer-robust-stmts"}
SQUAWK_TRANSACTION = {"ban-concurrent-index-creation-in-transaction", "transaction-nesting"}


def squawk(cases: Sequence[Case], server_version: str) -> dict[str, Verdict]:
    """The verdict of squawk per case id. A second statement pads each file, since it takes a file of one for safe."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {f"{number:04}.sql": case for number, case in enumerate(cases, 1)}
        lines = {}
        for path, case in paths.items():
            text = as_file(case, "postgresql").text
            lines[path] = text.count("\n")
            (Path(folder) / path).write_text(f"{text}SELECT 1;\n")

        def found(rules: set[str], *options: str) -> set[str]:
            program = Path(sys.executable).with_name("squawk")
            command = [str(program), "--reporter", "json", "--pg-version", server_version, *options, *paths]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
            return {
                Path(entry["file"]).name
                for entry in json.loads(done.stdout)
                if entry["rule_name"] in rules and entry["line"] < lines[Path(entry["file"]).name]
            }

        repeat = found(SQUAWK_REPEAT, "--no-assume-in-transaction")
        transaction = found(SQUAWK_TRANSACTION, "--assume-in-transaction")
        return {
            case.id: Verdict(
                "fails" if path in repeat else "same", "refused" if path in transaction else "rolls-back"
            )
            for path, case in paths.items()
        }
