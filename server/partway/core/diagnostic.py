"""What a rule has to say about a place in a migration."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from partway.core.edit import Fix
from partway.core.source import Span


class Group(StrEnum):
    """What a rule is about. Public: part of the JSON of `lint`, and selectable like a rule."""

    IDEMPOTENCY = "idempotency"
    TRANSACTION = "transaction"
    RECOVERY = "recovery"
    LOCKING = "locking"
    SYNTAX = "syntax"


class Severity(StrEnum):
    """How much a finding matters: `error` will fail when run, `warning` hurts when the migration stops half way,
    `info` is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


#: Works out how to mend a finding when somebody asks: the imperative, and the fix if there is one.
Later = Callable[[], tuple[str, Fix | None]]


class Diagnostic:
    """One finding: what is wrong and why here (`message`), one imperative (`help`), where, and how to mend it.

    With `later`, help and fix are worked out when first asked for: an editor asks for few of them.
    """

    __slots__ = ("_fix", "_help", "_later", "group", "known_help", "message", "rule", "severity", "span")

    def __init__(
        self,
        rule: str,
        group: Group,
        severity: Severity,
        message: str,
        help: str,  # noqa: A002 - the public name in the JSON of lint
        span: Span,
        fix: Fix | None = None,
        later: Later | None = None,
    ) -> None:
        self.rule = rule
        self.group = group
        self.severity = severity
        self.message = message
        self.span = span
        self._help = help
        self._fix = fix
        self._later = later
        #: The imperative if it was known from the start, else nothing: what an editor shows must stay the same
        #: whether or not somebody has asked for the fix since.
        self.known_help = "" if later is not None else help

    @property
    def help(self) -> str:
        """One imperative: what to do about it."""
        self._work_out()
        return self._help

    @property
    def fix(self) -> Fix | None:
        """The edits that mend it, None where there are none."""
        self._work_out()
        return self._fix

    def moved(self, span: Span, later: Later) -> Diagnostic:
        """The same finding at another place, with help and fix to be worked out anew."""
        found = Diagnostic(self.rule, self.group, self.severity, self.message, "", span, None, later)
        found.known_help = self.known_help
        return found

    def _work_out(self) -> None:
        if self._later is not None:
            self._help, self._fix = self._later()
            self._later = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Diagnostic) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash((self.rule, self.span, self.message))

    def __repr__(self) -> str:
        return f"Diagnostic({self.rule!r}, {self.span}, {self.message!r})"

    def _said(self) -> tuple[object, ...]:
        return self.rule, self.group, self.severity, self.message, self.help, self.span, self.fix
