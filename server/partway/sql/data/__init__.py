"""What an INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY or SELECT does when it is run again.

`read_data` is the way in. It decides from tokens and small expression trees of its own; nothing is imported for it.
"""

from __future__ import annotations

from partway.sql.data.context import NOTHING_KNOWN, DataContext, TableFacts, column_key
from partway.sql.data.statement import FIRST_WORDS, read_data

__all__ = ["FIRST_WORDS", "NOTHING_KNOWN", "DataContext", "TableFacts", "column_key", "read_data"]
