"""Operations: the smallest pieces that an engine applies whole, and the actions inside them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from partway.core.postcondition import SAYINGS, Postcondition
from partway.core.source import Span


class Repeat(StrEnum):
    """What a second run of the same text does, as written, guards included.

    `same`: succeeds and changes nothing; `fails`: an error; `changes`: succeeds and leaves something else than one run
    (a second row, a second index, a compounded value); `unknown`: cannot be told from the text.
    """

    SAME = "same"
    FAILS = "fails"
    CHANGES = "changes"
    UNKNOWN = "unknown"


class InTransaction(StrEnum):
    """What becomes of the operation inside a transaction that is rolled back.

    `rolls-back`: undone; `refused`: the engine raises an error inside a transaction; `commits`: it commits the
    transaction, or its effect survives the rollback; `unknown`: cannot be told.
    """

    ROLLS_BACK = "rolls-back"
    REFUSED = "refused"
    COMMITS = "commits"
    UNKNOWN = "unknown"


class GuardForm(StrEnum):
    """How a guard is written."""

    IF_NOT_EXISTS = "if-not-exists"
    IF_EXISTS = "if-exists"
    OR_REPLACE = "or-replace"
    BLOCK = (
        "block"  # a procedural block whose condition looks at the catalog (PostgreSQL DO, BEGIN NOT ATOMIC)
    )
    HANDLER = "handler"  # a procedural block that swallows the "already exists" error
    PREPARED = "prepared"  # a statement chosen by a look at information_schema, then PREPAREd and EXECUTEd
    CONFLICT = "conflict"  # INSERT ... ON CONFLICT, INSERT IGNORE, ON DUPLICATE KEY UPDATE, REPLACE
    CONDITION = "condition"  # a data change that selects only what is not done yet
    DROP_FIRST = "drop-first"  # dropped with IF EXISTS before it is made again
    OPTION = "option"  # an option of the migration tool's call: if_not_exists: true
    LOOK = "look"  # a condition in the tool's language that looks at the database: unless table_exists?(...)


class Guard(NamedTuple):
    """What already protects an action against being run again.

    `covers` is False when the guard does not look at what the action makes; `flaw` then says why, in words.
    """

    form: GuardForm
    span: Span
    covers: bool = True
    flaw: str = ""

    def flawed(self, why: str) -> Guard:
        """The same guard, found to protect nothing."""
        return Guard(self.form, self.span, covers=False, flaw=why)


#: How the kinds begin that say what a thing is like which is there already.
_ONLY_SAY = (
    "alter-",
    "validate-",
    "set-",
    "unset-",
    "convert-",
    "comment",
    "grant",
    "revoke",
    "pragma",
    "remove-partitioning",
    "coalesce-partition",
)

#: What comes and goes by such words all the same: a table's place in a publication, an account's privilege, and the
#: partitions that PARTITION BY names.
_JOINS = frozenset({"published", "privilege", "partition"})
#: An attribute of what is taken away by REVOKE ALL or IF EXISTS: it need not have been there.
AMONG = ("among", "all")
#: What can be said again, and may have been so before.
_SAID_AGAIN = frozenset({"grant", "set-partitioning"})


#: A trait of renaming a table or column: names of indexes that were made of its name are made anew.
NAMES_FOLLOW = "names-follow"
#: A trait of what runs on a condition alone that nobody can read, and that does not ask whether it is done.
CONDITIONAL = "conditional"
#: A trait of what a condition about the environment keeps out of production, where alone a failure costs anything.
NOT_IN_PRODUCTION = "not-in-production"
#: A trait of a change of rows to which a second run does not come: what stands before it has turned the answer of a
#: condition around it.
NOT_REACHED_AGAIN = "not-reached-again"
#: A trait of a program's function of which a second run plainly leaves all rows as the first did.
SETTLED = "settled"
#: A trait of what a condition that nobody can read chooses, rows perhaps: it may choose what is not done yet.
CHOSEN = "chosen"
#: A trait of an UPDATE that fills some of the rows which have nothing yet, so that a second run takes the next ones.
FILLS_SOME = "fills-some"
#: A trait of an index that is taken away before it is built, in whatever state a failed run has left it.
CLEARED = "cleared"
#: A trait of a DELETE that leaves its table empty.
EVERY_ROW = "every-row"


class Action(NamedTuple):
    """One thing that an operation does: an ALTER TABLE with three comma-separated parts is one operation of three.

    `traits` are the words that choose the dialect's row for this kind (`concurrently`, `unnamed`, `temporary`, ...).
    `insert_at` is the offset where an IF [NOT] EXISTS would be written, None where the statement has no such place.
    `words` is what the migration's own language calls it (`add_column`, `op.create_table`), empty in SQL.
    """

    kind: str
    target: str
    span: Span
    traits: frozenset[str] = frozenset()
    guard: Guard | None = None
    postconditions: tuple[Postcondition, ...] = ()
    insert_at: int | None = None
    repeat: Repeat = Repeat.UNKNOWN
    in_transaction: InTransaction = InTransaction.UNKNOWN
    words: str = ""

    @property
    def of_session(self) -> bool:
        """Whether what it makes is seen by its own session alone."""
        facts = self.postconditions[:1]
        return "temporary" in self.traits or any((one.table or one.name).schema == "pg_temp" for one in facts)

    @property
    def only_says(self) -> bool:
        """Whether it makes nothing come or go, but says what a thing is like that is there already."""
        if self.kind == "add-partition" and self.postconditions:
            return all(fact.object == "table" for fact in self.postconditions)  # so many, without names
        if self.kind == "set-schema":
            return bool(self.postconditions) and self.postconditions[0].object in SAYINGS
        if not self.kind.startswith(_ONLY_SAY):
            return False
        return not any(fact.object in _JOINS and AMONG not in fact.attributes for fact in self.postconditions)

    @property
    def may_be_so(self) -> bool:
        """Whether it runs as well where what it leaves was there before."""
        return self.kind in _SAID_AGAIN or any(AMONG in fact.attributes for fact in self.postconditions)


class Operation(NamedTuple):
    """The smallest piece that the engine applies whole, in the order the tool runs it.

    `kind` is verb-object in kebab-case, `alter-table` where the actions are of several kinds, `opaque` where the text
    could not be read. `span` is the whole operation; `statement` the whole statement it came from (the same in SQL,
    but for guards wrapped around it). `section` is "up" or "down". `not_undone` says why the tool, told to go back,
    silently leaves this behind, where it makes the way down itself; empty where it undoes it.
    """

    kind: str
    target: str
    span: Span
    statement: Span
    actions: tuple[Action, ...]
    repeat: Repeat
    in_transaction: InTransaction
    section: str = "up"
    why_opaque: str = ""
    notes: tuple[str, ...] = ()
    not_undone: str = ""

    @property
    def guarded(self) -> bool:
        """Whether every action that could not be repeated bare is protected by a guard that covers it."""
        return any(a.guard is not None for a in self.actions) and all(
            a.repeat is Repeat.SAME or (a.guard is not None and a.guard.covers) for a in self.actions
        )

    @property
    def conditional(self) -> bool:
        """Whether only a run tells if it runs at all."""
        return any(CONDITIONAL in action.traits for action in self.actions)

    @property
    def postconditions(self) -> tuple[Postcondition, ...]:
        """What the operation leaves behind, over all of its actions in order."""
        return tuple(p for action in self.actions for p in action.postconditions)
