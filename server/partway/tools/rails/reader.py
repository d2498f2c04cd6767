"""Rails's files to migrations: `up` and `down`, or `change` both ways, each call with what it sends to the database.

Read in ActiveRecord's migration.rb: a migration runs in one transaction where the database can take definitions back
(PostgreSQL, SQLite), without one on MySQL and MariaDB, and where the class says `disable_ddl_transaction!`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from partway.core.migration import Migration, Mode, Section, Step, TransactionMode, Trouble
from partway.core.source import SourceFile, Span
from partway.dialects import dialect_named
from partway.dialects.dialect import Version
from partway.tools.draft import Draft, embedded
from partway.tools.place import file_name
from partway.tools.rails.calls import CHANGES_ROWS, irreversible, make, not_taken_back
from partway.tools.rails.commands import Asked, Command, Irreversible
from partway.tools.rails.inflection import inflector
from partway.tools.rails.making import Context, Maker
from partway.tools.rails.program import Program
from partway.tools.rails.project import inflector_of, rails_of
from partway.tools.rails.running import Running
from partway.tools.rails.turning import stops_going_back, turned_round
from partway.tools.setup import Setup
from partway.tools.trees import query

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.parents import Parent

_IDENTITY = re.compile(r"(\d+)_")
#: Since then Rails raises an error where a class inherits from ActiveRecord::Migration without a version.
_VERSIONS_ONLY = (5, 1)
#: The calls behind a condition that say more once the whole section is read.
_TELLING = CHANGES_ROWS | {"remove_index", "rename_index"}
_BARE_REFUSED = "Rails loads no migration that does not say for which version it was written"


class Run(NamedTuple):
    """One direction of a migration, run on paper: its calls, None where the tool stops with an error before any, and
    what they send. `work` puts that into the draft where nobody has asked for it yet."""

    name: str
    span: Span
    commands: list[Command] | None
    draft: Draft
    work: Callable[[], object] | None = None


class Reading(NamedTuple):
    """A migration with what it was made from. `by_itself` says that nothing but its own text had a part in it."""

    migration: Migration
    context: Context
    runs: tuple[Run, ...]
    by_itself: bool


#: The file that was read last: each fix of a finding asks for it again.
_latest: list[Reading] = []


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file. Never raises."""
    reading = read_whole(source, setup)
    _latest[:] = [reading]
    return reading.migration


def by_itself(migration: Migration) -> Reading:
    """A migration read from its own text alone, as if every version of Rails from its own on might run it, so that two
    of its texts can be compared."""
    known = next(iter(_latest), None)
    if known is None or not known.by_itself or known.migration is not migration:
        source = migration.source
        known = _alone(source.path, source.text, migration.dialect, migration.server)
    return known


def drafts_of(migration: Migration) -> list[Draft]:
    """What a migration was put together in, one draft for each direction."""
    known = next(iter(_latest), None)
    reading = known if known is not None and known.migration is migration else by_itself(migration)
    return [run.draft for run in reading.runs]


@lru_cache(maxsize=1)
def _alone(path: str, text: str, dialect: str, server: Version) -> Reading:
    return read_whole(SourceFile(path, text), Setup("rails", dialect_named(dialect), server))


def read_whole(source: SourceFile, setup: Setup) -> Reading:
    """The migration in this file, with what it was made from."""
    text = source.text
    dialect = setup.dialect.name
    plurals = inflector_of(source.path, setup.beside)
    program = Program(text, dialect, plurals)
    above = None
    if program.above:
        from partway.tools.rails.parents import parent  # few projects have one

        above = parent(source.path, setup.beside, program.above, program.above_said)
        program.version = above.version
    rails = rails_of(source.path, setup.beside) or program.version
    program.rails = rails
    program.path, program.beside = source.path, setup.beside
    context = Context(program, program.adapter, program.version, rails)
    mode = _mode(program, setup, above)
    sections: list[Section] = []
    comments = program.tree.comments("rails/comments.scm")
    troubles = _troubles(program)
    runs = _runs(program, context, text, setup, mode)
    for name, span, _, draft, work in runs:
        derived = name == "down" and "down" not in program.methods
        sections.append(draft.finish(span, mode, derived=derived, work=work))
        if name == "up":
            troubles += draft.troubles
        comments += [comment for comment in draft.comments if comment not in comments]
    migration = Migration(
        source,
        setup.tool,
        dialect,
        setup.server,
        identity(source.path),
        tuple(sections),
        tuple(sorted(comments, key=lambda comment: comment.span)),
        tuple(troubles),
        setup.dialect_assumed,
        comment="#",
        embedded=embedded(run.draft for run in runs),
        refused=_BARE_REFUSED if program.bare and rails >= _VERSIONS_ONLY else "",
    )
    alone = rails == program.version and plurals is inflector() and setup.forced is None
    alone = alone and not program.asked_models and not program.above
    return Reading(migration, context, runs, alone)


def identity(path: str) -> str:
    """The version, which is the number that the file's name begins with; empty where it has none."""
    match = _IDENTITY.match(file_name(path))
    return match[1] if match else ""


def _mode(program: Program, setup: Setup, above: Parent | None) -> TransactionMode:
    own = program.methods.get("disable_ddl_transaction")
    if program.opt_out is not None and own is None:
        why = "Rails runs a migration that says disable_ddl_transaction! without a transaction"
        return TransactionMode(Mode.NONE, why, program.opt_out)
    if not setup.dialect.transactional_ddl:
        return TransactionMode(Mode.NONE, f"Rails opens no transaction on {setup.dialect.title}")
    if own is not None or above is not None:
        from partway.tools.rails.parents import without_transaction  # few projects have one

        who = "the migration itself" if own is not None else program.above
        opts_out = (
            without_transaction(program.tree.said(own))
            if own is not None
            else above is not None and above.without_transaction
        )
        if opts_out is None:
            why = f"nothing says for sure that a transaction surrounds the migration: {who} decides"
            return TransactionMode(Mode.NONE, why, uncertain=True)
        if opts_out:
            what = "it runs" if own is not None else "its migrations run"
            return TransactionMode(Mode.NONE, f"{who} says that {what} without a transaction")
    return TransactionMode(Mode.PER_MIGRATION, "Rails runs each migration in one transaction")


def _runs(
    program: Program, context: Context, text: str, setup: Setup, mode: TransactionMode
) -> tuple[Run, ...]:
    """Both directions: `up` and `down` as they stand, `change` as Rails turns it round."""
    found: list[Run] = []
    change = program.methods.get("change")
    lost: frozenset[Asked] = frozenset()
    for name in ("up", "down"):
        own = program.methods.get(name)
        method = own or change
        if method is None:
            continue
        draft = Draft(text, setup, name)
        span = program.tree.span(method)
        by_rails = own is None
        maker = Maker(
            draft, context, lost if by_rails else frozenset(), turned_round=by_rails and name == "up"
        )
        work: Callable[[], object] | None = None
        try:
            commands = (
                turned_round(program, found[0].commands) if by_rails and name == "down" and found else None
            )
            if commands is not None:
                work = partial(_make, maker, commands)
            else:
                commands = _called(program, method, setup, mode, reverting=by_rails and name == "down")
        except Irreversible as error:
            irreversible(Maker(draft, context), error.command, error.why)
            found.append(Run(name, span, None, draft))
            continue
        if by_rails and name == "up":
            lost = not_taken_back(context, commands)
            # Where going back stops with an error, nothing is left behind without a word.
            maker.lost = frozenset() if lost and stops_going_back(commands, program.rails) else lost
        if work is None:
            _make(maker, commands)
        found.append(Run(name, span, commands, draft, work))
    return tuple(found)


def _called(
    program: Program, method: Node, setup: Setup, mode: TransactionMode, *, reverting: bool
) -> list[Command]:
    in_transaction = setup.transaction(mode).mode is not Mode.NONE
    running = Running(program, reverting=reverting, in_transaction=in_transaction)
    running.method(method)
    return running.commands


def _make(maker: Maker, commands: list[Command]) -> None:
    steps = maker.draft.steps
    made: list[tuple[int, Command]] = []
    behind_look = False
    for command in commands:
        if not (command.inverted and any(look.asked in maker.lost for look in command.looks)):
            first = len(steps)
            make(maker, command)
            made.append((first, command))
            behind_look = behind_look or (
                bool(command.looks) and (command.name in _TELLING or _unguarded(steps[first:]))
            )
    if behind_look:
        from partway.tools.rails.reaching import mark  # the rarer half of the work

        mark(steps, made)


def _unguarded(steps: list[Step]) -> bool:
    """Whether a condition that stands around these does not look at them."""
    return any(operation.actions[0].guard is None for step in steps for operation in step.operations)


def _troubles(program: Program) -> list[Trouble]:
    """The first place where the text is no Ruby, with which the rest of it may be read wrong."""
    tree = program.tree
    if not tree.root.has_error:
        return []
    nodes = tree.captures(query("ruby", "rails/errors.scm")).get("error", ())
    first = min(nodes, key=lambda node: node.start_byte, default=None)
    if first is None:
        return []
    span = tree.span(first)
    at = Span(span.start, min(span.end, span.start + 80))
    return [Trouble(at, "this is not Ruby that can be read; what stands here or behind it may be missing")]
