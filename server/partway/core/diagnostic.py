"""What a rule has to say about a place in a migration."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

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


class Diagnostic(NamedTuple):
    """One finding: what is wrong and why here (`message`), one imperative (`help`), where, and how to mend it."""

    rule: str
    group: Group
    severity: Severity
    message: str
    help: str
    span: Span
    fix: Fix | None = None
