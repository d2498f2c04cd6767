"""What conditions of Rails migrations are put together from."""

from __future__ import annotations

from time import perf_counter

import pytest

from partway.core.operation import NOT_IN_PRODUCTION
from partway.tools.rails.condition_parts import Part, taken_apart
from partway.tools.rails.inflection import Inflector
from partway.tools.rails.program import Program
from partway.tools.rails.scope import Scope
from tests.rules.test_environments import told
from tests.rules.test_program_findings import rails, said
from tests.tools.rails.helper import up


def written(part: Part, scope: Scope) -> str:
    """The parts in short: `!` before a question that is to be false."""
    if not part.parts:
        return f"{'' if part.wanted else '!'}{scope.tree.said(part.node)}"
    return f"({(' | ' if part.either else ' & ').join(written(each, scope) for each in part.parts)})"


def apart(text: str, wanted: bool = True) -> str:
    """What the condition of the text comes to."""
    program = Program(text, "postgresql", Inflector())
    scope = Scope(program)
    last = program.tree.root.named_children[-1]
    for node in program.tree.root.named_children:
        if node.type == "assignment":
            scope.assign(scope.tree.said(node.named_children[0]), None, node.named_children[1])
    return written(taken_apart(last, scope, wanted), scope)


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        ("a?", "a?", "!a?"),
        ("!a?", "!a?", "a?"),
        ("not (a?)", "!a?", "a?"),
        ("a? && !b?", "(a? & !b?)", "(!a? | b?)"),
        ("!(a? || b?) and c?", "((!a? & !b?) & c?)", "((a? | b?) | !c?)"),
        ("x = a? && b?\n!x", "(!a? | !b?)", "(a? & b?)"),
        ("( # why\n  a?)", "a?", "!a?"),
        ("-x", "-x", "!-x"),
        ("defined? x", "defined? x", "!defined? x"),
        ("a == b", "a == b", "!a == b"),
        ("a? &&", "(a? & )", "(!a? | !)"),
        ("!", "!", "!!"),
        ("(a?; b?)", "(a?; b?)", "!(a?; b?)"),
        ("x = !x\nx && a?", None, None),
    ],
)
def test_a_condition_is_taken_apart(text: str, true: str | None, false: str | None) -> None:
    for wanted, expected in ((True, true), (False, false)):
        found = apart(text, wanted)
        assert expected is None or found == expected


def test_variables_that_double() -> None:
    lines = "a0 = table_exists?(:a)\n"
    lines += "".join(f"a{n + 1} = a{n} && a{n} || !a{n}\n" for n in range(60))
    start = perf_counter()
    (made,) = up(f"{lines}create_table(:cards) unless a60")
    assert made.target == "cards"
    assert perf_counter() - start < 5


def test_methods_that_double() -> None:
    head = "  def a0?\n    Rails.env.test?\n  end\n"
    head += "".join(f"  def a{n + 1}?\n    a{n}? || a{n}?\n  end\n" for n in range(60))
    start = perf_counter()
    assert not told("return unless a60?\nadd_column :a, :b, :text\nadd_column :a, :c, :text", head=head)
    assert perf_counter() - start < 5


def test_a_comment_inside_parentheses() -> None:
    (made,) = up("add_column(:a, :b, :text) if ( # not in production\n Rails.env.test?)")
    assert NOT_IN_PRODUCTION in made.actions[0].traits
    (kept,) = up("create_table(:a) unless ( # the first time\n table_exists?(:a))")
    assert kept.actions[0].guard is not None


def test_a_variable_that_asks_two_things() -> None:
    """That the index is there is not enough for it to be taken away."""
    lines = (
        "both = index_name_exists?(:cards, 'new') && index_name_exists?(:cards, 'old')\n"
        "remove_index :cards, name: 'new' if both\n"
        "add_index :cards, :code, name: 'new', algorithm: :concurrently\n"
    )
    text = rails(lines, method="up", head="  disable_ddl_transaction!\n\n")
    assert said("rails", "postgresql", text, "unguarded-create")
    rest = "rename_index(:cards, 'new', 'old') if index_name_exists?(:cards, 'new') && !both\n"
    cleared = lines.replace("add_index", f"{rest}add_index")
    text = rails(cleared, method="up", head="  disable_ddl_transaction!\n\n")
    assert not said("rails", "postgresql", text, "unguarded-create")
