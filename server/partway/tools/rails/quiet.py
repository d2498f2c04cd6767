"""Rails's migrations of which nothing can be said: in Rails's transaction, without SQL, guards or code of note."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.dialects.dialect import Dialect

#: Opt-outs, concurrent indexes, SQL and connections, transactions, guards, unchecked constraints, values of enums,
#: suppressions; a table dropped with options, which Rails may turn round into an empty one.
_TELLING = re.compile(
    r"disable_ddl|concurrent|exec|sql\b|connection|transaction|commit|exist|include\?|valid|enum|departure|partway"
    r"|drop_table[^\n#]*,",
    re.IGNORECASE,
)


def is_quiet(text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:  # noqa: ARG001 # no setting matters
    """Rails opens its transaction wherever the adapter can roll definitions back."""
    return dialect.transactional_ddl and _TELLING.search(text) is None
