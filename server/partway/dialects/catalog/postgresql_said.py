"""What is said of things that are there: their comments, owners and privileges, asked of PostgreSQL's catalog."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition, exists
from partway.dialects import strings
from partway.dialects.catalog.lookup import Lookup, attribute
from partway.dialects.catalog.postgresql_settings import hidden, setting

#: Finds a thing's row, whatever is said of it.
Find = Callable[[Postcondition], Lookup | None]


def said(p: Postcondition, find: Find, literal: Callable[[str], str]) -> Lookup | None:
    """The row of the thing, if what is said of it is so."""
    if p.object == "default-access":
        return _default_access(p, literal)
    of, name = attribute(p, "of"), attribute(p, "name")
    if of in _ALL and name is not None:
        return _on_all(p, _ALL[of], name, literal)
    if of is None or name is None:
        return None
    arguments = attribute(p, "arguments")
    about = (("arguments", arguments),) if arguments is not None else ()
    found = find(exists(of, Name(name, attribute(p, "schema")), p.table, about))
    if found is None or " " in found.source:
        return None
    source = found.source.removeprefix("pg_catalog.")
    more = _SAID[p.object](p, source, literal)
    if more is None:
        return None
    if secret := hidden(p, source):
        row = f"FROM {found.source} WHERE {' AND '.join(found.where)}"
        return found._replace(
            where=(*found.where, f"NOT ({secret})", more), doubt=f"EXISTS (SELECT {row} AND {secret})"
        )
    return found._replace(where=(*found.where, more))


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


#: Where the owner of each kind of thing is kept, and what `acldefault` calls the kind.
_OWNERS = {
    "pg_class": ("relowner", "s"),
    "pg_namespace": ("nspowner", "n"),
    "pg_proc": ("proowner", "f"),
    "pg_type": ("typowner", "T"),
    "pg_database": ("datdba", "d"),
    "pg_language": ("lanowner", "l"),
    "pg_foreign_server": ("srvowner", "S"),
    "pg_foreign_data_wrapper": ("fdwowner", "F"),
    "pg_tablespace": ("spcowner", "t"),
    "pg_collation": ("collowner", ""),
    "pg_conversion": ("conowner", ""),
    "pg_operator": ("oprowner", ""),
    "pg_opclass": ("opcowner", ""),
    "pg_opfamily": ("opfowner", ""),
    "pg_ts_dict": ("dictowner", ""),
    "pg_ts_config": ("cfgowner", ""),
    "pg_statistic_ext": ("stxowner", ""),
    "pg_event_trigger": ("evtowner", ""),
    "pg_publication": ("pubowner", ""),
    "pg_subscription": ("subowner", ""),
}


def _ownership(p: Postcondition, source: str, literal: Callable[[str], str]) -> str | None:
    if source not in _OWNERS:
        return None
    return f"pg_get_userbyid({_OWNERS[source][0]}) = {literal(attribute(p, 'owner') or '')}"


def _role(name: str, literal: Callable[[str], str]) -> str:
    """A role's number; PUBLIC is 0."""
    return f"(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = {literal(name)})" if name else "0"  # noqa: S608 - a literal


def _access(p: Postcondition, source: str, literal: Callable[[str], str]) -> str | None:
    """Whether a role has been granted a privilege itself: what it has by others, or as a superuser, does not count."""
    if source == "pg_attribute":
        listed = "attacl"
    elif source in _OWNERS and _OWNERS[source][1]:
        owner, kind = _OWNERS[source]
        acl = f"{owner[:3]}acl"
        listed = f"coalesce({acl}, acldefault('{kind}', {owner}))"
    else:
        return None
    return _listed(p, listed, literal)


def _listed(p: Postcondition, listed: str, literal: Callable[[str], str]) -> str:
    """Whether a list of privileges has one, as a fact says."""
    granted = attribute(p, "granted") or ""
    where = [
        f"privilege_type = {literal((attribute(p, 'privilege') or '').upper())}",
        f"grantee = {_role(attribute(p, 'role') or '', literal)}",
        *(["is_grantable"] if "option" in granted else []),
    ]
    there = f"EXISTS (SELECT FROM aclexplode({listed}) WHERE {' AND '.join(where)})"
    return f"NOT {there}" if granted.startswith(("no", "without")) else there


class _Kind(NamedTuple):
    """Things of a kind that live in schemas: where they are kept, and what `acldefault` calls them."""

    source: str
    prefix: str
    which: str
    default: str


_ALL = {
    "all-tables": _Kind("pg_class", "rel", "relkind IN ('r', 'p', 'v', 'm', 'f')", "r"),
    "all-sequences": _Kind("pg_class", "rel", "relkind = 'S'", "s"),
    "all-functions": _Kind("pg_proc", "pro", "prokind <> 'p'", "f"),
    "all-procedures": _Kind("pg_proc", "pro", "prokind = 'p'", "f"),
    "all-routines": _Kind("pg_proc", "pro", "true", "f"),
}


def _on_all(p: Postcondition, kind: _Kind, schema: str, literal: Callable[[str], str]) -> Lookup:
    """Whether all things of a kind in a schema are granted as is said. Where some are and some are not, others may have
    come since: nobody can tell, and nor can anybody where there are none."""
    listed = f"coalesce({kind.prefix}acl, acldefault('{kind.default}', {kind.prefix}owner))"
    so = _listed(p, listed, literal)
    among = f"pg_catalog.{kind.source} WHERE {kind.prefix}namespace = pg_namespace.oid AND {kind.which}"
    some, others = f"EXISTS (SELECT FROM {among} AND {so})", f"EXISTS (SELECT FROM {among} AND NOT ({so}))"
    named = f"nspname = {literal(schema)}"
    none_or_mixed = f"({some} OR NOT {others})"
    return Lookup(
        "pg_catalog.pg_namespace",
        (named, some, f"NOT {others}"),
        doubt=f"EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE {named} AND {none_or_mixed})",
    )


def _membership(p: Postcondition, _source: str, literal: Callable[[str], str]) -> str:
    member = _role(attribute(p, "role") or "", literal)
    there = (
        f"EXISTS (SELECT FROM pg_catalog.pg_auth_members WHERE roleid = pg_roles.oid AND member = {member})"
    )
    return f"NOT {there}" if attribute(p, "granted") == "no" else there


_DEFAULTS = {"tables": "r", "sequences": "S", "functions": "f", "routines": "f", "types": "T", "schemas": "n"}


def _default_access(p: Postcondition, literal: Callable[[str], str]) -> Lookup:
    """What is granted on things that are yet to be made; where no role is said, by that of the session. In a schema
    that only adds to what the role grants everywhere."""
    maker, place = attribute(p, "maker"), attribute(p, "place")
    kind = _DEFAULTS[attribute(p, "name") or ""]
    schema = f"(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = {literal(place)})" if place else "0"  # noqa: S608 - a literal
    which = f"defaclobjtype = '{kind}' AND defaclnamespace = {schema}"
    own = f"defaclrole = pg_roles.oid AND {which}"
    listed = f"(SELECT defaclacl FROM pg_catalog.pg_default_acl WHERE {own})"  # noqa: S608 - literals
    if not place:
        listed = f"coalesce({listed}, acldefault('{'s' if kind == 'S' else kind}', pg_roles.oid))"
    role = f"rolname = {literal(maker)}" if maker else "rolname = current_user"
    found = Lookup("pg_catalog.pg_roles", (role, _listed(p, listed, literal)))
    if maker or attribute(p, "granted") not in _GIVEN:
        return found
    # The role that ran the migration may be another one than the session's.
    other = f"{which} AND {_listed(p, 'defaclacl', literal)}"
    return found._replace(doubt=f"EXISTS (SELECT FROM pg_catalog.pg_default_acl WHERE {other})")


_GIVEN = ("yes", "with grant option")


_SAID: dict[str, Callable[[Postcondition, str, Callable[[str], str]], str | None]] = {
    "comment": _comment,
    "ownership": _ownership,
    "access": _access,
    "membership": _membership,
    "setting": setting,
}
