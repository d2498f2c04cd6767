"""One file through the whole house: read, analysed, suppressed. The command line and the editor both come here, so
they give the same findings."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from partway import suppress
from partway.analysis import analyse
from partway.core.diagnostic import Diagnostic, Group
from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.rules import all_rules
from partway.rules.rule import Rule
from partway.tools.choice import Choice
from partway.tools.reading import read

if TYPE_CHECKING:
    from partway.tools.beside import Beside
    from partway.versions import Versions

#: Selects every rule, also those that are otherwise asked only by name.
ALL = "all"


class Selection(NamedTuple):
    """Which rules are asked: names and groups. `select` None means the default rules."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()


class Linted(NamedTuple):
    """A file read, and what there is to say about it, in order of place."""

    migration: Migration
    diagnostics: list[Diagnostic]


def known_names() -> frozenset[str]:
    """Everything that can be selected or ignored: rules, groups, and `all`."""
    return frozenset((*all_rules(), *Group, ALL))


@lru_cache(maxsize=64)
def selected(selection: Selection) -> Mapping[str, Rule]:
    """The rules of a selection by name. A group stands for its default rules; names that nobody knows select
    nothing."""
    select = selection.select
    return {
        name: rule
        for name, rule in all_rules().items()
        if (
            rule.default
            if select is None
            else ALL in select or name in select or (rule.default and str(rule.group) in select)
        )
        and not {name, str(rule.group), ALL}.intersection(selection.ignore)
    }


def lint(
    source: SourceFile,
    choice: Choice,
    selection: Selection,
    validated: Container[str] = (),
    versions: Versions | None = None,
    beside: Beside | None = None,
) -> Linted:
    """Read a migration and ask the selected rules about it. `validated` are the names, in lower case, of the
    constraints that migrations beside it validate. `versions` know the text's version before, `beside` are the
    project's other files."""
    migration = read(source, choice, versions.next() if versions is not None else None, beside)
    if migration.refused:
        return Linted(
            migration, []
        )  # what nobody can run any more has done its work, and cannot stop half way
    rules = selected(selection)
    narrowed = selection.select is not None or bool(selection.ignore)

    def judge() -> list[Diagnostic]:
        analysis = analyse(migration, rules.values(), lambda name: name.lower() in validated)
        return suppress.apply(
            migration, analysis.diagnostics, enabled=rules, known=all_rules(), narrowed=narrowed
        )

    if versions is None:
        return Linted(migration, judge())
    return Linted(migration, versions.judged(migration, (selection, validated), judge))
