"""Values of expressions in Python programs, as the text tells them."""

from __future__ import annotations

import pytest

from partway.core.source import Span
from partway.tools.embedded import HOLE
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import UNKNOWN, Call, Formula, Ref, path

HEAD = """from alembic import op as o
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from textwrap import dedent
from . import shared
NAME = "users"
TWICE = "a"
TWICE = "b"
ROUND = ROUND + "x"
COLUMNS = ["id", "name"]
A = B = "both"
class Status(Enum):
    ACTIVE = "active"
"""


def value(expression: str, **names: object) -> object:
    program = Program(f"{HEAD}RESULT = {expression}\n")
    return Scope(program, None, dict(names)).look_up("RESULT")


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("'a' \"b\" '''c'''", "abc"),
        (r"'a\n\x41\u00e9\101\q'", "a\nAéA\\q"),
        (r"r'a\n'", r"a\n"),
        ("'a' + NAME + 'b'", "ausersb"),
        ("f'x {NAME} {{y}}'", "x users {y}"),
        ("f'x {unknown} y'", f"x {HOLE} y"),
        ("f'{NAME!r}'", HOLE),
        ("'x %s %(a)s' % {'a': 1}", f"x {HOLE} 1"),
        ("'%s and %d%%' % (NAME, 3)", "users and 3%"),
        ("'%s' % NAME", "users"),
        ("'{} {1} {a} {{}}'.format('x', NAME, a='z')", "x users z {}"),
        ("', '.join(COLUMNS)", "id, name"),
        ("', '.join(f'{c}_x' for c in COLUMNS)", "id_x, name_x"),
        ("dedent('''\n    a\n      b\n    ''').strip()", "a\n  b"),
        ("Status.ACTIVE.value", "active"),
        ("A", "both"),
        ("'a' if 1 == 1 else 'b'", "a"),
        ("{'k': 'v'}['k']", "v"),
        ("str(12)", "12"),
    ],
)
def test_strings(expression: str, meant: str) -> None:
    found = value(expression)
    assert isinstance(found, Text)
    assert str(found) == meant
    assert found.known == (HOLE not in meant)
    assert "".join(piece.meant for piece in found.pieces) == meant


@pytest.mark.parametrize(
    ("expression", "meant"),
    [
        ("[1, -2, 3.5, None, True]", [1, -2, 3.5, None, True]),
        ("(*COLUMNS, 'x')", ("id", "name", "x")),
        ("{**{'a': 1}, 'b': (2,)}", {"a": 1, "b": (2,)}),
        ("list({'a': 1}.items())", [("a", 1)]),
        ("[x for x in range(4) if x != 2]", [0, 1, 3]),
        ("{k: v for k, v in [('a', 1)]}", {"a": 1}),
        ("list(reversed(COLUMNS))", ["name", "id"]),
        ("list(zip(COLUMNS, [1, 2]))", [("id", 1), ("name", 2)]),
        ("len(COLUMNS) > 1 and 'id' in COLUMNS", True),
        ("not 'id' in COLUMNS", False),
        ("[1] + [2] + [3]", [1, 2, 3]),
        ("Status.ACTIVE == 'active' or unknown()", True),
    ],
)
def test_literals(expression: str, meant: object) -> None:
    assert value(expression) == meant


@pytest.mark.parametrize("expression", ["TWICE", "ROUND", "unknown[0:1]", "lambda: 1", "b'x'"])
def test_what_only_a_run_would_tell(expression: str) -> None:
    found = value(expression)
    assert (
        found is UNKNOWN or (isinstance(found, Text) and not found.known) or isinstance(found, Call | Formula)
    )


def test_names_by_their_imports() -> None:
    assert value("sa.Integer") == Ref("sqlalchemy.Integer")
    assert value("postgresql.JSONB") == Ref("sqlalchemy.dialects.postgresql.JSONB")
    assert value("shared.column") == Ref(".shared.column")
    called = value("o.get_bind().dialect.name")
    assert path(called) == "alembic.op.get_bind().dialect.name"


def test_calls() -> None:
    called = value("sa.Column('id', sa.Integer(), *[1], nullable=False, **{'x': NAME})")
    assert isinstance(called, Call)
    assert called.path == "sqlalchemy.Column"
    assert called.complete
    assert called.get("name", 0) == "id"
    assert called.positional[2] == 1
    assert called.keywords == {"nullable": False, "x": "users"}
    assert called.get("missing", 7, "default") == "default"
    unclear = value("f(*unknown)")
    assert isinstance(unclear, Call)
    assert unclear.get("missing") is UNKNOWN


def test_conditions_keep_their_shape() -> None:
    found = value("not 'users' in sa.inspect(bind).get_table_names()")
    assert isinstance(found, Formula)
    assert found.operator == "not"
    inner = found.operands[0]
    assert isinstance(inner, Formula)
    assert inner.operator == "in"
    assert inner.operands[0] == "users"
    assert path(inner.operands[1]) == "sqlalchemy.inspect().get_table_names()"
    some = value("any(c['name'] == 'x' for c in unknown.get_columns('t'))")
    assert isinstance(some, Call)
    assert isinstance(some.positional[0], Formula)
    assert some.positional[0].operator == "for"


def test_pieces_stand_where_they_are_written() -> None:
    text = "S = ('DROP ' f'TABLE {N} ' 'x')\n"
    found = Scope(Program(text)).look_up("S")
    assert isinstance(found, Text)
    for piece in found.pieces:
        if piece.exact:
            assert text[piece.span.start : piece.span.end] == piece.meant
    elsewhere = value("'DROP TABLE ' + NAME")
    assert isinstance(elsewhere, Text)
    assert [piece.exact for piece in elsewhere.pieces] == [True, False]
    starts = [piece.span.start for piece in elsewhere.pieces]
    assert starts == sorted(starts)


def test_comments() -> None:
    tree = Program("x = 1  # one\n# two ä: Partway\n").tree
    assert [(comment.span, comment.text) for comment in tree.comments("python/comments.scm")] == [
        (Span(7, 12), "# one"),
        (Span(13, 29), "# two ä: Partway"),
    ]


def test_comments_of_a_text_that_says_nothing_to_partway_are_not_looked_for() -> None:
    assert Program("x = 1  # one\n# two\n").tree.comments("python/comments.scm") == []


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 5000,
        "(" * 5000 + "1" + ")" * 5000,
        "'a' + " * 5000 + "'b'",
        "not " * 5000 + "x",
        "x = " * 5000 + "1",
        "[" * 3000 + "]" * 3000,
        "f(" * 3000,
        "f'{" * 200,
        "x" + ".y" * 5000,
        "x" + "()" * 5000,
        "9" * 10_000,
        r"'\x'",
        r"'\U99999999'",
    ],
)
def test_hostile_expressions_do_not_raise(expression: str) -> None:
    value(expression)


def test_a_program_that_grows_without_end() -> None:
    text = "".join(
        f"A{n} = A{n - 1} + A{n - 1}\n" if n else "A0 = 'x' * 2 + 'y'\nA0 = 'xy'\n" for n in range(60)
    )
    text = text.replace("A0 = 'x' * 2 + 'y'\n", "")
    found = Scope(Program(text)).look_up("A59")
    assert not isinstance(found, Text) or len(found) <= 1_000_100
