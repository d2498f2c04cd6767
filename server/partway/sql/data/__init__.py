"""What an INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY or SELECT does when it is run again.

`statement.read_data` is the way in, imported when the first such statement is met. It decides from tokens and small
expression trees of its own; nothing is imported for it.
"""

from __future__ import annotations

#: The first words of the statements that `read_data` takes.
FIRST_WORDS = frozenset(
    [
        "INSERT",
        "REPLACE",
        "UPDATE",
        "DELETE",
        "MERGE",
        "TRUNCATE",
        "COPY",
        "LOAD",
        "SELECT",
        "VALUES",
        "TABLE",
        "WITH",
        "EXPLAIN",
        "(",
    ]
)
