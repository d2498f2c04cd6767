"""What other runners of SQL files write into text and names: where the way down begins, and how they run the file.

Each convention is one row. They make plain files read right (a way down is not run after the way up) without
Partway claiming to know those tools' tracking tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from partway.core.migration import Mode, TransactionMode
from partway.core.source import SourceFile, Span
from partway.dialects.dialect import Dialect
from partway.tools.annotations import annotated
from partway.tools.place import Place
from partway.tools.sql.tool import pop_name
from partway.tools.sql_sections import Part, whole

Parts = list[Part]


class File(NamedTuple):
    """A plain file: its text, its place, what the project says, and the dialect it is in."""

    source: SourceFile
    place: Place
    settings: Mapping[str, str]
    dialect: Dialect

    @property
    def text(self) -> str:
        return self.source.text


_UNKNOWN = TransactionMode(
    Mode.NONE, "nothing says that a transaction surrounds the file, and clients run it statement by statement"
)
_DIRECTIONS = re.compile(
    r"(?:.*[._-])?(?:(?P<down>down|undo|rollback|revert)|(?:up|do|deploy|apply|forward))\.sql", re.IGNORECASE
)


class Marked(NamedTuple):
    """A runner that writes both directions into one file. `up` is empty where the way up has no mark of its own, but is
    all that stands before the way down."""

    up: str
    down: str
    mode: TransactionMode
    word: str  # in lower case: without it neither mark stands in a text, and none need be looked for
    opt_out: str = ""


_MARKED = (
    Marked(  # Tern, a Go runner
        "",
        r"^---- create above / drop below ----",
        TransactionMode(Mode.PER_MIGRATION, "tern runs each migration in one transaction"),
        "create above / drop below",
        r"^---- tern: disable-tx ----",
    ),
    Marked(  # node-pg-migrate
        r"^--[ \t]*up migration\b",
        r"^--[ \t]*down migration\b",
        TransactionMode(Mode.WHOLE_RUN, "node-pg-migrate runs all pending migrations in one transaction"),
        " migration",
    ),
    Marked(  # MyBatis Migrations, dbdeploy
        "",
        r"^--[ \t]*(?://)?@UNDO\b",
        TransactionMode(Mode.PER_MIGRATION, "MyBatis Migrations commits when a script has ended"),
        "@undo",
    ),
    Marked(  # Play evolutions
        r"^(?:--|#)[ \t]*(?:---[ \t]*)?!Ups\b",
        r"^(?:--|#)[ \t]*(?:---[ \t]*)?!Downs\b",
        TransactionMode(Mode.NONE, "Play runs the statements of an evolution one by one"),
        "!",
    ),
)


def parts(file: File) -> Parts:
    """The sections of a plain file: by the first convention it follows, else one, in the direction its name says."""
    for convention in (_sql_migrate, _marked, _drizzle, _diesel, _pop):
        found = convention(file)
        if found:
            return found
    runner = file.settings.get("plain.runner")
    mode = _of_program(runner) if runner is not None and file.dialect.transactional_ddl else _UNKNOWN
    return [Part(direction(file.place.name), whole(file.source), mode)]


def _of_program(path: str) -> TransactionMode:
    """The mode of files that a program of the project's own runs, which its source says it does in transactions."""
    return TransactionMode(
        Mode.NONE,
        f"nothing says for sure that a transaction surrounds the file, but {path} may run it in one",
        uncertain=True,
    )


def direction(name: str) -> str:
    """ "down" for `down.sql`, `3_users.down.sql`, `3-users-undo.sql` and the like, else "up"."""
    match = _DIRECTIONS.fullmatch(name)
    return "down" if match is not None and match["down"] else "up"


def _sql_migrate(file: File) -> Parts | None:
    """sql-migrate: `-- +migrate Up notransaction`, each direction for itself."""
    if "+migrate" not in file.text:
        return None
    parsed = annotated(file.text, "migrate")
    found: Parts = []
    usual = TransactionMode(Mode.PER_MIGRATION, "sql-migrate runs each migration in one transaction")
    begins = [a for a in parsed.annotations if a.words.split()[0] in ("up", "down")]
    for (name, span), begin in zip(parsed.directions, begins, strict=True):
        off = TransactionMode(Mode.NONE, "sql-migrate runs a notransaction section one by one", begin.span)
        mode = off if "notransaction" in begin.words.split() else usual
        found.append(Part(name, span, mode, queries=parsed.blocks))
    return found


def _marked(file: File) -> Parts | None:
    lower = file.text.lower()
    for row in _MARKED:
        if row.word not in lower:
            continue
        flags = re.IGNORECASE | re.MULTILINE
        down = re.search(row.down, file.text, flags)
        up = re.search(row.up, file.text, flags) if row.up else None
        if down is None and up is None:
            continue
        mode = row.mode
        opt_out = re.search(row.opt_out, file.text, flags) if row.opt_out else None
        if opt_out is not None:
            mode = TransactionMode(Mode.NONE, "the file asks for no transaction", Span(*opt_out.span()))
        return _two(file.text, up, down, mode)
    return None


def _two(
    text: str, up: re.Match[str] | None, down: re.Match[str] | None, mode: TransactionMode
) -> Parts | None:
    start = up.end() if up is not None else 0
    if down is None:
        return [Part("up", Span(start, len(text)), mode)]
    if down.start() < start:
        return None
    return [
        Part("up", Span(start, down.start()), mode),
        Part("down", Span(_line_end(text, down.end()), len(text)), mode),
    ]


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _drizzle(file: File) -> Parts | None:
    """drizzle-kit: breakpoints between statements; its migrators run everything pending in one transaction."""
    if "--> statement-breakpoint" not in file.text and not file.settings.get("drizzle.folder"):
        return None
    mode = TransactionMode(Mode.WHOLE_RUN, "drizzle runs all pending migrations in one transaction")
    return [Part("up", whole(file.source), mode)]


_DIESEL_OFF = TransactionMode(
    Mode.NONE, "metadata.toml says run_in_transaction = false, so Diesel uses no transaction"
)
_DIESEL_QUERY = TransactionMode(
    Mode.PER_MIGRATION,
    "Diesel sends the file as one query, which the server runs as one transaction even with run_in_transaction = false",
    implicit=True,
)


def _diesel(file: File) -> Parts | None:
    """Diesel: a numbered folder with up.sql and down.sql, and metadata.toml to opt out."""
    if file.place.name not in ("up.sql", "down.sql") or not re.match(r"\d", file.place.folder):
        return None
    mode = TransactionMode(Mode.PER_MIGRATION, "Diesel runs each migration in one transaction")
    if file.settings.get("diesel.run_in_transaction") == "false":
        mode = _DIESEL_QUERY if file.dialect.query_is_transaction else _DIESEL_OFF
    return [Part(file.place.name.removesuffix(".sql"), whole(file.source), mode)]


def _pop(file: File) -> Parts | None:
    """pop: the database, and `.autocommit`, in the name."""
    match = pop_name(file.place.name)
    if match is None:
        return None
    mode = TransactionMode(Mode.PER_MIGRATION, "pop runs each migration in one transaction")
    if match[3] or (match[2] or "").lower() == "autocommit":
        mode = TransactionMode(Mode.NONE, "pop runs a file that is named autocommit without a transaction")
    return [Part(match[4].lower(), whole(file.source), mode)]
