"""The schema editor of a resume migration, as text: it sends what the database lacks, as far as this migration needs.

An operation may have stopped between two of its statements, and what it put off is lost. So the operation whose turn it
is runs once more, and each of its statements is looked at; one that has run is only passed over, for what it puts off.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent
from typing import NamedTuple

from partway.core.operation import Operation
from partway.tools.django.program import Program
from partway.tools.django.resume_keys import is_there, lacks_key
from partway.tools.django.resume_looks import WIDTH, quoted
from partway.tools.django.resume_pieces import Piece

#: Operations that put something off to the end, or change what others have put off, in the order of Django's documents.
_PUTTING_OFF = (
    "CreateModel",
    "DeleteModel",
    "RenameModel",
    "AlterModelTable",
    "AlterOrderWithRespectTo",
    "AddField",
    "RemoveField",
    "AlterField",
    "RenameField",
)
#: Those that make a table anew besides, on SQLite.
_REMAKING = ("AddConstraint", "RemoveConstraint")
#: Those of them that ask the database for names of keys.
_ASKING = frozenset(("RenameModel", "RemoveField", "AlterField", "RenameField"))
#: What sends whatever its author wrote.
_CODE = frozenset(("RunSQL", "RunPython"))
#: Statements that have names of their own in Django, by which they are looked for.
_KEYED = frozenset(("create-index", "add-constraint"))


class Needs(NamedTuple):
    """What the editor has to do for a migration.

    `keys`: leave out indexes and constraints that are there, `named_foreign_keys` among them; `begins`: statements of
    these kinds too, since they are followed by others of the same operation; `foreign_keys`: bring back keys that are
    dropped and made again; `together`: the options whose members come and go one by one; `concurrently`: clear what a
    failed build left; `puts_off`: the kinds of operations that are passed over when they have run; `transactions`:
    code that has one of its own; `copies`: where SQLite makes tables anew, those that get indexes then.
    """

    keys: bool
    named_foreign_keys: bool
    begins: frozenset[str]
    foreign_keys: bool
    together: tuple[str, ...]
    concurrently: bool
    puts_off: tuple[str, ...]
    transactions: bool
    copies: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether the migration's own editor will not do."""
        return bool(self.keys or self.begins or self.foreign_keys or self.together or self.concurrently)


def needs(found: Sequence[Piece], program: Program, copies: tuple[str, ...]) -> Needs:
    """What the operations need; `copies` are the tables that get indexes where any is made anew."""
    several = [piece for piece in found if piece.kind not in _CODE and len(piece.telling) > 1]
    sent = [kind for piece in several for one in piece.telling for kind in _kinds(one)]
    begun = [kind for piece in several for one in piece.telling[:-1] for kind in _kinds(one)]
    late = any(piece.later for piece in found)
    kinds = {piece.kind for piece in found}
    passed = (*_PUTTING_OFF, *(_REMAKING if copies else ())) if late or copies else ()
    return Needs(
        keys=late or bool(copies) or not _KEYED.isdisjoint(sent),
        named_foreign_keys=any(
            _makes_foreign_key(one) for piece in found for one in (*piece.now, *piece.later)
        ),
        begins=frozenset(begun).intersection(_BEGINS),
        foreign_keys=any(_makes_foreign_key(one) for piece in several for one in piece.now),
        together=tuple(
            option for kind, option in _TOGETHER.items() if any(piece.kind == kind for piece in several)
        ),
        concurrently="AddIndexConcurrently" in kinds,
        puts_off=tuple(kind for kind in passed if kind in kinds),
        transactions=any(_has_transaction(piece, program) for piece in found),
        copies=copies,
    )


def _kinds(one: Operation) -> frozenset[str]:
    return frozenset(action.kind for action in one.actions)


def _makes_foreign_key(one: Operation) -> bool:
    actions = one.actions
    return len(actions) == 1 and actions[0].kind == "add-constraint" and "foreign-key" in actions[0].traits


def _has_transaction(piece: Piece, program: Program) -> bool:
    given = piece.call.get("atomic", 2)
    return piece.kind == "RunPython" and (given is True or (given is None and program.atomic))


_TOGETHER = {"AlterUniqueTogether": "unique_together", "AlterIndexTogether": "index_together"}
_BEGINS = {
    "create-table": """\
    if words[:2] == ["CREATE", "TABLE"]:
        return has_table(schema_editor, words[2])
""",
    "drop-table": """\
    if words[:2] == ["DROP", "TABLE"]:
        return not has_table(schema_editor, words[2])
""",
    "drop-index": """\
    if words[:2] == ["DROP", "INDEX"]:
        name = str(statement.parts["name"]).strip('`"')
        return not has_key(schema_editor, statement.parts["table"].table, name)
""",
    "rename-table": """\
    renamed = words[:2] == ["ALTER", "TABLE"] and words[3:5] == ["RENAME", "TO"]
    if renamed or words[:2] == ["RENAME", "TABLE"]:
        return not has_table(schema_editor, words[2])
""",
    "add-column": """\
    if words[3:5] == ["ADD", "COLUMN"]:
        return has_column(schema_editor, words[2], words[5])
""",
    "rename-column": """\
    if words[3:5] == ["RENAME", "COLUMN"]:
        return not has_column(schema_editor, words[2], words[5])
""",
}
_IS_DONE = '''\
def is_done(schema_editor, statement):
    """Whether what a statement makes is there, or what it takes away is not."""
{looks}    return False
'''
#: Ends what was being made anew.
PUT_RIGHT = '''\
def put_copies_right(schema_editor):
    """A copy beside its table will be made again; one alone has taken its place."""
    there = schema_editor.connection.introspection.table_names()
    for table in TABLES:
        copy = f"new__{table}"
        names = {
            "table": schema_editor.quote_name(copy),
            "old_table": schema_editor.quote_name(copy),
            "new_table": schema_editor.quote_name(table),
        }
        if copy in there and table in there:
            schema_editor.execute(schema_editor.sql_delete_table % names)
        elif copy in there:
            schema_editor.execute(schema_editor.sql_rename_table % names)
'''
_KEYS = """\
    makes = getattr(statement, "template", "")
    if makes.startswith("CREATE ") or " ADD CONSTRAINT " in makes:
        name = str(statement.parts["name"]).strip('`"')
"""
_KEY = """\
        return has_key(schema_editor, statement.parts["table"].table, name)
"""
_KEY_OR_FOREIGN_KEY = """\
        look = has_foreign_key if " FOREIGN KEY " in makes else has_key
        return look(schema_editor, statement.parts["table"].table, name)
"""
_WORDS = r"""    words = re.findall(r'"[^"]+"|`[^`]+`|\S+', str(statement))
    words = [word.strip('`"') for word in words]
"""
_CLASS = '''\
class MissingOnly:
    """For a schema editor: sends only what the database lacks."""
'''
_PASSING = """
    passing = False  # over an operation that has run
"""
_COMPLETED = """\
    completed = False  # what the run stopped before
"""
_EXECUTE = """
    def execute(self, sql, params=()):
        if not {passing}is_done(self, sql):
            super().execute(sql, params)
"""
_COMPLETE = '''
    def complete(self, state):
        """Make the indexes that a table made anew lacks, once."""
        put_off, self.completed = self.deferred_sql, True
        for model in state.apps.get_models(include_auto_created=True):
            if model._meta.db_table not in TABLES or model._meta.proxy:
                continue
            self.deferred_sql, self.passing = [], True
            self.create_model(model)
            self.passing = False
            named = {key.name for key in model._meta.indexes + model._meta.constraints}
            for index in self.deferred_sql:
                table, columns = index.parts["table"].table, index.parts["columns"]
                by_name = str(index.parts["name"]).strip('"') in named
                if by_name or not has_index(self, table, columns.columns):
                    self.execute(index, None)
        self.deferred_sql = put_off
'''
_NO_NAMES = """
    def _constraint_names(self, *args, **kwargs):
        return [] if self.passing else super()._constraint_names(*args, **kwargs)
"""
_FOREIGN_KEYS = """
    def alter_field(self, model, old_field, new_field, strict=False):
        super().alter_field(model, old_field, new_field, strict)
        if (
            {passing}isinstance(new_field, models.ForeignKey)
{lacks_key}        ):  # dropped by the run that stopped before it could make it again
            suffix = "_fk_%(to_table)s_%(to_column)s"
            self.execute(self._create_fk_sql(model, new_field, suffix))
"""
_MEMBERS = """
    def alter_{option}(self, model, old_{option}, new_{option}):
{is_there}
        old, new = (
            {{tuple(fields) for fields in option}}
            for option in (old_{option}, new_{option})
        )
        super().alter_{option}(
            model,
            {{fields for fields in old if is_there(fields)}},
            {{fields for fields in new if fields in old or not is_there(fields)}},
        )
"""
_CONCURRENTLY = """
    def add_index(self, model, index, concurrently=False):
        if has_key(self, model._meta.db_table, index.name):
            # left INVALID by a build that failed
            self.remove_index(model, index, concurrently=concurrently)
        super().add_index(model, index, concurrently=concurrently)
"""


def editor(wanted: Needs, vendor: str) -> list[str]:
    """What it consists of: how a statement is looked at, the class, and what is passed over."""
    if not wanted.any:
        return []
    by_kind = wanted.named_foreign_keys and vendor == "mysql"  # where its index has the same name
    looks = ""
    if wanted.keys:
        looks += _KEYS + (_KEY_OR_FOREIGN_KEY if by_kind else _KEY)
    if begins := "".join(text for kind, text in _BEGINS.items() if kind in wanted.begins):
        looks += _WORDS + begins
    passing = "not self.passing\n            and " if wanted.puts_off else ""
    parts = [_CLASS]
    if wanted.puts_off:
        parts.append(_PASSING)
    if wanted.copies:
        parts.append(_COMPLETED)
    if looks:
        parts.append(_EXECUTE.format(passing="self.passing and not " if wanted.puts_off else ""))
    if wanted.puts_off and not _ASKING.isdisjoint(wanted.puts_off):
        parts.append(_NO_NAMES)
    if wanted.foreign_keys:
        parts.append(
            _FOREIGN_KEYS.format(passing=passing, lacks_key=indent(lacks_key("self", "new_field"), " " * 12))
        )
    parts += [
        _MEMBERS.format(option=option, is_there=indent(is_there("self", option), " " * 8))
        for option in wanted.together
    ]
    if wanted.concurrently:
        parts.append(_CONCURRENTLY)
    if wanted.copies:
        parts.append(_COMPLETE)
    found = [_IS_DONE.format(looks=looks)] if looks else []
    return [*found, "".join(parts)]


def constants(wanted: Needs) -> str:
    """What else stands at the top of the file."""
    found = ""
    if wanted.copies:
        found += "#: Tables that are made, made anew, or get columns.\n" + _tuple(
            "TABLES", [quoted(each) for each in wanted.copies]
        )
    if wanted.puts_off:
        kinds = [f"migrations.{kind}" for kind in wanted.puts_off]
        found += "#: What puts SQL off to the end, or changes what is put off.\n" + _tuple(
            "PUTTING_OFF", kinds
        )
    return found


def _tuple(name: str, members: Sequence[str]) -> str:
    line = f"{name} = ({', '.join(members)}{',' if len(members) == 1 else ''})"
    if len(line) > WIDTH:
        line = "\n".join([f"{name} = (", *(f"    {each}," for each in members), ")"])
    return f"{line}\n"
