"""Django's migrations of which nothing can be said: atomic ones without SQL of their own, where all rolls back."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.dialects.dialect import Dialect

#: Opt-outs, operations that want to be outside a transaction or leave a constraint unchecked, SQL, suppressions. What
#: is run as SQL by a function is not read, so that RunPython alone says nothing.
_TELLING = re.compile(r"atomic|concurrent|sql\b|notvalid|validate|collation|partway", re.IGNORECASE)


def is_quiet(text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:  # noqa: ARG001 # no setting matters
    """Django opens its transaction wherever the backend can roll definitions back."""
    return dialect.transactional_ddl and _TELLING.search(text) is None
