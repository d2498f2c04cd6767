"""The actions of ALTER TABLE that set an option of the table: owner, engine, storage, triggers, row security."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition
from partway.sql.cursor import Cursor


class Option(NamedTuple):
    """A kind of action, the traits that choose its row, and its postcondition given the table. An empty kind is no
    action at all but a word on how to run the statement (ALGORITHM, LOCK)."""

    kind: str
    traits: frozenset[str] = frozenset()
    fact: Callable[[Name], Postcondition] | None = None


_NONE: frozenset[str] = frozenset()

#: First words to the option; the longest match wins. PostgreSQL and MySQL have no two meanings for one of these.
_OPTIONS: dict[tuple[str, ...], Option] = {
    ("OWNER", "TO"): Option("set-owner"),
    ("SET", "SCHEMA"): Option("set-schema"),
    ("SET", "TABLESPACE"): Option("set-tablespace"),
    ("SET", "LOGGED"): Option("set-logged"),
    ("SET", "UNLOGGED"): Option("set-logged"),
    ("SET", "WITHOUT"): Option("set-table-option"),
    ("SET", "ACCESS"): Option("set-table-option"),
    ("SET",): Option("set-table-option"),
    ("RESET",): Option("set-table-option"),
    ("CLUSTER", "ON"): Option("set-table-option"),
    ("REPLICA", "IDENTITY"): Option("set-table-option"),
    ("OPTIONS",): Option("set-options"),
    ("OF",): Option("set-table-type"),
    ("NOT", "OF"): Option("unset-table-type"),
    ("INHERIT",): Option("add-inheritance"),
    ("NO", "INHERIT"): Option("drop-inheritance"),
    ("ENABLE", "ROW"): Option("set-row-security"),
    ("DISABLE", "ROW"): Option("set-row-security"),
    ("FORCE", "ROW"): Option("set-row-security"),
    ("NO", "FORCE"): Option("set-row-security"),
    ("ENABLE", "KEYS"): Option("set-table-option"),
    ("DISABLE", "KEYS"): Option("set-table-option"),
    ("ENABLE",): Option("set-trigger-state"),
    ("DISABLE",): Option("set-trigger-state"),
    ("ENGINE",): Option("set-table-option"),
    ("AUTO_INCREMENT",): Option("set-table-option"),
    ("COMMENT",): Option("set-table-option"),
    ("ROW_FORMAT",): Option("set-table-option"),
    ("KEY_BLOCK_SIZE",): Option("set-table-option"),
    ("COMPRESSION",): Option("set-table-option"),
    ("ENCRYPTION",): Option("set-table-option"),
    ("ENCRYPTED",): Option("set-table-option"),
    ("PAGE_COMPRESSED",): Option("set-table-option"),
    ("AVG_ROW_LENGTH",): Option("set-table-option"),
    ("MAX_ROWS",): Option("set-table-option"),
    ("MIN_ROWS",): Option("set-table-option"),
    ("CHECKSUM",): Option("set-table-option"),
    ("DELAY_KEY_WRITE",): Option("set-table-option"),
    ("PACK_KEYS",): Option("set-table-option"),
    ("STATS_PERSISTENT",): Option("set-table-option"),
    ("STATS_AUTO_RECALC",): Option("set-table-option"),
    ("STATS_SAMPLE_PAGES",): Option("set-table-option"),
    ("TABLESPACE",): Option("set-table-option"),
    ("TRANSACTIONAL",): Option("set-table-option"),
    ("UNION",): Option("set-table-option"),
    ("INSERT_METHOD",): Option("set-table-option"),
    ("DATA",): Option("set-table-option"),
    ("SECONDARY_ENGINE",): Option("set-table-option"),
    ("SECONDARY_LOAD",): Option("set-table-option"),
    ("DEFAULT",): Option("set-charset"),
    ("CHARACTER", "SET"): Option("set-charset"),
    ("CHARSET",): Option("set-charset"),
    ("COLLATE",): Option("set-charset"),
    ("CONVERT", "TO"): Option("convert-charset"),
    ("ORDER", "BY"): Option("set-table-option"),
    ("FORCE",): Option("rebuild-table"),
    ("DISCARD", "TABLESPACE"): Option("discard-tablespace"),
    ("IMPORT", "TABLESPACE"): Option("import-tablespace"),
    ("PARTITION", "BY"): Option("set-partitioning"),
    ("REMOVE", "PARTITIONING"): Option("remove-partitioning"),
    ("COALESCE", "PARTITION"): Option("coalesce-partition"),
    ("REORGANIZE", "PARTITION"): Option("reorganize-partition"),
    ("EXCHANGE", "PARTITION"): Option("exchange-partition"),
    ("TRUNCATE", "PARTITION"): Option("truncate-partition"),
    ("ANALYZE", "PARTITION"): Option("maintain-partition"),
    ("CHECK", "PARTITION"): Option("maintain-partition"),
    ("OPTIMIZE", "PARTITION"): Option("maintain-partition"),
    ("REBUILD", "PARTITION"): Option("maintain-partition"),
    ("REPAIR", "PARTITION"): Option("maintain-partition"),
    ("ALGORITHM",): Option(""),
    ("LOCK",): Option(""),
    ("WITH", "VALIDATION"): Option(""),
    ("WITHOUT", "VALIDATION"): Option(""),
}
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], Option]]] = {}
for _words, _option in sorted(_OPTIONS.items(), key=lambda item: -len(item[0])):
    _BY_FIRST.setdefault(_words[0], []).append((_words, _option))


def read_option(cursor: Cursor) -> Option | None:
    """The option that stands here (the cursor stays), None where none is known."""
    for words, option in _BY_FIRST.get(cursor.word(), ()):
        if all(cursor.word(ahead) == word for ahead, word in enumerate(words)):
            return option
    return None
