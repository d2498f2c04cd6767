"""`rescue`: which errors of the database it swallows, and what a second run makes of that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from partway.dialects import dialect_named
from partway.tools.rails.commands import RESCUED, Command, Look

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.running import Running

#: Errors of the drivers, in whose place Rails raises its own: who waits for them catches nothing.
_OF_DRIVERS: Final = re.compile(r"(?:::)?(?:PG|Mysql2|Trilogy|SQLite3)::\w+(?:::\w+)*")
#: What such a handler may do to go on in a transaction that an error has ended.
_STARTS_ANEW: Final = re.compile(r"requires_new|savepoint|rollback", re.IGNORECASE)
_ENDS: Final = re.compile(r"raise|^\s*(?:abort|exit!?|fail|throw|retry)\b", re.MULTILINE)
_TRANSACTION: Final = "the error that it catches has already ended PostgreSQL's transaction"
FIRST: Final = "the first error ends all that is rescued"


def rescued(running: Running, node: Node) -> Look | None:
    """What swallows the errors of the statements that stand in a `begin` or a method; None where nothing does."""
    handlers = [each for each in node.named_children if each.type == "rescue" and _catches(running, each)]
    if not handlers or any(ends(running, each) for each in handlers):
        return None
    return swallowing(running, handlers[0], node)


def ends(running: Running, handler: Node) -> bool:
    """Whether a handler may end the migration all the same."""
    return _ENDS.search(running.tree.said(handler)) is not None


def swallowing(running: Running, handler: Node, node: Node) -> Look:
    """A handler that swallows the errors of what stands in this. Each time that it is come to is one of its own."""
    aborts = running.in_transaction and dialect_named(running.program.dialect).query_is_transaction
    flaw = _TRANSACTION if aborts and not _STARTS_ANEW.search(running.tree.said(node)) else ""
    at = str(running.statements)
    return Look(RESCUED, "", at, present=True, span=running.tree.span(handler), said="rescue", flaw=flaw)


def _catches(running: Running, handler: Node) -> bool:
    """Whether a handler may be one for what Rails raises."""
    named = handler.child_by_field_name("exceptions")
    names = [running.tree.said(each) for each in named.named_children] if named is not None else []
    return not names or not all(map(_OF_DRIVERS.fullmatch, names))


def last_of_transaction(commands: Sequence[Command]) -> list[Command]:
    """The calls of a transaction of the migration's own: behind the last of what is rescued nothing meets its end, and
    the COMMIT that takes everything back raises no error."""
    if not commands:
        return []
    last = {look for look in commands[-1].looks if look.object == RESCUED}
    return [_spared(command, last) if last & set(command.looks) else command for command in commands]


def _spared(command: Command, handlers: set[Look]) -> Command:
    looks = tuple(look._replace(flaw="") if look in handlers else look for look in command.looks)
    return command._replace(looks=looks, commands=tuple(_spared(each, handlers) for each in command.commands))
