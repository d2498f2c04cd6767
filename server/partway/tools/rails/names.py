"""The names that Rails gives to what it makes: indexes, foreign keys, constraints, join tables.

Read in ActiveRecord's schema_statements.rb and migration/compatibility.rb, 4.2 to 8.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partway.core.digests import sha256
from partway.tools.embedded import HOLE

if TYPE_CHECKING:
    from partway.tools.rails.inflection import Inflector

#: A generated index name longer than this is shortened since 7.1.
_LONGEST_INDEX = 62
_SHORT_INDEX_SINCE = (7, 1)


def index_name(table: str, columns: str | Sequence[str], version: tuple[int, ...]) -> str:
    """The name of an index on these columns; a string that is no plain name is an expression."""
    if isinstance(columns, str):
        listed = ["_".join(re.findall(r"\w+", columns))] if re.search(r"\W", columns) else [columns]
    else:
        listed = list(columns)
    if version and version < _SHORT_INDEX_SINCE:
        return f"index_{table}_on_{'_and_'.join(listed)}"
    name = f"index_{unqualified(table)}_on_{'_and_'.join(listed)}"
    if HOLE in name:
        return HOLE
    if len(name.encode()) <= _LONGEST_INDEX:
        return name
    ending = f"_{sha256(name.encode()).hexdigest()[:10]}"
    short = f"idx_on_{'_'.join(listed)}".encode()[: _LONGEST_INDEX - len(ending)].decode(errors="ignore")
    return short + ending


def hashed(prefix: str, said: str) -> str:
    """A name with ten digits of a hash, as foreign keys (`fk`) and constraints get them."""
    return HOLE if HOLE in said else f"{prefix}_rails_{sha256(said.encode()).hexdigest()[:10]}"


def foreign_key_name(table: str, columns: Sequence[str]) -> str:
    """The name of a foreign key from these columns."""
    return hashed("fk", f"{table}_{'_and_'.join(columns)}_fk")


def check_name(table: str, expression: str) -> str:
    """The name of a check constraint."""
    return hashed("chk", f"{table}_{expression}_chk")


def exclusion_name(table: str, expression: str) -> str:
    """The name of an exclusion constraint (7.1)."""
    return hashed("excl", f"{table}_{expression}_excl")


def unique_name(table: str, columns: Sequence[str]) -> str:
    """The name of a unique constraint (7.1), from its columns or from the index that it takes over."""
    return hashed("uniq", f"{table}_{'_and_'.join(columns)}_unique")


def join_table(one: str, other: str) -> str:
    """The table between two tables: both names in order, what they share before an underscore said once."""
    return re.sub(r"^(.*[._])(.+)\0\1(.+)", r"\1\2_\3", "\0".join(sorted((one, other)))).replace("\0", "_")


def unqualified(table: str) -> str:
    """A table's name without its schema."""
    return table.rpartition(".")[2].strip('"`')


def foreign_key_column(to_table: str, inflector: Inflector, column: str = "id") -> str:
    """The column that refers to a table."""
    return f"{inflector.singularize(unqualified(to_table))}_{column}"
