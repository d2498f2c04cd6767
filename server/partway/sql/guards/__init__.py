"""From an operation that cannot be run again to the edits that guard it, in the form its dialect has."""

from partway.sql.guards.given import names_given
from partway.sql.guards.guard import guard, guard_insert

__all__ = ["guard", "guard_insert", "names_given"]
