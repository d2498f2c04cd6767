"""The text of a resume migration for Django: what this migration needs of it, and nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from partway.tools.django.backends import BACKENDS
from partway.tools.django.program import Program
from partway.tools.django.resume_editor import PUT_RIGHT, Needs, constants, editor, needs
from partway.tools.django.resume_looks import LOOKS, WIDTH, called, condition, laid_out, quoted
from partway.tools.django.resume_pieces import Piece, Shown, built_alone, shown
from partway.tools.django.resume_wholes import copied, indexed
from partway.tools.resuming import Request, named

_INDENT = "    "
_ONE_BY_ONE = '''\
def one_by_one(connection, operations, app_label, state):
    """What works on the database, in its order, with the states before and after it."""
    for operation in operations:
        before, state = state, state.clone()
        operation.state_forwards(app_label, state)
{nested}{split}        else:
            yield operation, before, state
'''
_NESTED = """\
        {word} isinstance(operation, migrations.SeparateDatabaseAndState):
            nested = operation.database_operations
            yield from one_by_one(connection, nested, app_label, before)
"""
_SPLIT = """\
        {word} isinstance(operation, migrations.RunSQL):
            statements = operation.sql
            if isinstance(statements, str):
                statements = connection.ops.prepare_sql_script(statements)
            for statement in statements:
                yield migrations.RunSQL([statement]), before, state
"""
_OPERATION = '''\
class Finish(Operation):
    """Run what has not run of the failed migration, whose state is there already."""

    reduces_to_sql = False
    reversible = True
    elidable = True

    def describe(self):
        return f"Finish {{FAILED}}"

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        loader = MigrationLoader(schema_editor.connection)
        failed = app_label, FAILED
        later = set(loader.graph.backwards_plan(failed)) - {{failed}}
        if not later.isdisjoint(loader.applied_migrations):
            return  # it went through here, and what came later stays as it is
        before = set(loader.applied_migrations).intersection(loader.graph.nodes)
        state = loader.project_state(sorted(before - {{failed}}))
        operations = loader.disk_migrations[failed].operations
{body}
    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass  # rolling back the failed migration undoes all of it
'''
_NOT_ATOMIC = f"{_INDENT}atomic = False\n\n"
_MIGRATION = """\
class Migration(migrations.Migration):
{atomic}    dependencies = [({app}, FAILED)]

    operations = [Finish()]
"""


def text(request: Request, app: str, failed: str, program: Program, found: Sequence[Piece]) -> str:
    """The whole file."""
    dialect = request.migration.dialect
    operations = [one for section in request.migration.sections[:1] for one in section.operations]
    wanted = needs(found, program, indexed(operations) if copied(operations) else ())
    signs = [shown(piece, request.steps, request.left_out) for piece in found]
    joined = any(sign.unless is None for sign in signs)
    has_run = _has_run(dialect, found, signs)
    looking = editor(wanted, BACKENDS[dialect].editor)
    parts = [
        *(LOOKS[name] for name in called([has_run, *looking])),
        *looking,
        PUT_RIGHT if wanted.copies else "",
        has_run,
        _one_by_one(found),
        _OPERATION.format(body=textwrap.indent(_body(found, wanted, program, joined=joined), 2 * _INDENT)),
        _MIGRATION.format(atomic="" if program.atomic else _NOT_ATOMIC, app=quoted(app)),
    ]
    head = [_docstring(request, failed), _imports(wanted), f"FAILED = {quoted(failed)}\n{constants(wanted)}"]
    whole = "\n".join(head) + "".join(f"\n\n{part}" for part in parts if part)
    return whole.replace("\n", request.migration.source.newline)


def _docstring(request: Request, failed: str) -> str:
    said = [f"Finish {failed}, which stopped half way."]
    found = request.found
    about = [f"{found.when}, {found.database}: {found.sentence}."] if found is not None else []
    about.append(
        "Each operation looks first whether it has run: this is right wherever it stopped, and does nothing where all"
        " of it is there."
    )
    about += request.only_here
    about += [
        f"Has run, and is not repeated: {named(each.operation)} ({each.why})." for each in request.left_out
    ]
    lines = [line for each in about for line in textwrap.wrap(each, WIDTH)]
    inside = "\n".join([*said, "", *lines]).replace("\\", "\\\\").replace('"""', '\\"""')
    return f'"""{inside}\n"""\n'


def _imports(wanted: Needs) -> str:
    names = ["migrations"]
    if wanted.foreign_keys:
        names.append("models")
    if wanted.transactions:
        names.append("transaction")
    lines = [
        f"from django.db import {', '.join(names)}",
        "from django.db.migrations.loader import MigrationLoader",
        "from django.db.migrations.operations.base import Operation",
    ]
    standard = ["import re"] if wanted.begins else []
    if wanted.transactions:
        standard.append("from contextlib import nullcontext")
    if standard:
        lines[:0] = [*standard, ""]
    return "\n".join(lines) + "\n"


def _has_run(dialect: str, found: Sequence[Piece], signs: Sequence[Shown]) -> str:
    moving = {
        fact.name.name
        for piece in found
        for one in piece.now
        for fact in one.postconditions
        if one.kind == "rename-table"
    }
    lines = [
        "def has_run(schema_editor):",
        f'{_INDENT}"""Whether each operation has run, asked when its turn comes."""',
    ]
    for piece, sign in zip(found, signs, strict=True):
        lines.append(f"{_INDENT}# {piece.said}")
        lines += [
            laid_out(_INDENT, "", "drop_invalid_index", (quoted(table), quoted(name)))
            for table, name in built_alone(piece)
        ]
        if sign.empty is not None:
            lines.append(f"{_INDENT}yield has_rows(schema_editor, {quoted(sign.empty.name)})")
        elif sign.unless is None:
            lines.append(f"{_INDENT}yield None  # shows nowhere: runs with the one before it")
        elif not piece.telling:
            lines.append(f"{_INDENT}yield True  # changes the state alone")
        elif not sign.unless:
            why = "shows nowhere: has not run" if sign.blind else "may simply run again"
            lines.append(f"{_INDENT}yield False  # {why}")
        else:
            lines.append(condition(dialect, sign.unless, _INDENT, "yield", moving))
    return "\n".join(lines) + "\n"


def _one_by_one(found: Sequence[Piece]) -> str:
    nested = any(piece.nested for piece in found)
    split = any(not piece.whole for piece in found)
    if not nested and not split:
        return ""
    return _ONE_BY_ONE.format(
        nested=_NESTED.format(word="if") if nested else "",
        split=(_SPLIT.format(word="elif" if nested else "if") if split else ""),
    )


def _body(found: Sequence[Piece], wanted: Needs, program: Program, *, joined: bool) -> str:
    """The replay."""
    name = "editor" if wanted.any else "schema_editor"
    lines = ["ran = True"] if joined else []
    asked = "shown" if joined else "ran"
    if _one_by_one(found):
        lines += [
            f"replay = one_by_one({name}.connection, operations, app_label, state)",
            f"for (operation, before, after), {asked} in zip(replay, has_run({name})):",
        ]
    else:
        lines += [
            f"for operation, {asked} in zip(operations, has_run({name})):",
            "    before, after = state, state.clone()",
            "    operation.state_forwards(app_label, after)",
            "    state = after",
        ]
    if joined:
        lines.append("    ran = ran if shown is None else shown")
    if wanted.copies:
        lines += ["    if not ran and not editor.completed:", "        editor.complete(before)"]
    if wanted.puts_off:
        lines.append("    editor.passing = ran")
    lines.append(
        "    if not ran or isinstance(operation, PUTTING_OFF):" if wanted.puts_off else "    if not ran:"
    )
    work = [f"operation.database_forwards(app_label, {name}, before, after)"]
    if wanted.transactions:
        own = "operation.atomic is not False" if program.atomic else "operation.atomic"
        work = [
            f"own = transaction.atomic({name}.connection.alias)",
            f"with own if {own} else nullcontext():",
            f"    {work[0]}",
        ]
    lines += [f"        {line}" for line in work]
    if wanted.puts_off:
        lines.append("editor.passing = False")
    if wanted.copies:
        lines.insert(0, "put_copies_right(editor)")
        lines += ["if not editor.completed:", "    editor.complete(after)"]
    if wanted.any:
        lines = [
            'editor_class = type("Finishing", (MissingOnly, type(schema_editor)), {})',
            "with editor_class(schema_editor.connection, atomic=False) as editor:",
            *(f"    {line}" for line in lines),
        ]
    return "\n".join(lines) + "\n"
