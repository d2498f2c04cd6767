"""SQL text to the steps of a migration. The one way in: every tool's reader and every host language calls this."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from partway.core.migration import Comment, Step, Trouble
from partway.core.operation import Action, InTransaction
from partway.core.postcondition import exists
from partway.core.source import Span
from partway.dialects.dialect import Dialect, Version
from partway.sql import other
from partway.sql.alter import read_alter
from partway.sql.assembly import assemble
from partway.sql.blocks import Block
from partway.sql.context import Context, quoted
from partway.sql.control import read_control, read_setting
from partway.sql.create import read_create
from partway.sql.cursor import Cursor, Unread
from partway.sql.data import FIRST_WORDS
from partway.sql.drop import read_drop
from partway.sql.earlier import (
    ELSEWHERE,
    Earlier,
    Kept,
    Part,
    moved,
    moved_comment,
    same,
    tables_made,
    tells,
    tells_of_subscriptions,
    tells_of_tables,
)
from partway.sql.lexer import CUT, DOLLAR, STRING, Token, lex
from partway.sql.of_server import read_install
from partway.sql.prepared import Memory
from partway.sql.statements import Statement, is_compound, is_open, split


class Reading(NamedTuple):
    """What a text says: its steps and comments in order, and what could not be read."""

    steps: tuple[Step, ...]
    comments: tuple[Comment, ...]
    troubles: tuple[Trouble, ...]


def read_steps(
    text: str,
    start: int,
    end: int,
    dialect: Dialect,
    server: Version,
    section: str,
    earlier: Earlier | None = None,
) -> Reading:
    """The steps in `text[start:end]`, spans counted in the whole text. Never raises, whatever the text.

    With `earlier`, what was read of the text before is used again as far as it holds, and this is kept for next time.
    """
    context = Context(text, dialect, server, read_actions)
    part = earlier.part(section, dialect, server) if earlier is not None else None
    again = _again(part, context, start, end, section) if part is not None else None
    if again is not None and earlier is not None:
        earlier.keep(section, dialect, server, again)
        return Reading(_steps(again.statements), tuple(again.comments), ())
    lexed = lex(text, dialect.lexis, start, end)
    statements = split(lexed.tokens)
    kept = _kept(statements, context, section)
    if earlier is not None:
        plain = not (
            lexed.troubles
            or any(token[0] == CUT for token in lexed.tokens)
            or any(is_open(one.tokens) for one in statements)
        )
        part = Part(text, start, end, kept, lexed.comments) if plain else None
        earlier.keep(section, dialect, server, part)
    return Reading(_steps(kept), tuple(lexed.comments), tuple(lexed.troubles))


def _kept(statements: list[Statement], context: Context, section: str) -> list[Kept]:
    """The statements read, in order."""
    memory = Memory(context)
    return [
        Kept(one.span.start, one.stop, one.terminated, one.tokens[0][3], _step(one, context, memory, section))
        for one in statements
    ]


def _steps(statements: list[Kept]) -> tuple[Step, ...]:
    return tuple(one.step for one in statements if one.step is not None)


def _again(part: Part, context: Context, start: int, end: int, section: str) -> Part | None:
    """The part as it is now, with only what changed read again; None where that could come out otherwise."""
    found = same(part, context.text, start, end)
    lexis = context.dialect.lexis
    lexed = lex(context.text, lexis, *found.changed)
    if lexed.troubles or any(token[0] == CUT for token in lexed.tokens):
        return None
    if lexed.comments and "\n" not in context.text[lexed.comments[-1].span.end : found.changed.end]:
        return None  # it may go on in what follows
    changed = split(lexed.tokens)
    if found.behind < len(part.statements) and changed and not changed[-1].terminated:
        return None  # what follows may belong to it
    if any(one.tokens[0][3] in ELSEWHERE or is_compound(one.tokens) for one in changed):
        return None
    before = [moved(one, found.moved_before) for one in part.statements[: found.before]]
    for one in before:
        _notice(one, context)
    statements = before + _kept(changed, context, section)
    gone = part.statements[found.before : found.behind]
    by_what_stands_above = _listening(
        [one.step for one in (*gone, *statements[found.before :])],
        [one.step for one in (*part.statements, *statements[found.before :])],
    )
    for one in part.statements[found.behind :]:
        kept = moved(one, found.moved_behind)
        if by_what_stands_above(one.word):
            inner = _kept(split(lex(context.text, lexis, kept.start, kept.stop).tokens), context, section)
            if [(one.start, one.stop) for one in inner] != [(kept.start, kept.stop)]:
                return None
            statements += inner
        else:
            _notice(kept, context)
            statements.append(kept)
    above = (moved_comment(one, found.moved_before) for one in part.comments)
    below = (moved_comment(one, found.moved_behind) for one in part.comments)
    comments = [
        *(one for one in above if one.span.end <= found.changed.start),
        *lexed.comments,
        *(one for one in below if one.span.start >= found.changed.end),
    ]
    only_moved = not lexed.tokens and not gone
    return Part(context.text, start, end, statements, comments, only_moved)


def _listening(changed: list[Step | None], section: list[Step | None]) -> Callable[[str], bool]:
    """Whether a statement that begins with a word may be read otherwise, now that these steps of a section are gone or
    have come."""
    if not any(map(tells, changed)):
        return lambda _word: False
    of_subscriptions = any(map(tells_of_subscriptions, changed))
    made = tables_made(section)
    of_tables = any(tells_of_tables(step, made) for step in changed)

    def listens(word: str) -> bool:
        if word == "DROP":
            return of_subscriptions
        return of_tables if word in FIRST_WORDS else word not in _SELF_CONTAINED

    return listens


def _notice(kept: Kept, context: Context) -> None:
    if kept.step is not None:
        for operation in kept.step.operations:
            for action in operation.actions:
                context.knowledge.notice(action)


#: First words of statements that are read the same whatever stands above them.
_SELF_CONTAINED = frozenset(
    {
        "CREATE",
        "ALTER",
        "COMMENT",
        "GRANT",
        "REVOKE",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "VACUUM",
        "ANALYZE",
        "RENAME",
    }
)


def read_actions(context: Context, tokens: list[Token]) -> list[Action]:
    """The actions of one statement; an opaque one where it cannot be read."""
    cursor = Cursor(context.text, tokens, context.dialect)
    word = cursor.word()
    try:
        if word in FIRST_WORDS:
            return _data(cursor, context)
        reader = _READERS.get(word)
        if reader is None:
            return [] if word in _SILENT else [context.opaque(cursor.span(0, cursor.count))]
        actions = reader(cursor, context)
    except (Unread, RecursionError):  # nested deeper than any person writes
        return [context.opaque(cursor.span(0, cursor.count), _opaque_target(cursor))]
    for action in actions:
        context.knowledge.notice(action)
    return actions


def _step(statement: Statement, context: Context, memory: Memory, section: str) -> Step | None:
    """The step of one statement, with its operation if it has one."""
    tokens, span = statement.tokens, statement.span
    cursor = Cursor(context.text, tokens, context.dialect)
    control = read_control(cursor)
    if control is not None:
        action = context.action(str(control), "", span)
        return Step(span, (assemble([action], span, section),), control=control)
    word = cursor.word()
    actions: list[Action] | None = None
    if word in ("SET", "SELECT", "PREPARE", "CREATE"):
        memory.notice(Cursor(context.text, tokens, context.dialect))
    if word in ("EXECUTE", "CALL"):
        actions = memory.execute(cursor)
    if actions is None:
        actions = read_actions(context, tokens)
    settings = (
        read_setting(Cursor(context.text, tokens, context.dialect))
        if word in ("SET", "RESET", "PRAGMA")
        else []
    )
    if not actions:
        return Step(span, settings=tuple(settings))
    return Step(span, (assemble(actions, span, section),), settings=tuple(settings))


def _data(cursor: Cursor, context: Context) -> list[Action]:
    """A data change, or a query that may be one."""
    from partway.sql.data.statement import read_data  # most files change no data

    actions = read_data(
        context.text, cursor.tokens, context.dialect, context.server, context.knowledge.data()
    )
    if actions is None:
        into = cursor.find("INTO")
        if into < 0:
            raise Unread("a data change expected")
        return [_select_into(cursor, context, into)]
    return actions


def _select_into(cursor: Cursor, context: Context, into: int) -> Action:
    """SELECT ... INTO table, PostgreSQL's other spelling of CREATE TABLE AS."""
    cursor.i = into + 1
    traits = {"as-select"}
    if cursor.accept_any("TEMP", "TEMPORARY"):
        traits.add("temporary")
    cursor.accept("UNLOGGED")
    cursor.accept("TABLE")
    name = cursor.name()
    return context.action(
        "create-table", name, cursor.span(0, cursor.count), exists("table", name), traits=traits
    )


def _do(cursor: Cursor, context: Context) -> list[Action]:
    """PostgreSQL's DO block; MySQL's DO expression, which changes nothing by itself."""
    if not context.dialect.lexis.dollar_quotes:
        return [context.action("select", "", cursor.span(0, cursor.count))]
    for token in cursor.tokens[1:]:
        if token[0] in (DOLLAR, STRING):
            inside, tokens = quoted(context, token)
            actions = Block(inside, tokens).read()
            if inside is not context:
                actions = [action._replace(span=Span(token[1], token[2])) for action in actions]
            # Whatever a block puts together: what PostgreSQL refuses in a transaction it refuses in a block as well.
            actions = [
                action._replace(in_transaction=InTransaction.ROLLS_BACK)
                if action.kind == "opaque"
                else action
                for action in actions
            ]
            return actions or [context.action("do", "", cursor.span(0, cursor.count))]
    raise Unread("a block expected")


def _begin_not_atomic(cursor: Cursor, context: Context) -> list[Action]:
    actions = Block(context, cursor.tokens).read()
    return actions or [context.action("do", "", cursor.span(0, cursor.count))]


def _execute(cursor: Cursor, context: Context) -> list[Action]:
    """EXECUTE of a prepared statement whose text is not in this file. On PostgreSQL only data changes can be one."""
    if not context.dialect.lexis.dollar_quotes:
        raise Unread("the prepared statement is not known")
    return [context.action("execute", cursor.said(1, 2), cursor.span(0, cursor.count))]


def _opaque_target(cursor: Cursor) -> str:
    """The first words of a statement that could not be read, to know it by."""
    return " ".join(token[3].lower() for token in cursor.tokens[:2] if token[3].isalpha())


#: Statements that change nothing that lasts, and are no step worth showing.
_SILENT = frozenset(
    [
        "SHOW",
        "EXPLAIN",
        "DESCRIBE",
        "DESC",
        "DECLARE",
        "FETCH",
        "CLOSE",
        "MOVE",
        "DELIMITER",
        "HELP",
        "LISTEN",
        "UNLISTEN",
        "GO",
    ]
)

_READERS: dict[str, Callable[[Cursor, Context], list[Action]]] = {
    "CREATE": read_create,
    "ALTER": read_alter,
    "DROP": read_drop,
    "DO": _do,
    "BEGIN": _begin_not_atomic,
    "COMMENT": other.read_comment,
    "RENAME": other.read_rename,
    "GRANT": other.read_privileges,
    "REVOKE": other.read_privileges,
    "VACUUM": other.read_maintenance,
    "ANALYZE": other.read_maintenance,
    "ANALYSE": other.read_maintenance,
    "REINDEX": other.read_maintenance,
    "CLUSTER": other.read_maintenance,
    "REFRESH": other.read_maintenance,
    "OPTIMIZE": other.read_maintenance,
    "CHECK": other.read_maintenance,
    "REPAIR": other.read_maintenance,
    "LOCK": other.read_lock,
    "UNLOCK": other.read_lock,
    "SET": other.read_set,
    "RESET": other.read_set,
    "USE": other.read_set,
    "PRAGMA": other.read_set,
    "DISCARD": other.read_set,
    "CALL": other.read_simple("call"),
    "EXECUTE": _execute,
    "PREPARE": other.read_simple("prepare"),
    "DEALLOCATE": other.read_simple("deallocate"),
    "FLUSH": other.read_simple("flush"),
    "CHECKSUM": other.read_simple("checksum-table", 2),
    "HANDLER": other.read_simple("handler"),
    "XA": other.read_simple("xa"),
    "CHECKPOINT": other.read_simple("checkpoint"),
    "NOTIFY": other.read_simple("notify"),
    "ATTACH": other.read_simple("attach-database"),
    "DETACH": other.read_simple("detach-database"),
    "REASSIGN": other.read_simple("reassign-owned", 3),
    "SECURITY": other.read_simple("security-label"),
    "INSTALL": read_install,
    "UNINSTALL": read_install,
    "KILL": other.read_simple("kill"),
    "COMMIT": other.read_prepared_transaction,
    "ROLLBACK": other.read_prepared_transaction,
}
