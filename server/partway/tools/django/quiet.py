"""Django's migrations of which nothing can be said: atomic ones without SQL of their own, where all rolls back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.dialects.dialect import Dialect

#: Operations that want to be outside a transaction or leave a constraint unchecked, suppressions. Plain words, in lower
#: case: a text is searched for them ten times as fast as by one pattern.
_TELLING = ("concurrent", "notvalid", "validateconstraint", "createcollation", "removecollation", "partway")
#: The same for what stands in many a word besides: opt-outs, and SQL. What is run as SQL by a function is not read, so
#: that RunPython alone says nothing.
_TELLING_PERHAPS = {
    "atomic": re.compile(r"\batomic\s*[:=]"),
    "sql": re.compile(r"(?<!my)(?<!postgre)sql"),
}


def is_quiet(text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:  # noqa: ARG001 # no setting matters
    """Django opens its transaction wherever the backend can roll definitions back."""
    if not dialect.transactional_ddl:
        return False
    lower = text.lower()
    return not (
        any(word in lower for word in _TELLING)
        or any(word in lower and sign.search(lower) for word, sign in _TELLING_PERHAPS.items())
    )
