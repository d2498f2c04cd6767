"""Django's django_migrations: a row for each migration that has run, by app label and name; nothing of one that failed.

Read in Django 5.2 (db/migrations/recorder.py, loader.py, graph.py, executor.py) and seen in its table. The order is
that of the graph: what a migration's `dependencies`, and the `run_before` of others, say must come first. Django takes
no lock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from partway.core.postcondition import Name
from partway.tools.history import Entry, File, History, Item, Late, Lock, Marking, Order, Record, Rows, Target
from partway.tools.place import file_name
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import listed
from partway.tools.tracking import entry_of, find, in_words, insert, literal, refused, said, select

#: A graph that is run out of its order is refused: InconsistentMigrationHistory.
LATE = Late.REFUSED
#: An app's own name for itself stands there.
BESIDE = ("../apps.py",)
#: A label that an AppConfig gives its app.
_LABEL = re.compile(r"^\s+label\s*(?::\s*str\s*)?=\s*[\"'](\w+)[\"']", re.MULTILINE)
_FIRST, _LATEST = "__first__", "__latest__"


def key(identity: str) -> str:
    """`app.name` as it stands."""
    return identity


def table(target: Target) -> Name:  # noqa: ARG001 # nothing changes it
    """Always `django_migrations`, where the connection looks first."""
    return Name("django_migrations")


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """All its rows, in the order in which they were written."""
    return select(target, table, ("app", "name", "applied", "id"), columns, ("id",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """Whatever is there has run."""
    return tuple(
        Entry(f"{said(app)}.{said(name)}", Record.RECORDED, said(at), id=said(id_))
        for app, name, at, id_ in ((*row, None, None, None)[:4] for row in rows if row)
    )


class _Said(NamedTuple):
    """What a migration's file says of its place in the graph, each as "app.name"."""

    dependencies: tuple[str, ...]
    run_before: tuple[str, ...]
    replaces: tuple[str, ...]


def _read(text: str) -> _Said | None:
    """What the class Migration says; None for a file without one. Dependencies that only a run would tell
    (`swappable_dependency`) are left out."""
    program = Program(text)
    definition = program.classes.get("Migration")
    body = definition.child_by_field_name("body") if definition is not None else None
    if body is None:
        return None
    found: dict[str, tuple[str, ...]] = {}
    for statement in body.named_children:
        first = statement.named_children[0] if statement.named_child_count else None
        if statement.type != "expression_statement" or first is None or first.type != "assignment":
            continue
        left = first.child_by_field_name("left")
        if left is not None and (name := program.tree.said(left)) in _Said._fields:
            found[name] = _pairs(Scope(program).value(first.child_by_field_name("right")))
    return _Said(*(found.get(name, ()) for name in _Said._fields))


def _pairs(value: object) -> tuple[str, ...]:
    found = []
    for each in listed(value) or ():
        pair = listed(each) or []
        if len(pair) == 2 and all(isinstance(part, Text) and part.known for part in pair):
            found.append(f"{pair[0]}.{pair[1]}")
    return tuple(found)


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """The order of `manage.py migrate`: each leaf of the graph in turn, what it needs first.

    Migrations are called `app.name`, as Django writes them. The files may include each app's apps.py.
    """
    paths: dict[str, str] = {}
    graph: dict[str, _Said] = {}
    for app, migrations in _apps(files).items():
        for file, found in migrations:
            name = f"{app}.{file_name(file.path).removesuffix('.py')}"
            paths[name], graph[name] = file.path, found
    needs = _needs(graph)
    names, circular = _plan(needs)
    troubles = [f"Django refuses a circle of dependencies through {name}" for name in circular]
    troubles += _leaves(needs)
    items = (Item(name, paths[name], tuple(sorted(needs[name])), graph[name].replaces) for name in names)
    return Order(tuple(items), linear=False, troubles=tuple(troubles))


def _apps(files: Iterable[File]) -> dict[str, list[tuple[File, _Said]]]:
    """The migrations by their app's label."""
    folders: dict[str, list[tuple[File, _Said]]] = {}
    configured: dict[str, str] = {}
    for file in sorted(files):
        folder, _, name = file.path.replace("\\", "/").rpartition("/")
        if name == "apps.py":
            labels = set(_LABEL.findall(file.text))
            if len(labels) == 1:
                configured[f"{folder}/migrations"] = labels.pop()
        elif name.endswith(".py") and name[0] not in "_~":
            found = _read(file.text)
            if found is not None:
                folders.setdefault(folder, []).append((file, found))
    apps: dict[str, list[tuple[File, _Said]]] = {}
    for folder, migrations in folders.items():
        apps.setdefault(configured.get(folder) or _label(folder, migrations), []).extend(migrations)
    return apps


def _label(folder: str, migrations: Iterable[tuple[File, _Said]]) -> str:
    """The label by which an app's migrations call each other; the app's folder where they do not."""
    migrations = list(migrations)
    names = {file_name(file.path).removesuffix(".py") for file, _ in migrations}
    votes = Counter(
        app for _, found in migrations for app, name in map(_key, found.dependencies) if name in names
    )
    usual = folder.removesuffix("/migrations").rpartition("/")[2]
    best = max(votes.values(), default=0)
    return usual if not best or votes[usual] == best else votes.most_common(1)[0][0]


def _needs(graph: Mapping[str, _Said]) -> dict[str, set[str]]:
    """What each migration needs, squashed ones in place of those that they replace."""
    stands_for = {old: new for new, each in graph.items() for old in each.replaces}
    needs: dict[str, set[str]] = {name: set() for name in graph if name not in stands_for}

    def known(name: str) -> str | None:
        app, last = _key(name)
        if last in (_FIRST, _LATEST):
            own = sorted(each for each in needs if each.startswith(f"{app}."))
            name = (own[0] if last == _FIRST else own[-1]) if own else ""
        name = stands_for.get(name, name)
        return name if name in needs else None

    for new, needed in needs.items():
        replaced = [graph[old] for old in graph[new].replaces if old in graph]
        for each in (graph[new], *replaced):
            needed.update(filter(None, map(known, each.dependencies)))
            for later in filter(None, map(known, each.run_before)):
                needs[later].add(new)
    for new, needed in needs.items():
        needed.discard(new)
    return needs


def _plan(needs: Mapping[str, set[str]]) -> tuple[list[str], list[str]]:
    """Django's MigrationGraph.iterative_dfs over every leaf, and one member of each circle."""
    needed = {name for each in needs.values() for name in each}
    done: dict[str, None] = {}
    under_way: set[str] = set()
    circular: list[str] = []
    starts = (*sorted((name for name in needs if name not in needed), key=_key), *sorted(needs, key=_key))
    for start in starts:
        stack = [(start, False)]
        while stack:
            name, processed = stack.pop()
            if name in done:
                continue
            if processed:
                done[name] = None
                under_way.discard(name)
            elif name in under_way:
                circular.append(name)
            else:
                under_way.add(name)
                stack.append((name, True))
                stack += [(each, False) for each in sorted(needs[name], key=_key)]
    return list(done), circular


def _key(name: str) -> tuple[str, str]:
    app, _, last = name.partition(".")
    return app, last


def _leaves(needs: Mapping[str, set[str]]) -> list[str]:
    """The apps that have several ends, which `migrate` refuses."""
    continued = {name for later, each in needs.items() for name in each if _key(name)[0] == _key(later)[0]}
    ends: dict[str, list[str]] = {}
    for name in needs:
        if name not in continued:
            ends.setdefault(_key(name)[0], []).append(name)
    return [
        f"Django refuses several leaf nodes of one app: {in_words(sorted(found))}"
        for found in ends.values()
        if len(found) > 1
    ]


def reached(history: History, order: Order) -> frozenset[str]:
    """What has a row, and each squashed migration all of whose parts have one."""
    found = {entry.identity for entry in history.entries}
    squashed = {item.identity for item in order.items if item.replaces and found.issuperset(item.replaces)}
    return frozenset(found | squashed)


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # as every tool's
    """Django takes none."""
    return None


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """`migrate --fake`, which also marks what the migration needs; that must therefore have run. Or the row."""
    item = find(order, file)
    if item is None:
        return Marking(refusal=f"{file_name(file.path)} holds no migration that Django would run")
    refusal = refused(history, entry_of(history, item.identity, key), item.identity)
    if refusal is not None:
        return refusal
    ran = reached(history, order)
    missing = [each for each in order.before(item.identity) if each not in ran]
    if missing:
        return Marking(refusal=f"{missing[0]} has not run, and {item.identity} needs it")
    app, name = _key(item.identity)
    values = {"app": literal(target, app), "name": literal(target, name), "applied": _NOW[target.dialect]}
    sql = insert(target, history.table, values)
    return Marking((sql,), ("python", "manage.py", "migrate", app, name, "--fake"))


_NOW = {
    "postgresql": "now()",
    "mysql": "UTC_TIMESTAMP(6)",
    "mariadb": "UTC_TIMESTAMP(6)",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f', 'now')",
}
