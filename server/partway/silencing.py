"""What linting would say of a resume migration is known and dealt with: it is told so in the file itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.core.diagnostic import Group
from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.linting import Selection, lint
from partway.tools.choice import Choice

#: What a look that is more than a name is taken for; the syntax is another matter.
_KNOWN = frozenset({Group.IDEMPOTENCY, Group.RECOVERY, Group.TRANSACTION})


def silenced(path: str, text: str, original: Migration, settings: Mapping[str, str]) -> str:
    """The text with a comment that hides what linting says of it; as it is where that is nothing. `original` is the
    migration that it finishes."""
    choice = Choice(original.tool, original.dialect, original.server, None, tuple(sorted(settings.items())))
    found = lint(SourceFile(path, text), choice, Selection())
    names = sorted({one.rule for one in found.diagnostics if one.group in _KNOWN})
    if not names:
        return text
    line = f"{original.comment} partway: ignore-file[{', '.join(names)}]{original.source.newline}"
    head = re.match(rf"(?:{re.escape(original.comment)}[^\r\n]*(?:\r\n|\n|\r))+", text)
    at = head.end() if head is not None else 0
    return text[:at] + line + text[at:]
