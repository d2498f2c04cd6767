"""dbmate's files to migrations: sections by directive, each with its own transaction and its own opt-out.

Read in dbmate 2's own parser and runner (pkg/dbmate/migration.go, db.go). A section goes to the server as one query,
directive and all, inside a transaction that also records the version, unless the directive says `transaction:false`.
What a query of several statements means then is the database's business: PostgreSQL makes a transaction of it,
MySQL (whose driver is opened with multiStatements) and SQLite run the statements one by one.
"""

from __future__ import annotations

import re

from partway.core.migration import Migration, Mode, TransactionMode, Trouble
from partway.core.source import SourceFile, Span
from partway.tools.place import file_name
from partway.tools.setup import Setup
from partway.tools.sql_sections import Part, migration

_DIRECTIVE = re.compile(r"^--[ \t]*migrate:(up|down)(?:[ \t]+([^\r\n]*?))?[ \t]*\r?$", re.MULTILINE)
_MISSING = Trouble(Span(0, 0), "dbmate refuses a file without `-- migrate:up`")
_VERSION = re.compile(r"(\d+)")
_ONE_BY_ONE = "dbmate runs a section that says transaction:false without a transaction"
#: What dbmate's transaction:false comes to.
_OPTED_OUT = {
    "postgresql": TransactionMode(
        Mode.PER_MIGRATION,
        "dbmate sends the section as one query, which PostgreSQL runs as one transaction even with transaction:false",
        implicit=True,
    ),
}


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file. A file may hold several pairs of sections; each runs in a transaction of its own."""
    found = list(_DIRECTIVE.finditer(source.text))
    ends = [match.start() for match in found[1:]] + [len(source.text)]
    parts = [
        Part(match[1], Span(match.end(), end), _mode(match, setup))
        for match, end in zip(found, ends, strict=False)
    ]
    version = _VERSION.match(file_name(source.path))
    missing = [] if parts or not source.text.strip() else [_MISSING]
    return migration(source, setup, version[1] if version else "", parts, missing)


def _mode(directive: re.Match[str], setup: Setup) -> TransactionMode:
    options = dict(pair.split(":") for pair in (directive[2] or "").split() if pair.count(":") == 1)
    if options.get("transaction") != "false":
        return TransactionMode(Mode.PER_MIGRATION, "dbmate runs each migration in one transaction")
    mode = _OPTED_OUT.get(setup.dialect.name, TransactionMode(Mode.NONE, _ONE_BY_ONE))
    return TransactionMode(mode.mode, mode.reason, Span(directive.start(2), directive.end(2)), mode.implicit)
