"""Chooses the guard that the dialect's table names for an operation, and writes it as a fix."""

from __future__ import annotations

from collections.abc import Collection

from partway.core.edit import Applicability, Edit, Fix
from partway.core.operation import Action, InTransaction, Operation, Repeat
from partway.core.source import Span
from partway.dialects.catalog import Block, Catalog, catalog
from partway.dialects.dialect import Dialect, Version, Way
from partway.sql.guards import block, prepared
from partway.sql.guards.condition import terms
from partway.sql.guards.drop_first import drop_first
from partway.sql.guards.frame import Frame, merged
from partway.sql.guards.insertion import WORDS, foreign_key_place, insertion
from partway.sql.guards.invalid_index import drop_if_invalid
from partway.sql.guards.naming import naming

_UNNAMED = "unnamed"
_CONCURRENTLY = "concurrently"


class _Unguardable(Exception):
    """There is no guard of this form for this statement."""


def guard(
    text: str,
    operation: Operation,
    dialect: Dialect,
    server: Version,
    *,
    newline: str,
    wrap: tuple[str, str] | None = None,
    before: int | None = None,
    reused: bool = False,
    fresh: bool = False,
    taken: Collection[str] = (),
    alone: bool = False,
) -> Fix | None:
    """The fix that guards every action which could not be run again; None where SQL has no true guard for it here.

    `text` is the whole file and `newline` its line end. `wrap` are the lines that a tool wants around a statement with
    terminators inside. `before` is an offset on the line before which a statement of its own may be put, if that is not
    the statement's own line. `reused`: a name it makes or drops means something else later in the section, so the
    guard would look at the wrong thing: the fix is unsafe. `fresh`: the table is made in this section, so `taken` are
    all the names that its nameless indexes and constraints can clash with. `alone`: the statement must stay the only
    one in its file, so nothing can be put before it.
    """
    writer = _Writer(text, operation, dialect, server, newline, wrap, before, fresh, taken, alone)
    try:
        fix = writer.fix()
    except _Unguardable:
        return None
    return fix._replace(applicability=Applicability.UNSAFE) if reused else fix


class _Writer:
    """One operation being guarded."""

    def __init__(
        self,
        text: str,
        operation: Operation,
        dialect: Dialect,
        server: Version,
        newline: str,
        wrap: tuple[str, str] | None,
        before: int | None,
        fresh: bool,
        taken: Collection[str],
        alone: bool,
    ) -> None:
        self.operation = operation
        self.dialect = dialect
        self.server = server
        self.before = before
        self.fresh = fresh
        self.taken = taken
        self.alone = alone
        self.catalog: Catalog = catalog(dialect.name)
        self.frame = Frame(text, operation.statement, dialect.lexis, newline, wrap)
        self.edits: list[Edit] = []
        self.safe = True

    def fix(self) -> Fix:
        """The fix; raises _Unguardable."""
        todo = [action for action in self.operation.actions if not _repeatable(action)]
        if not todo:
            raise _Unguardable
        ways = [self._way(action) for action in todo]
        named = ""
        if Way.NAME_IT in ways:
            todo, ways, named = self._named(todo, ways)
        title = self._write(todo, ways)
        if named:
            title = f"Name it {named}, {title[0].lower()}{title[1:]}"
        applicability = Applicability.SAFE if self.safe else Applicability.UNSAFE
        return Fix(title, merged(self.edits), applicability)

    def _way(self, action: Action) -> Way:
        row = self.dialect.row(action.kind, action.traits, self.server)
        if row is None:
            raise _Unguardable
        return self.dialect.way(row, self.server)

    def _write(self, todo: list[Action], ways: list[Way]) -> str:
        """Write the guard for these actions and say what it does."""
        todo = [self._placed(action, way) for action, way in zip(todo, ways, strict=True)]
        if all(way in WORDS and action.insert_at is not None for action, way in zip(todo, ways, strict=True)):
            return self._insert(todo, ways)
        if self.operation.span != self.operation.statement or self._refused(ways):
            raise _Unguardable  # it stands in a block of its author's already, or cannot stand in one
        if len(todo) == 1 and ways[0] is Way.DROP_FIRST:
            return self._drop_first(todo[0])
        if len(todo) == 1 and ways[0] is Way.DROP_IF_INVALID:
            return self._drop_if_invalid(todo[0])
        if all(way is Way.BLOCK or way in WORDS or way is Way.NEEDLESS for way in ways):
            return self._block([a for a, way in zip(todo, ways, strict=True) if way is not Way.NEEDLESS])
        raise _Unguardable

    def _refused(self, ways: list[Way]) -> bool:
        refused = any(action.in_transaction is InTransaction.REFUSED for action in self.operation.actions)
        return refused and (self.alone or Way.BLOCK in ways)

    def _insert(self, todo: list[Action], ways: list[Way]) -> str:
        # DROP TABLE a, b is two actions with one place for IF EXISTS.
        places = {
            action.insert_at: self._words(action, way)
            for action, way in zip(todo, ways, strict=True)
            if action.insert_at is not None and action.guard is None
        }
        if not places:
            raise _Unguardable
        self.edits[:0] = [insertion(self.frame, at, words) for at, words in places.items()]
        said = dict.fromkeys(WORDS[way] for way in ways if way in WORDS)
        return f"Add {' and '.join(said)}"

    def _placed(self, action: Action, way: Way) -> Action:
        """The action with the place for its words: MariaDB takes those of a foreign key after FOREIGN KEY."""
        if way is not Way.IF_NOT_EXISTS or action.insert_at is not None or "foreign-key" not in action.traits:
            return action
        return action._replace(insert_at=foreign_key_place(self.frame, action))

    def _words(self, action: Action, way: Way) -> str:
        """The words, and for a foreign key its name once more: MariaDB looks for the one that follows them."""
        words = self.frame.case(WORDS[way])
        if "foreign-key" in action.traits and way is Way.IF_NOT_EXISTS:
            return f"{words} {self.catalog.identifier(action.postconditions[0].name.name)}"
        return words

    def _block(self, todo: list[Action]) -> str:
        asked = terms(todo, self.catalog)
        if not asked:
            raise _Unguardable
        if self.catalog.block is Block.DO and block.fits(self.frame):
            self.edits += block.do_block(self.frame, asked)
            return "Guard it with a DO block over pg_catalog"
        if self.catalog.block is Block.PREPARED and prepared.fits(self.frame):
            self.edits += prepared.prepared(self.frame, asked)
            if "${" in self.frame.text[self.frame.span.start : self.frame.span.end]:
                self.safe = False  # what a placeholder becomes may hold a quote
            return "Guard it with PREPARE over information_schema"
        raise _Unguardable

    def _drop_first(self, action: Action) -> str:
        edit = drop_first(self.frame, action, self.dialect, self.catalog, self.before)
        if edit is None:
            raise _Unguardable
        self.edits.append(edit)
        return f"Add DROP {action.kind.removeprefix('create-').replace('-', ' ').upper()} IF EXISTS before it"

    def _drop_if_invalid(self, action: Action) -> str:
        index = next((p for p in action.postconditions if p.object == "index"), None)
        edit = drop_if_invalid(self.frame, index, self.catalog, self.before) if index is not None else None
        if edit is None:
            raise _Unguardable
        if action.guard is None:
            if action.insert_at is None:
                raise _Unguardable
            self.edits.insert(0, insertion(self.frame, action.insert_at, self.frame.case("IF NOT EXISTS")))
        self.edits.append(edit)
        title = "Drop the index first if it is INVALID"
        return f"{title}, and add IF NOT EXISTS" if action.guard is None else title

    def _named(self, todo: list[Action], ways: list[Way]) -> tuple[list[Action], list[Way], str]:
        """The actions with the names that the engine would give, each name put into the text."""
        taken = list(self.taken)
        actions, names = [], []
        for action, way in zip(todo, ways, strict=True):
            if way is Way.NAME_IT:
                given = naming(self.frame, action, self.dialect, self.catalog, taken)
                if given is None:
                    if terms([action], self.catalog) is None:
                        raise _Unguardable
                    actions.append(action)  # nameless, but what it leaves can be told by more than its name
                    continue
                taken.append(given.name)
                names.append(given.name)
                self.edits.append(insertion(self.frame, given.at, given.words))
                conditions = tuple(
                    p if p.name.name else p._replace(name=p.name._replace(name=given.name))
                    for p in action.postconditions
                )
                action = action._replace(traits=action.traits - {_UNNAMED}, postconditions=conditions)
            actions.append(action)
        if names and not self.fresh:
            self.safe = (
                False  # the name may already be another one's, and the engine would have chosen the next
            )
        found = [self._way(action) for action in actions]
        found = [Way.BLOCK if way is Way.NAME_IT else way for way in found]
        return actions, found, " and ".join(names)


def _repeatable(action: Action) -> bool:
    return action.repeat is Repeat.SAME and (action.guard is None or action.guard.covers)


def guard_insert(text: str, operation: Operation, dialect: Dialect) -> Fix | None:
    """The fix that makes an INSERT skip rows whose key is there. Never safe: only its author knows whether the table
    has a key that tells one row from another, and whether a row that differs is to be kept."""
    frame = Frame(text, operation.statement, dialect.lexis, "\n")
    form = catalog(dialect.name)
    inserts = [action for action in operation.actions if action.kind == "insert"]
    if len(inserts) != 1 or inserts[0].guard is not None or operation.span != operation.statement:
        return None
    at = _skipping_place(frame, form)
    if at is None:
        return None
    words = frame.case(form.skip_duplicates)
    edit = insertion(frame, at, words) if at < frame.span.end else Edit(Span(at, at), f" {words}")
    return Fix(f"Add {form.skip_duplicates}", (edit,), Applicability.UNSAFE)


#: What may stand between INSERT and IGNORE.
_PRIORITIES = ("LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED")


def _skipping_place(frame: Frame, form: Catalog) -> int | None:
    """Where an INSERT takes the words that make it skip duplicates; None where there is no INSERT."""
    depth, inserted = 0, -1
    for _, start, end, word in frame.lexed.tokens:
        depth += (word == "(") - (word == ")")
        if depth == 0 and word == "INSERT":
            inserted = end
        elif inserted >= 0 and form.skip_duplicates_after:
            if word not in _PRIORITIES:
                return inserted
            inserted = end
        elif depth == 0 and inserted >= 0 and word == "RETURNING":
            return start
    return frame.span.end if inserted >= 0 else None
