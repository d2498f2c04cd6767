"""How MySQL and MariaDB write names and strings."""

from __future__ import annotations

import re

_SIMPLE = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]*\Z")


def identifier(name: str) -> str:
    """A name as SQL text, in backticks unless it has the underscore that marks it as nobody's keyword."""
    return name if _SIMPLE.match(name) else "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """A string constant, right with the default sql_mode, where a backslash escapes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
