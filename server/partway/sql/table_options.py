"""The actions of ALTER TABLE that set an option of the table: owner, engine, storage, triggers, row security."""

from __future__ import annotations

from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.sql.cursor import Cursor
from partway.sql.partitions import counted_partitions, listed_partitions, more_partitions
from partway.sql.sayings import Subject
from partway.sql.storage import storage
from partway.sql.table_said import table_said

#: First words to the kind of action; the longest match wins. An empty kind is no action at all but a word on how to run
#: the statement (ALGORITHM, LOCK). PostgreSQL and MySQL have no two meanings for one of these.
_OPTIONS: dict[tuple[str, ...], str] = {
    ("OWNER", "TO"): "set-owner",
    ("SET", "SCHEMA"): "set-schema",
    ("SET", "TABLESPACE"): "set-tablespace",
    ("SET", "LOGGED"): "set-logged",
    ("SET", "UNLOGGED"): "set-logged",
    ("SET", "WITHOUT"): "set-table-option",
    ("SET", "ACCESS"): "set-table-option",
    ("SET",): "set-table-option",
    ("RESET",): "set-table-option",
    ("CLUSTER", "ON"): "set-table-option",
    ("REPLICA", "IDENTITY"): "set-table-option",
    ("OPTIONS",): "set-options",
    ("OF",): "set-table-type",
    ("NOT", "OF"): "unset-table-type",
    ("INHERIT",): "add-inheritance",
    ("NO", "INHERIT"): "drop-inheritance",
    ("ENABLE", "ROW"): "set-row-security",
    ("DISABLE", "ROW"): "set-row-security",
    ("FORCE", "ROW"): "set-row-security",
    ("NO", "FORCE"): "set-row-security",
    ("ENABLE", "KEYS"): "set-table-option",
    ("DISABLE", "KEYS"): "set-table-option",
    ("ENABLE",): "set-trigger-state",
    ("DISABLE",): "set-trigger-state",
    ("ENGINE",): "set-table-option",
    ("AUTO_INCREMENT",): "set-table-option",
    ("COMMENT",): "set-table-option",
    ("ROW_FORMAT",): "set-table-option",
    ("KEY_BLOCK_SIZE",): "set-table-option",
    ("COMPRESSION",): "set-table-option",
    ("ENCRYPTION",): "set-table-option",
    ("ENCRYPTED",): "set-table-option",
    ("PAGE_COMPRESSED",): "set-table-option",
    ("AVG_ROW_LENGTH",): "set-table-option",
    ("MAX_ROWS",): "set-table-option",
    ("MIN_ROWS",): "set-table-option",
    ("CHECKSUM",): "set-table-option",
    ("DELAY_KEY_WRITE",): "set-table-option",
    ("PACK_KEYS",): "set-table-option",
    ("STATS_PERSISTENT",): "set-table-option",
    ("STATS_AUTO_RECALC",): "set-table-option",
    ("STATS_SAMPLE_PAGES",): "set-table-option",
    ("TABLESPACE",): "set-table-option",
    ("TRANSACTIONAL",): "set-table-option",
    ("UNION",): "set-table-option",
    ("INSERT_METHOD",): "set-table-option",
    ("DATA",): "set-table-option",
    ("SECONDARY_ENGINE",): "set-table-option",
    ("SECONDARY_LOAD",): "set-table-option",
    ("DEFAULT",): "set-charset",
    ("CHARACTER", "SET"): "set-charset",
    ("CHARSET",): "set-charset",
    ("COLLATE",): "set-charset",
    ("CONVERT", "TO"): "convert-charset",
    ("ORDER", "BY"): "set-table-option",
    ("FORCE",): "rebuild-table",
    ("DISCARD", "TABLESPACE"): "discard-tablespace",
    ("IMPORT", "TABLESPACE"): "import-tablespace",
    ("PARTITION", "BY"): "set-partitioning",
    ("REMOVE", "PARTITIONING"): "remove-partitioning",
    ("COALESCE", "PARTITION"): "coalesce-partition",
    ("REORGANIZE", "PARTITION"): "reorganize-partition",
    ("EXCHANGE", "PARTITION"): "exchange-partition",
    ("TRUNCATE", "PARTITION"): "truncate-partition",
    ("ANALYZE", "PARTITION"): "maintain-partition",
    ("CHECK", "PARTITION"): "maintain-partition",
    ("OPTIMIZE", "PARTITION"): "maintain-partition",
    ("REBUILD", "PARTITION"): "maintain-partition",
    ("REPAIR", "PARTITION"): "maintain-partition",
    ("ALGORITHM",): "",
    ("LOCK",): "",
    ("WITH", "VALIDATION"): "",
    ("WITHOUT", "VALIDATION"): "",
}
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _words, _kind in sorted(_OPTIONS.items(), key=lambda item: -len(item[0])):
    _BY_FIRST.setdefault(_words[0], []).append((_words, _kind))


def read_option(cursor: Cursor) -> str | None:
    """The kind of the option that stands here (the cursor stays), None where none is known."""
    for words, kind in _BY_FIRST.get(cursor.word(), ()):
        if all(cursor.word(ahead) == word for ahead, word in enumerate(words)):
            return kind
    return None


def option_facts(cursor: Cursor, kind: str, object_: str, name: Name) -> tuple[Postcondition, ...]:
    """What an option of which the catalog tells leaves behind; the cursor stands at its first word."""
    words = [token[3] for token in cursor.tokens[cursor.i : cursor.count]]
    if kind == "set-schema":
        place = cursor.part(cursor.i + 2, cursor.count)
        return (absent(object_, name), exists(object_, Name(name.name, place.identifier())))
    if kind == "set-owner":
        owner = cursor.part(cursor.i + 2, cursor.count)
        said = "" if owner.word() in _SOMEBODY else owner.maybe_identifier() or ""
        return _saying(object_, name, "owner", said)
    if kind in ("add-inheritance", "drop-inheritance"):
        parent = cursor.part(cursor.i + words.index("INHERIT") + 1, cursor.count).name()
        return (Postcondition("inheritance", name, kind.startswith("add-"), parent),)
    if kind == "set-partitioning":
        listed = tuple(exists("partition", part, name) for part in listed_partitions(cursor))
        counted = counted_partitions(cursor)
        return (exists(object_, name, None, counted),) if counted else listed
    if kind == "coalesce-partition":
        fewer = more_partitions(cursor.part(cursor.i + 2, cursor.count), "-")
        return (exists(object_, name, None, fewer),) if fewer else ()
    if kind in ("set-table-type", "unset-table-type"):
        return _of_type(cursor, kind, name)
    if kind == "set-row-security":
        forced = "FORCE" in words
        off = words[0] in ("DISABLE", "NO")
        return _saying(
            object_, name, "forced-row-security" if forced else "row-security", "no" if off else "yes"
        )
    if kind == "set-trigger-state":
        return _trigger_state(cursor, words, name)
    if kind == "set-logged":
        return _saying(object_, name, "persistence", "u" if words[1] == "UNLOGGED" else "p")
    if kind in ("set-table-option", "set-tablespace") and not cursor.dialect.indexes_in_table:
        stored = storage(cursor)
        return (exists(object_, name, None, stored),) if stored else ()
    if kind in ("set-table-option", "set-charset", "convert-charset") and cursor.dialect.indexes_in_table:
        listed_options = table_said(cursor.part(cursor.i + 2 * (kind == "convert-charset"), cursor.count))
        return (exists(object_, name, None, tuple(sorted(listed_options.items()))),) if listed_options else ()
    if kind == "remove-partitioning":
        return _saying(object_, name, "partitioned", "no")
    return ()


def _of_type(cursor: Cursor, kind: str, table: Name) -> tuple[Postcondition, ...]:
    """OF type, NOT OF: whether a composite type says what the table's columns are."""
    type_ = str(cursor.part(cursor.i + 1, cursor.count).name()) if kind == "set-table-type" else ""
    more = (("key", "of type"), ("value", type_))
    return (Subject("table", table).said("setting", more, "type of"),)


#: How PostgreSQL keeps when a trigger or rule fires, by the words before TRIGGER or RULE.
_FIRES = {("ENABLE",): "O", ("DISABLE",): "D", ("ENABLE", "REPLICA"): "R", ("ENABLE", "ALWAYS"): "A"}


def _trigger_state(cursor: Cursor, words: list[str], table: Name) -> tuple[Postcondition, ...]:
    """ENABLE [REPLICA | ALWAYS] TRIGGER name and the like; which ones ALL and USER mean, only the catalog knows: that
    is said of the table."""
    at = next((at for at, word in enumerate(words) if word in ("TRIGGER", "RULE")), 0)
    fires = _FIRES.get(tuple(words[:at]))
    if fires is None:
        return ()
    if words[at + 1 :] in (["ALL"], ["USER"]):
        more = (("key", f"triggers {words[-1].lower()}"), ("value", fires))
        return (Subject("table", table).said("setting", more, "triggers of"),)
    name = cursor.part(cursor.i + at + 1, cursor.count).maybe_identifier()
    return (exists(words[at].lower(), Name(name), table, (("fires", fires),)),) if name else ()


#: Words that stand for a role whose name only the session knows.
_SOMEBODY = frozenset({"CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"})


def _saying(object_: str, name: Name, attribute: str, value: str) -> tuple[Postcondition, ...]:
    return (exists(object_, name, None, ((attribute, value),)),) if value else ()


def only_sets(cursor: Cursor) -> bool:
    """Whether each part of OPTIONS (SET a 'x', SET b 'y') sets: ADD, DROP and a name alone cannot be repeated."""
    words = [token[3] for token in cursor.tokens[cursor.i : cursor.count]]
    inside = words[words.index("OPTIONS") + 1 :]
    return all(inside[i + 1 : i + 2] == ["SET"] for i, word in enumerate(inside) if word in ("(", ","))
