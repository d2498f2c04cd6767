"""What a dialect's table says: how its text is written, and one row for each kind of operation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from partway.core.operation import InTransaction, Repeat

Version = tuple[int, ...]


class Lexis(NamedTuple):
    """How a dialect's text falls into tokens."""

    nested_comments: bool = False
    dollar_quotes: bool = False
    hash_comments: bool = False
    dash_needs_space: bool = False  # MySQL: `--` opens a comment only before white space
    backslash_strings: bool = False
    double_quoted_strings: bool = False  # "x" is a string (MySQL without ANSI_QUOTES)
    backticks: bool = False
    brackets: bool = False
    executable_comments: str = ""  # comment openings whose content is run: "/*!" or "/*! /*M!"
    client_commands: str = ""  # "psql": lines that begin with a backslash, COPY data; "mysql": DELIMITER


class Way(StrEnum):
    """The true guard that a dialect has for a kind of operation."""

    IF_NOT_EXISTS = "if-not-exists"
    IF_EXISTS = "if-exists"
    OR_REPLACE = "or-replace"
    BLOCK = "block"  # a conditional over the catalog: PostgreSQL DO, MySQL PREPARE over information_schema
    DROP_FIRST = "drop-first"  # DROP ... IF EXISTS, then make it again: for what holds no data
    DROP_IF_INVALID = (
        "drop-if-invalid"  # an index built CONCURRENTLY: drop it only if INVALID, then IF NOT EXISTS
    )
    NAME_IT = "name-it"  # give it a name first, then guard it
    NONE = "none"  # SQL has no guard for it here
    NEEDLESS = "needless"  # repeatable as it stands


class Row(NamedTuple):
    """What one kind of operation does on a dialect, in the versions `since <= version < until`.

    `traits` narrow the row: of all rows of a kind whose traits an action has, the one with the most wins. `guard` may
    need `guard_since`; before it, `guard_before`; `also` are other guard words that its grammar takes, `ignores` those
    that it takes without any effect. `leaves` is what a run that fails by itself leaves behind, in words, empty for
    nothing. `manual` is the page of the engine's documentation. Every row is run on the real engine by tests.
    """

    kind: str
    repeat: Repeat
    transaction: InTransaction
    guard: Way
    traits: frozenset[str] = frozenset()
    guard_since: Version = ()
    guard_before: Way = Way.NONE
    since: Version = ()
    until: Version = ()
    also: tuple[Way, ...] = ()
    leaves: str = ""
    manual: str = ""
    ignores: tuple[Way, ...] = ()


class _Said(NamedTuple):
    """What a dialect's module says of it: see `Dialect`."""

    name: str
    title: str
    lexis: Lexis
    rows: tuple[Row, ...]
    assumed: Version
    folds: bool = False  # unquoted names are stored in lower case
    case_sensitive: bool = True  # names that differ in case are different
    name_limit: int = 0  # longer names are cut to so many bytes (0: an error instead)
    default_schema: str = ""
    namespaces: Mapping[str, str] = MappingProxyType({})
    indexes_in_table: bool = False  # index names are unique in a table, not in a schema
    privileges_in_table: bool = False  # the catalog lists with each table who may do what
    triggers_in_table: bool = False  # the same of triggers
    prepares_everything: Version = ()  # from which version PREPARE takes whatever statement (none: not all of them)
    accounts_have_hosts: bool = False  # who connects is known by name and host, and a privilege by both
    transactional_ddl: bool = True
    query_is_transaction: bool = False  # several statements that are sent as one query are one transaction
    local_settings: bool = (
        False  # SET LOCAL ends with the transaction (where it does not, LOCAL means SESSION)
    )
    routines_overload: bool = False  # routines of one name are told apart by the types of their arguments
    columns_spread: bool = False  # a column may come and go with another table's: inheritance, partitions
    types_are_hints: bool = False  # a column's type binds nothing, and a table made anew may say another one
    nested_begin_fails: bool = False  # BEGIN inside a transaction is an error, not a warning or a commit


class Dialect(_Said):
    """A database dialect: its lexis, how it stores names, and its table.

    `namespaces` maps a kind of object to the name of the space its names share ("relation" for tables, indexes, views
    and sequences on PostgreSQL). `assumed` is the version taken when nobody says: the oldest that its makers
    still maintain, so that no guard is offered which a user's server lacks.
    """

    @cached_property
    def _by_kind(self) -> dict[str, list[Row]]:
        by_kind: dict[str, list[Row]] = {}
        for row in self.rows:
            by_kind.setdefault(row.kind, []).append(row)
        return by_kind

    @cached_property
    def _asked(self) -> dict[tuple[str, frozenset[str], Version], Row | None]:
        """The rows that were asked for before: a folder of migrations asks for few, thousands of times."""
        return {}

    def row(self, kind: str, traits: frozenset[str] = frozenset(), version: Version = ()) -> Row | None:
        """The row for an action of this kind with these traits on this version; None for a kind the table lacks."""
        asked = kind, traits, version
        if asked not in self._asked:
            self._asked[asked] = self._row(kind, traits, version)
        return self._asked[asked]

    def _row(self, kind: str, traits: frozenset[str], version: Version) -> Row | None:
        version = version or self.assumed
        best: Row | None = None
        for row in self._by_kind.get(kind, ()):
            if (
                row.traits <= traits
                and version >= row.since
                and not (row.until and version >= row.until)
                and (best is None or len(row.traits) > len(best.traits))
            ):
                best = row
        return best

    def way(self, row: Row, version: Version = ()) -> Way:
        """The guard of a row on this version."""
        return row.guard if (version or self.assumed) >= row.guard_since else row.guard_before

    def stored(self, name: str, *, quoted: bool) -> str:
        """A name as the database stores it: folded if it folds and the name was not quoted, cut to the limit."""
        if self.folds and not quoted:
            name = name.lower()
        if self.name_limit and len(name) > self.name_limit // 4:
            name = name.encode()[: self.name_limit].decode(errors="ignore")
        return name

    def key(self, name: str) -> str:
        """What two names of the same thing have in common: their lower case where case does not count."""
        return name if self.case_sensitive else name.lower()
