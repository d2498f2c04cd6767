"""What a rule is: a name, what it is about, its documentation, and a check over one analysed section."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from partway.core.diagnostic import Group, Later, Severity

if TYPE_CHECKING:
    from partway.core.edit import Fix
    from partway.core.source import Span
    from partway.rules.case import Case


class Finding(NamedTuple):
    """What a check yields; the rule's name, group and severity are added to it. `severity` is given where this finding
    matters more or less than the rule's others; `later` works out help and fix, where that costs something."""

    span: Span
    message: str
    help: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
    later: Later | None = None


class Rule(NamedTuple):
    """A rule as its file states it. `default` is False for rules that must be selected by name; `of_derived` says that
    it is also asked about sections that the tool derives from the other direction."""

    name: str
    group: Group
    severity: Severity
    default: bool
    documentation: str
    check: Callable[[Case], Iterator[Finding]]
    of_derived: bool = False
