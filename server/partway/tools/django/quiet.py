"""Django's migrations of which nothing can be said: atomic ones without SQL of their own, where all rolls back."""

from __future__ import annotations

from collections.abc import Mapping

from partway.dialects.dialect import Dialect

#: Opt-outs, operations that want to be outside a transaction or leave a constraint unchecked, SQL, suppressions. What
#: is run as SQL by a function is not read, so that RunPython alone says nothing. Plain words, in lower case: a text is
#: searched for them ten times as fast as by one pattern.
_TELLING = ("atomic", "concurrent", "sql", "notvalid", "validate", "collation", "partway")


def is_quiet(text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:  # noqa: ARG001 # no setting matters
    """Django opens its transaction wherever the backend can roll definitions back."""
    if not dialect.transactional_ddl:
        return False
    lower = text.lower()
    return not any(word in lower for word in _TELLING)
