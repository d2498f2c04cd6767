"""Calls on something: on `t`, on the connection, on `dir`, on a list, on a model or its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from partway.tools.rails.bound import Connection, Direction, Records, Table
from partway.tools.rails.commands import Command, FrameKind
from partway.tools.rails.connections import is_elsewhere, is_own
from partway.tools.rails.directions import SPECIAL
from partway.tools.rails.looks import arguments
from partway.tools.rails.program import Model
from partway.tools.rails.pure import DATABASES
from partway.tools.rails.rows import asked, compounds, fills_lack, is_settled, looked_for
from partway.tools.rails.scope import Scope
from partway.tools.rails.values import UNKNOWN, Value, evaluate
from partway.tools.rails.vocabulary import CHAIN, CHANGED, EACH, METHODS, NO_DATABASE, ONCE, QUIET, WRITES

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.running import Running

_MOST_TURNS: Final = 500


def call_on(
    running: Running,
    node: Node,
    name: str,
    receiver: Node,
    given: Node | None,
    block: Node | None,
    scope: Scope,
    used: bool,
) -> bool:
    """One call with a receiver; False where it leaves what stands around it for certain."""
    said = running.tree.said(receiver) if receiver.end_byte - receiver.start_byte < 120 else ""
    bound: Value = evaluate(receiver, scope)
    if bound is UNKNOWN and receiver.type == "call":
        bound = records_of(running, receiver, scope)
    if isinstance(bound, Table):
        on_table(running, node, name, bound, given, block, scope)
        return True
    if isinstance(bound, Direction):
        if name in ("up", "down") and bound.down is (name == "down"):
            running.in_place(block, scope, upward=not bound.down)
        return True
    if isinstance(bound, Connection) or DATABASES.fullmatch(said) or said.endswith(".connection"):
        connection = (
            bound
            if isinstance(bound, Connection)
            else Connection(recorded=False, asked=said.rpartition(".")[0])
        )
        on_connection(running, node, name, given, block, scope, connection, used)
        return True
    if name in (
        "call",
        "public_send",
        "send",
        "__send__",
        "tap",
        "then",
        "try",
        "instance_eval",
        "class_eval",
    ):
        if block is not None:
            with running.inside(FrameKind.WHOLE, node, scope):
                running.block(block, scope, bound)
            return True
        if name in ("send", "public_send") and isinstance(bound, (Connection,)):
            return True
    if name == "transaction":
        transaction(running, node, block, scope, said)
        return True
    if isinstance(bound, (Model, Records)):
        return on_records(running, node, name, bound, block, scope, used)
    if block is not None and isinstance(bound, (list, dict, int)) and not isinstance(bound, bool):
        each(running, name, bound, given, block, scope)
        return True
    if receiver.type in ("call", "parenthesized_statements", "begin", "element_reference"):
        _inner(running, receiver, scope)
    if block is not None:
        with running.inside(FrameKind.WHOLE, node, scope):
            running.block(block, scope)
        if name in EACH or used:
            return True
    if said in ("ActiveRecord::Base", "ActiveRecord::Migration", "self.class", "ApplicationRecord", "Rails"):
        return True
    if receiver.type in ("constant", "scope_resolution") and not (
        used or name in QUIET or name.endswith("?")
    ):
        if _silent(said, name):
            return True
        running.opaque(node, f"{said}.{name}", "code of the application", scope=scope)
    elif name in WRITES and receiver.type in ("identifier", "call", "instance_variable") and not used:
        args, options = arguments(given, scope)
        if is_settled(name, args, options, asked(running.tree, node), "", running.program.dialect):
            made = Command(
                "rows", (WRITES[name], "", "once"), {}, node, running.tree.span(node), running.looks,
                words=f"{_short(said) or '?'}.{name}", scope=scope,
            )  # fmt: skip
            running.record(made, direct=True)
            return True
        running.opaque(
            node,
            f"{_short(said) or '?'}.{name}",
            "a change to records of a model that cannot be told",
            scope=scope,
        )
    return True


def _inner(running: Running, node: Node, scope: Scope) -> None:
    """A call that another one is called on: what it does counts too."""
    if node.type == "call":
        running.call(node, scope, used=True)
    else:
        running.body(node, scope)


def _silent(said: str, name: str) -> bool:
    return said.split("::", maxsplit=1)[0] in NO_DATABASE or name in (
        "logger",
        "configure",
        "new",
        "reset_column_information",
    )


def _short(said: str) -> str:
    return said if len(said) < 40 and "\n" not in said else ""


def transaction(running: Running, node: Node, block: Node | None, scope: Scope, said: str) -> None:
    """`Model.transaction do ... end`, of what is `said`: inside another transaction, it opens none."""
    if said and not running.in_transaction and is_elsewhere(running.program, said):
        from partway.tools.rails.other_transactions import of_another  # the rarer half of the work

        of_another(running, node, block, scope)
        return
    SPECIAL["transaction"](running, node, scope, None, block)


def on_connection(
    running: Running,
    node: Node,
    name: str,
    given: Node | None,
    block: Node | None,
    scope: Scope,
    connection: Connection,
    used: bool,
) -> None:
    """A call on the connection: what the migration calls itself, past the recorder unless it is the migration's own."""
    if name in METHODS:
        around = running.aside
        if connection.asked and (running.in_transaction or running.beside_another):
            running.aside = not is_own(running.program, connection.asked)
        running.command(node, name, scope, given, block, direct=not connection.recorded)
        running.aside = around
    elif name == "transaction":
        transaction(running, node, block, scope, connection.asked)
    elif block is not None:
        with running.inside(FrameKind.BLOCK, node, scope):
            running.block(block, scope)
    elif not (
        used
        or name in QUIET
        or name.endswith(("?", "="))
        or name.startswith(("quote", "select_", "supports_"))
    ):
        running.opaque(
            node, f"connection.{name}", "a call on the connection that Partway does not know", scope=scope
        )


def on_table(
    running: Running,
    node: Node,
    name: str,
    table: Table,
    given: Node | None,
    block: Node | None,
    scope: Scope,
) -> None:
    """`t.string :name`: in a new table as it stands, in one that is changed as the call that it stands for."""
    if name.endswith("?"):
        return
    if not table.changed:
        running.command(node, name, scope, given, block, words=f"t.{name}", sink=table.sink)
        return
    from partway.tools.rails.types import known

    words = f"t.{name}"
    args, options = arguments(given, scope)
    span = running.tree.span(node)
    plain = CHANGED.get(name)
    index = options.pop("index", None) if plain in (None, "add_column") else None
    calls: list[tuple[str, tuple[Value, ...]]]
    if plain in ("add_reference", "remove_reference"):
        calls = [
            ("add_reference" if plain == "add_reference" else plain, (table.table, each)) for each in args
        ]
    elif plain == "add_column" and name == "primary_key":
        calls = [("add_column", (table.table, args[0] if args else UNKNOWN, "primary_key"))]
        options["primary_key"] = True
    elif plain is not None:
        calls = [(plain, (table.table, *args))]
    elif known(name) or not args or any(isinstance(each, str) for each in args):
        calls = [("add_column", (table.table, each, name)) for each in args]
    else:
        calls = []
    if not calls and plain is None:
        running.opaque(node, words, "a call on a table that Partway does not know", block, scope)
        return
    for called, its in calls:
        table.sink(Command(called, its, dict(options), node, span, running.looks, None, words, scope=scope))
    if index:
        listed = index if isinstance(index, dict) else {}
        for _, its in calls:
            made = Command(
                "add_index", its[:2], dict(listed), node, span, running.looks, None, words, scope=scope
            )
            table.sink(made)


def each(running: Running, name: str, over: Value, given: Node | None, block: Node, scope: Scope) -> None:
    """A loop over what is known: its block, once for each."""
    if isinstance(over, int):
        args, _ = arguments(given, scope)
        if name == "times":
            turns: list[Value] = list(range(min(over, _MOST_TURNS)))
        elif name == "upto" and args and isinstance(args[0], int):
            turns = list(range(over, min(args[0], over + _MOST_TURNS) + 1))
        else:
            turns = [UNKNOWN]
    elif isinstance(over, dict):
        turns = [[key, value] for key, value in over.items()] if "**" not in over else [UNKNOWN]
        if name in ("each_key", "each_value"):
            turns = [turn[name == "each_value"] if isinstance(turn, list) else turn for turn in turns]
    elif name == "each_slice":
        args, _ = arguments(given, scope)
        size = args[0] if args and isinstance(args[0], int) and args[0] > 0 else 0
        turns = [over[at : at + size] for at in range(0, len(over), size)] if size else [UNKNOWN]
    else:
        turns = over
    for index, turn in enumerate(turns[:_MOST_TURNS]):
        if name.endswith("_with_index"):
            running.block(block, scope, turn, index)
        else:
            running.block(block, scope, turn)


def records_of(running: Running, node: Node, scope: Scope) -> Value:
    """The records that a chain of calls on a model gives: `User.where(...).order(...)`; UNKNOWN for anything else."""
    names: list[str] = []
    at: Node | None = node
    while at is not None and at.type == "call" and len(names) < 60:
        method, receiver = at.child_by_field_name("method"), at.child_by_field_name("receiver")
        if method is None or receiver is None:
            return UNKNOWN
        names.append(running.tree.said(method))
        at = receiver
    if at is None or at.type not in ("constant", "scope_resolution", "identifier", "self"):
        return UNKNOWN
    base = evaluate(at, scope)
    if not isinstance(base, (Model, Records)):
        return UNKNOWN
    model = base if isinstance(base, Model) else base.model
    chosen = f"{getattr(base, 'chosen', '')}{running.tree.said(node)}"
    if all(name in CHAIN or name in WRITES for name in names):
        return Records(model, chosen)
    # A scope of the model's own is as good as `where`; what anything else gives, nobody knows.
    return Records(model, chosen) if names[0] in CHAIN or names[0] in EACH else UNKNOWN


def on_records(
    running: Running,
    node: Node,
    name: str,
    bound: Model | Records,
    block: Node | None,
    scope: Scope,
    used: bool,
) -> bool:
    """A call on a model or on its records: a change to the table's rows, or a look at them."""
    table = bound.table
    model = bound if isinstance(bound, Model) else bound.model
    kind = WRITES.get(name)
    if kind is not None:
        args, options = arguments(node.child_by_field_name("arguments"), scope)
        chosen = f"{getattr(bound, 'chosen', '')}{asked(running.tree, node)}"
        again = ""
        settled = is_settled(name, args, options, chosen, table, running.program.dialect)
        missing = kind == "insert" and (
            looked_for(chosen, model.name, running.tree.text) or fills_lack(running.tree, node)
        )
        if name in ONCE or settled or missing:
            again = "once"
        elif compounds(name, args, chosen, table, running.program.dialect):
            again = "more"
        elif name in ("delete_all", "destroy_all") and not chosen and isinstance(bound, Model):
            again = "all"
        made = Command(
            "rows", (kind, table, again), {}, node, running.tree.span(node), running.looks,
            words=f"{model.name}.{name}", scope=scope,
        )  # fmt: skip
        running.record(made, direct=True)
        return True
    if name == "reset_column_information" and not running.recording:
        made = Command(name, (), {}, node, running.tree.span(node), running.looks, scope=scope)
        running.record(made, direct=True)
        return True
    if name in ("reset_column_information", "table_name=", "inheritance_column=", "record_timestamps="):
        return True
    if block is not None:
        with running.inside(FrameKind.WHOLE, node, scope):
            running.block(block, scope, bound if isinstance(bound, Records) else Records(model))
        return True
    if not (used or name in CHAIN or name in QUIET or name.endswith("?")):
        if isinstance(bound, Model):
            running.opaque(node, f"{model.name}.{name}", "code of the application", scope=scope)
        elif name not in EACH and not name.endswith("="):
            running.opaque(node, f"{model.name}#{name}", "code of the application", scope=scope)
    return True
