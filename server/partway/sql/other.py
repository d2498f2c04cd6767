"""Statements that neither create, alter nor drop by those words: comments, privileges, maintenance, RENAME, session."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partway.core.operation import Action, Guard, GuardForm
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.sql import sayings
from partway.sql.accounts import privileges, read_account
from partway.sql.context import Context
from partway.sql.cursor import Cursor, Unread
from partway.sql.objects import IN_TABLE, read_object


def read_comment(cursor: Cursor, context: Context) -> list[Action]:
    """COMMENT ON object IS text."""
    cursor.expect("COMMENT", "ON")
    first = cursor.i
    object_ = read_object(cursor)
    target = ""
    named: Name | None = None
    table: Name | None = None
    if object_ == "column":
        parts = [cursor.identifier()]
        while cursor.accept("."):
            parts.append(cursor.identifier())
        target = ".".join(parts)
        if len(parts) > 1:
            named, table = Name(parts[-1]), Name(parts[-2], parts[-3] if len(parts) > 2 else None)
    elif object_ is not None and cursor.word() != "(":
        name = cursor.maybe_identifier()
        if name is not None:
            cursor.i -= 1
            named = qualified = cursor.name()
            target = str(qualified)
            if object_ in IN_TABLE and cursor.accept("ON"):
                cursor.accept("DOMAIN")
                table = cursor.name()
                target = f"{table}.{qualified.name}"
    facts = []
    if named is not None and object_ in _COMMENTED and cursor.accept("IS"):
        said = (("comment", cursor.said(cursor.i, cursor.count)),)
        facts = [exists(object_, named, table, said)]
    elif object_ not in _COMMENTED and cursor.dialect.privileges_in_table:
        facts = sayings.comment(cursor.part(first, cursor.count))
    return [_whole(cursor, context, "comment", target or (object_ or ""), facts=facts)]


#: What a comment is looked for on.
_COMMENTED = frozenset({"column", "table", "view", "materialized-view", "sequence", "foreign-table"})


def read_rename(cursor: Cursor, context: Context) -> list[Action]:
    """RENAME TABLE [IF EXISTS] a TO b [, c TO d], RENAME USER a TO b (MySQL, MariaDB)."""
    cursor.expect("RENAME")
    if cursor.accept("USER"):
        target = cursor.part(cursor.i, cursor.count).identifier()
        return [_whole(cursor, context, "rename-role", target, facts=_renamed_accounts(cursor))]
    cursor.accept_any("TABLE", "TABLES")
    first = cursor.i
    guard = Guard(GuardForm.IF_EXISTS, cursor.span(first)) if cursor.accept("IF", "EXISTS") else None
    insert_at = cursor.tokens[first - 1][2]
    actions = []
    while True:
        at = cursor.i
        old = cursor.name()
        cursor.accept_any("WAIT", "NOWAIT")
        cursor.expect("TO")
        new = cursor.name()
        facts = (absent("table", old), exists("table", new))
        actions.append(
            context.action(
                "rename-table",
                old,
                cursor.span(at),
                *facts,
                guard=guard,
                insert_at=insert_at,
                traits={"statement"},
            )
        )
        if not cursor.accept(","):
            return actions


def _renamed_accounts(cursor: Cursor) -> list[Postcondition]:
    """RENAME USER a TO b [, c TO d]."""
    found: list[Postcondition] = []
    for piece in cursor.pieces():
        part = cursor.part(*piece)
        old = read_account(part)
        part.expect("TO")
        found += [absent("role", old), exists("role", read_account(part))]
    return found


def read_privileges(cursor: Cursor, context: Context) -> list[Action]:
    """GRANT and REVOKE, of privileges or of roles."""
    verb = cursor.word().lower()
    at = cursor.find("ON")
    trait = () if at >= 0 else ("everything",) if cursor.word(1) == "ALL" else ("role",)
    target = ""
    if at >= 0:
        if [token[3] for token in cursor.tokens[at + 1 : at + 4]] == ["*", ".", "*"]:
            trait = ("global",)
        cursor.i = at + 1
        read_object(cursor) if cursor.word() in (
            "TABLE",
            "SCHEMA",
            "FUNCTION",
            "SEQUENCE",
            "DATABASE",
            "TYPE",
            "PROCEDURE",
        ) else None
        cursor.accept("ALL")
        first = cursor.i
        end = cursor.find("TO", "FROM")
        target = cursor.said(first, end if end > first else cursor.count)
    else:
        target = cursor.said(1, max(2, cursor.find("TO", "FROM")))
    again = Cursor(cursor.text, cursor.tokens, cursor.dialect)
    plain = trait in ((), ("global",)) if at >= 0 else cursor.dialect.accounts_have_hosts
    facts = _granted(again, verb) if plain else []
    if not facts and cursor.dialect.privileges_in_table and trait in ((), ("role",)):
        facts = _said(again, of_roles=bool(trait))
    return [_whole(cursor, context, verb, target, traits=trait, facts=facts)]


def _said(cursor: Cursor, *, of_roles: bool) -> list[Postcondition]:
    """What the catalog is asked with yes or no: privileges on anything but whole tables, and roles; none where that
    cannot be read."""
    try:
        return sayings.membership(cursor) if of_roles else sayings.access(cursor)
    except Unread:
        return []


def _granted(cursor: Cursor, verb: str) -> list[Postcondition]:
    """What GRANT or REVOKE of privileges on tables leaves behind, where each table lists who may do what."""
    cursor.i = 1
    if cursor.dialect.accounts_have_hosts:
        return privileges(cursor, verb)
    if not cursor.dialect.privileges_in_table:
        return []
    first = cursor.i
    on = cursor.find("ON")
    words = cursor.said(first, on)
    cursor.i = on + 1
    cursor.accept("TABLE")
    end = cursor.find("TO", "FROM")
    if "(" in words or words.startswith("grant option") or end < 0:
        return []
    names = [cursor.part(*piece) for piece in cursor.part(cursor.i, end).pieces()]
    if any(part.kind(1) and part.word(1) != "." for part in names):
        return []  # ALL TABLES IN SCHEMA, FUNCTION f(int), and other kinds of things
    tables = [part.name() for part in names]
    cursor.i = end + 1
    roles = []
    for piece in cursor.pieces():
        part = cursor.part(*piece)
        part.accept("GROUP")
        if part.word() in ("CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"):
            return []
        roles.append("" if part.word() == "PUBLIC" else part.identifier())
    said = f"{words.removesuffix(' privileges')} to {', '.join(roles)}"
    name = "privileges" if verb == "grant" else "no-privileges"
    return [exists("table", table, None, ((name, said),)) for table in tables]


def read_maintenance(cursor: Cursor, context: Context) -> list[Action]:
    """VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH, OPTIMIZE, CHECK, REPAIR, CHECKSUM: a kind named after its first
    word.
    """
    word = cursor.word()
    traits: set[str] = set()
    words = [token[3] for token in cursor.tokens]
    cursor.i += 1
    if word in ("VACUUM", "ANALYZE", "ANALYSE", "CLUSTER", "REINDEX"):
        options = cursor.i
        cursor.skip_parentheses()
        given = [token[3] for token in cursor.tokens[options : cursor.i]]
        at = given.index("CONCURRENTLY") + 1 if "CONCURRENTLY" in given else 0
        if at and given[at] not in ("FALSE", "OFF", "0"):
            traits.add("concurrently")
    while cursor.word() in ("FULL", "FREEZE", "VERBOSE", "ANALYZE", "LOCAL", "NO_WRITE_TO_BINLOG"):
        cursor.i += 1
    if word == "REFRESH":
        cursor.accept("MATERIALIZED", "VIEW")
        if cursor.accept("CONCURRENTLY"):
            traits.add("concurrently")
        return [_whole(cursor, context, "refresh-materialized-view", cursor.name(), traits=traits)]
    if word == "REINDEX":
        object_ = cursor.accept_any("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM")
        traits.add(object_.lower() or "index")
    elif cursor.word() in ("TABLE", "TABLES", "VIEW"):
        cursor.i += 1
    if cursor.accept("CONCURRENTLY"):
        traits.add("concurrently")
    target = ""
    if cursor.kind():
        target = str(cursor.name()) if cursor.word() not in ("", "(") else ""
        if cursor.accept("ON"):
            target = str(cursor.name())
    if word == "REINDEX" and target in context.knowledge.partitioned:
        traits = {"partitioned"}
    if word == "CLUSTER" and not target:
        traits.add("all")
    if word in ("ANALYZE", "ANALYSE") and "UPDATE" in words and "HISTOGRAM" in words:
        traits.add("histogram")
    kind = {
        "ANALYSE": "analyze",
        "CHECK": "check-table",
        "REPAIR": "repair-table",
        "OPTIMIZE": "optimize-table",
    }.get(word)
    return [_whole(cursor, context, kind or word.lower(), target, traits=traits)]


def read_lock(cursor: Cursor, context: Context) -> list[Action]:
    """LOCK TABLE(S), UNLOCK TABLES."""
    kind = "lock-table" if cursor.word() == "LOCK" else "unlock-tables"
    cursor.i += 1
    if cursor.accept("INSTANCE"):
        return [_whole(cursor, context, kind.split("-", maxsplit=1)[0] + "-instance", "")]
    cursor.accept_any("TABLE", "TABLES")
    cursor.accept("ONLY")
    target = cursor.maybe_identifier()
    return [_whole(cursor, context, kind, target or "")]


def read_set(cursor: Cursor, context: Context) -> list[Action]:
    """SET in all its forms, RESET, USE, PRAGMA, DISCARD: a session's or the server's settings."""
    word = cursor.word()
    words = [token[3] for token in cursor.tokens]
    if word == "PRAGMA":
        cursor.i = 1
        name, schema = cursor.maybe_identifier() or "", ""
        if cursor.accept("."):
            name, schema = cursor.maybe_identifier() or name, name.lower()
        name = name.lower()
        facts = _lasting(cursor, name) if schema in ("", "main") else []
        traits = {name.replace("_", "-"), "write"} if len(words) > 2 else {name.replace("_", "-")}
        return [_whole(cursor, context, "pragma", name, traits=traits, facts=facts)]
    if word == "DISCARD":
        return [_whole(cursor, context, "discard", cursor.word(1).lower(), traits={cursor.word(1).lower()})]
    if word == "USE":
        return [_whole(cursor, context, "use", cursor.said(1, cursor.count))]
    if word == "SET" and cursor.word(1) == "TRANSACTION":
        return [_whole(cursor, context, "set", "transaction", traits={"transaction"})]
    if word == "RESET":
        return [_whole(cursor, context, "set", cursor.said(1, cursor.count), traits={"reset"})]
    traits = set()
    if cursor.word(1) in ("GLOBAL", "PERSIST", "PERSIST_ONLY") or cursor.word(1).startswith(
        ("@@GLOBAL", "@@PERSIST", "@@global", "@@persist")
    ):
        traits.add("global")
    if cursor.word(1) == "PASSWORD":
        traits.add("password")
    if cursor.word(1) == "DEFAULT" and cursor.word(2) == "ROLE":
        traits.add("default-role")
    if cursor.word(1).lower() in ("autocommit", "@@autocommit") or (
        cursor.word(1) == "SESSION" and cursor.word(2) == "AUTOCOMMIT"
    ):
        on = words[-1].strip("'").lower() in ("1", "on", "true")
        traits.add("autocommit-on" if on else "autocommit-off")
    if cursor.word(1) == "STATEMENT" and "FOR" in words:
        return [context.opaque(cursor.span(0, cursor.count))]
    cursor.i = 1
    cursor.accept_any("LOCAL", "SESSION", "GLOBAL")
    target = cursor.said(cursor.i, cursor.i + 1) if cursor.kind() else ""
    return [_whole(cursor, context, "set", target, traits=traits)]


def _lasting(cursor: Cursor, name: str) -> list[Postcondition]:
    """What a pragma leaves in the file, where it does so at once; the cursor stands behind its name. Of the journal's
    modes a file keeps only whether it is WAL."""
    opening = cursor.accept_any("=", "(")
    if name not in ("user_version", "application_id", "journal_mode") or not opening:
        return []
    value = cursor.said(cursor.i, cursor.count - (opening == "("))
    value = value.replace(" ", "").strip("'\"").lower()
    if name == "journal_mode":
        value = value if value in ("wal", "off", "memory") else "not wal"
        return [exists("pragma", Name(name), None, (("value", value),))] if value.endswith("wal") else []
    try:
        number = int(value, 0)
    except ValueError:
        return []
    return [exists("pragma", Name(name), None, (("value", str(number)),))]


def read_simple(kind: str, target_at: int = 1) -> Callable[[Cursor, Context], list[Action]]:
    """A reader for statements of which only the kind and the first name matter."""

    def read(cursor: Cursor, context: Context) -> list[Action]:
        cursor.i = min(target_at, cursor.count)
        name = cursor.maybe_identifier() if cursor.kind() else None
        return [_whole(cursor, context, kind, name or "")]

    return read


def read_prepared_transaction(cursor: Cursor, context: Context) -> list[Action]:
    """PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED (PostgreSQL two-phase commit)."""
    return [_whole(cursor, context, "two-phase-commit", "", traits={cursor.word().lower()})]


def _whole(
    cursor: Cursor,
    context: Context,
    kind: str,
    target: object,
    traits: Iterable[str] = (),
    facts: Iterable[Postcondition] = (),
) -> Action:
    return context.action(kind, str(target), cursor.span(0, cursor.count), *facts, traits=traits)
