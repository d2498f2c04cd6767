"""What is said of things that are there: their comments, owners and privileges, asked of PostgreSQL's catalog."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.postcondition import Name, Postcondition, exists
from partway.dialects import strings
from partway.dialects.catalog.lookup import Lookup, attribute

#: Finds a thing's row, whatever is said of it.
Find = Callable[[Postcondition], Lookup | None]


def said(p: Postcondition, find: Find, literal: Callable[[str], str]) -> Lookup | None:
    """The row of the thing, if what is said of it is so."""
    of, name = attribute(p, "of"), attribute(p, "name")
    if of is None or name is None:
        return None
    arguments = attribute(p, "arguments")
    about = (("arguments", arguments),) if arguments is not None else ()
    found = find(exists(of, Name(name, attribute(p, "schema")), p.table, about))
    if found is None or " " in found.source:
        return None
    more = _SAID[p.object](p, found.source.removeprefix("pg_catalog."), literal)
    return None if more is None else found._replace(where=(*found.where, more))


#: Things of the whole cluster, by where they are looked for, and where they are kept.
_SHARED = {"pg_roles": "pg_authid", "pg_database": "pg_database", "pg_tablespace": "pg_tablespace"}


def _comment(p: Postcondition, source: str, literal: Callable[[str], str]) -> str | None:
    shared = _SHARED.get(source)
    described = f"shobj_description(oid, '{shared}')" if shared else f"obj_description(oid, '{source}')"
    text = attribute(p, "text") or ""
    if text.lower() == "null":
        return f"{described} IS NULL"
    meant = strings.said(text)
    if meant is None:
        return None
    if meant == {""}:
        return f"{described} IS NULL"  # an empty comment is none
    return f"{described} IN ({', '.join(map(literal, sorted(meant)))})"


_SAID: dict[str, Callable[[Postcondition, str, Callable[[str], str]], str | None]] = {"comment": _comment}
