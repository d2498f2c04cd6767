"""What the idempotency rules share: which of them speaks for an exposed operation, why it is kept, where it shows."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import NamedTuple

from partway.core.edit import Fix
from partway.core.migration import Control, Mode
from partway.core.operation import Action, GuardForm, InTransaction, Operation, Repeat
from partway.core.source import Span
from partway.rules._advice import advice
from partway.rules.case import Case, Exposure, Kept
from partway.rules.rule import Finding

_WORDS = frozenset({GuardForm.IF_NOT_EXISTS, GuardForm.IF_EXISTS, GuardForm.OR_REPLACE, GuardForm.OPTION})
_DATA = {"insert": "insert", "copy": "insert", "update": "change", "delete": "change", "merge": "change"}
_PREPOSITIONS = {"insert": "into", "copy": "into", "merge": "into", "delete": "from"}
_CONSTRAINTS = ("primary-key", "foreign-key", "unique", "check", "exclude")
_LONGEST = 60
#: What a guard's writer does first for an index that a failure leaves behind.
_BROKEN = "Drop the index first if it is INVALID"


class Concern(StrEnum):
    """What is wrong with an operation that a repeat runs into. There is one for each operation, and one rule for each,
    so that no operation is reported twice."""

    CREATE = "create"  # CREATE of an object of its own
    ADD = "add"  # something added to an object that is there: ADD, ATTACH, an index inside ALTER TABLE
    DROP = "drop"  # DROP, DETACH, REMOVE
    RENAME = "rename"  # RENAME, SET SCHEMA, EXCHANGE PARTITION: what it names is elsewhere afterwards
    INSERT = "insert"  # rows that are inserted once more
    CHANGE = "change"  # data that is changed once more
    UNNAMED = "unnamed"  # a nameless object, of which a repeat makes another one
    MISSED = "missed"  # a guard that looks at something else
    WITHOUT_EFFECT = "without-effect"  # guard words that the dialect does not take, or takes and ignores


class Exposed(NamedTuple):
    """An operation that a repeat runs into, and the first of its actions that makes it so."""

    number: int  # its index in the section
    operation: Operation
    action: Action
    exposure: Exposure


def exposed(case: Case, concern: Concern) -> Iterator[Exposed]:
    """The exposed operations of a section that are this concern, in order."""
    return iter(case.once(_by_concern).get(concern, ()))


def _by_concern(case: Case) -> dict[Concern, list[Exposed]]:
    found: dict[Concern, list[Exposed]] = {}
    calls: set[Span] = set()
    is_program = case.migration.comment != "--"
    for index, exposure in sorted(case.exposures.items()):
        operation = case.operations[index]
        action, concern = concern_of(operation)
        if is_program:
            # A call of a program can be several statements, and a loop several turns: it is reported once.
            if operation.span in calls:
                continue
            calls.add(operation.span)
        found.setdefault(concern, []).append(Exposed(index, operation, action, exposure))
    return found


def concern_of(operation: Operation) -> tuple[Action, Concern]:
    """The action that a repeat of the operation runs into, and what is wrong with it."""
    if len(operation.actions) == 1 and operation.actions[0].guard is None:  # nearly always
        only = operation.actions[0]
        another = operation.repeat is Repeat.CHANGES and _makes_another(only)
        return only, Concern.UNNAMED if another else _by_kind(only.kind, only.traits)
    guilty = [action for action in operation.actions if is_unrepeatable(action)] or list(operation.actions)
    for action in guilty:
        if has_vain_guard(action):
            return action, Concern.WITHOUT_EFFECT
    for action in guilty:
        if action.guard is not None and action.guard.flaw:
            return action, Concern.MISSED
    if operation.repeat is Repeat.CHANGES and all(map(_makes_another, guilty)):
        return guilty[0], Concern.UNNAMED
    # What fails on a repeat is what is seen of it; what another one is made of would come after.
    failing = [action for action in guilty if action.repeat is Repeat.FAILS] or guilty
    if len(failing) > 1:
        failing = [action for action in failing if not _made_anew(action, operation)] or failing
    return failing[0], _by_kind(failing[0].kind, failing[0].traits)


def is_unrepeatable(action: Action) -> bool:
    """Whether a second run of the action, as it stands, fails or does more."""
    covered = action.guard is not None and action.guard.covers
    return not covered and action.repeat in (Repeat.FAILS, Repeat.CHANGES)


def has_vain_guard(action: Action) -> bool:
    """Whether IF [NOT] EXISTS, OR REPLACE or an option like them is written where it is not taken, or is ignored."""
    guard = action.guard
    return guard is not None and guard.form in _WORDS and not guard.covers


def _made_anew(action: Action, operation: Operation) -> bool:
    """Whether the same statement makes anew what the action takes away, so that a second run finds it."""
    from partway.sql.guards.condition import is_replaced

    facts = action.postconditions
    return bool(facts) and all(not fact.present and is_replaced(fact, operation.actions) for fact in facts)


def _makes_another(action: Action) -> bool:
    if action.repeat is not Repeat.CHANGES:
        return False
    return "unnamed" in action.traits or (action.kind == "alter-column" and "unique" in action.traits)


@lru_cache(maxsize=1024)
def _by_kind(kind: str, traits: frozenset[str]) -> Concern:
    if kind in _DATA:
        return Concern(_DATA[kind])
    if kind == "create-index" and "in-table" in traits:
        return Concern.ADD
    verb = kind.partition("-")[0]
    if verb == "create":
        return Concern.CREATE
    if verb in ("drop", "detach", "remove", "unset", "uninstall", "coalesce") or any(
        trait.startswith("drop") for trait in traits
    ):
        return Concern.DROP
    if verb in ("rename", "exchange") or kind == "set-schema":
        return Concern.RENAME
    return Concern.ADD


def unguarded(case: Case, concern: Concern) -> Iterator[Finding]:
    """The findings of a rule about operations that lack a guard: each says what is kept and why, what a repeat
    meets, and offers the guard that the dialect has."""
    for found in exposed(case, concern):
        message = f"{kept(case, found)}, and running it again {meets(found.action)}. {why(case, found)}."
        span = head(case, found.operation, found.action)
        yield Finding(span, message, later=partial(remedy, case, found))


def remedy(case: Case, found: Exposed) -> tuple[str, Fix | None]:
    """What to do about an operation that lacks a guard: the dialect's guard, or advice where it has none."""
    fix = case.write_guard(found.number)
    if fix is None:
        return advice(case, found), None
    title = fix.title
    if found.exposure.stop is None and _BROKEN not in title:
        title = f"{_BROKEN}, and {title[0].lower()}{title[1:]}"
    return title, fix


def kept(case: Case, found: Exposed) -> str:
    """What stays when the migration stops, as the first half of a sentence."""
    stop = found.exposure.stop
    if stop is None:
        return f"If {said(found.action)} fails, it leaves {found.exposure.leaves}"
    last = stop.after >= len(case.operations) - 1
    when = "before it is recorded as done" if last else "later"
    return f"{said(found.action)} is kept if the migration stops {when}"


def meets(action: Action) -> str:
    """What a second run of the action does, after "running it again"."""
    if action.repeat is Repeat.CHANGES:
        return "does it once more"
    if action.kind.startswith("alter-"):
        return "fails"
    for fact in action.postconditions:
        if fact.name.name:
            return _fails(fact.object, present=fact.present)
    return "fails"


@cache
def _fails(object_: str, *, present: bool) -> str:
    return f"fails: the {object_.replace('-', ' ')} {'already exists' if present else 'is gone'}"


def why(case: Case, found: Exposed) -> str:
    """The commit point that keeps the operation, as a sentence without its full stop."""
    stop, section, title = found.exposure.stop, case.section, case.dialect.title
    if stop is None:
        return "No transaction is open that could roll it back"
    if stop.kept is Kept.EXPLICIT:
        place = _place(case, stop.span)
        return f"{place[0].upper()}{place[1:]} keeps it" if not case.text(stop.span) else f"{place} keeps it"
    if stop.kept is Kept.IMPLICIT:
        if stop.span == found.operation.statement:
            return f"{title} commits it at once, whatever transaction is open"
        return f"{_place(case, stop.span)} commits it: {title} commits before each definition"
    if found.operation.in_transaction is InTransaction.COMMITS and not case.dialect.transactional_ddl:
        return f"{title} commits each definition by itself"
    if section.transaction.mode is Mode.NONE:
        return case.once(_by_itself)
    ended = [
        step.span
        for step in section.steps
        if step.control in (Control.COMMIT, Control.ROLLBACK)
        and step.span.end <= found.operation.statement.start
    ]
    if ended:
        return f"{_place(case, ended[-1])} ended the transaction, so it commits by itself"
    return "Each statement commits by itself here"


def _by_itself(case: Case) -> str:
    return f"Each statement commits by itself here: {case.section.transaction.reason}"


def said(action: Action) -> str:
    """An action with its target in the words of the migration's language: "ADD COLUMN users.role_id", "ADD CHECK on
    orders", "add_column users.role_id"."""
    return _said(action.kind, action.target, action.traits, action.words)


# With each key nearly all actions are as they were.
@lru_cache(maxsize=1024)
def _said(kind: str, target: str, traits: frozenset[str], own_words: str) -> str:
    target = _known(target)
    if own_words:
        return f"{own_words} {target}".rstrip()
    words = kind.replace("-", " ").upper()
    if kind == "create-index" and "in-table" in traits:
        words = "ADD INDEX"
    elif kind == "create-index" and "concurrently" in traits:
        words = "CREATE INDEX CONCURRENTLY"
    elif kind == "add-constraint" and "unnamed" in traits:
        which = next((trait for trait in _CONSTRAINTS if trait in traits), "constraint")
        words = f"ADD {which.replace('-', ' ').upper()}"
    elif kind in _PREPOSITIONS and target:
        words += f" {_PREPOSITIONS[kind].upper()}"
    if not target:
        return words
    return f"{words} on {target}" if "unnamed" in traits else f"{words} {target}"


def _known(target: str) -> str:
    """What is known of a target: of a column of nobody knows which table its own name, of nothing known nothing."""
    if "?" not in target:
        return target
    own = target.rpartition(".")[2]
    return "" if "?" in own else own


def head(case: Case, operation: Operation, action: Action) -> Span:
    """Where an operation is shown: its first line, up to the name of what it is about if that stands there."""
    text = case.migration.source.text
    start, end = operation.span
    line_end = text.find("\n", start, end)
    line = text[start : line_end if line_end >= 0 else end]
    return Span(start, start + _reach(line, action.target))


# With each key nearly all lines are as they were.
@lru_cache(maxsize=1024)
def _reach(line: str, target: str) -> int:
    """How much of an operation's first line is shown: up to the target's own name if that stands there."""
    line = line.partition("\r")[0].rstrip()
    name = target.rpartition(".")[2].lower()
    at = _word(line.lower(), name)
    if at < 0:
        return len(line)
    at += len(name)
    while at < len(line) and line[at] in "\"`]'":
        at += 1
    return at


def _word(line: str, name: str) -> int:
    """Where a name stands by itself: `a` is not in TABLE. -1 where it does not."""
    at = line.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        if not (line[at - 1 : at].isalnum() or line[end : end + 1].isalnum()):
            return at
        at = line.find(name, at + 1)
    return -1


def _place(case: Case, span: Span) -> str:
    """A statement's first words and its line, enough to know it by."""
    from partway.rules._transactions import is_program, opening

    if is_program(case, span):
        return f"{opening(case, span)} on line {case.line(span)}"
    words = " ".join(case.text(span)[: _LONGEST * 4].split())
    words = words.partition("(")[0].rstrip()
    words = words if len(words) <= _LONGEST else words[:_LONGEST].rpartition(" ")[0] + " ..."
    return f"{words} on line {case.line(span)}"
