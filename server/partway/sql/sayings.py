"""Facts that say something of a thing which is there already, and that are asked of the catalog with yes or no: its
comment, its owner, who may do what with it.

Each names its thing by attributes (`of`, `schema`, `name`, `arguments`) and by `table` where it lives in one; its own
name is the thing's in words. So that a later statement takes the place of an earlier one.
"""

from __future__ import annotations

from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.cursor import Cursor
from partway.sql.objects import IN_TABLE, ROUTINES, read_object
from partway.sql.operators import BY_METHOD, read_operands, read_operator, read_transform, with_method


class Subject(NamedTuple):
    """A thing of which something is said."""

    of: str
    name: Name
    table: Name | None = None
    arguments: str | None = None

    def said(self, what: str, more: tuple[tuple[str, str], ...], which: str = "") -> Postcondition:
        """What is said of it; `which` tells it from other things that are said with the same word."""
        own = f"{self.of} {self.name}" if self.name.name else self.of
        own += f"({self.arguments})" if self.arguments is not None else ""
        attributes = [("of", self.of), ("name", self.name.name)]
        if self.name.schema:
            attributes.append(("schema", self.name.schema))
        if self.arguments is not None:
            attributes.append(("arguments", self.arguments))
        return exists(what, Name(f"{which} {own}".strip()), self.table, (*attributes, *more))


#: Kinds that have no schema before their name.
_ALONE = frozenset(
    """schema role database extension language server foreign-data-wrapper event-trigger publication subscription
    tablespace access-method""".split()  # noqa: SIM905 - a list of words
)


def read_subject(cursor: Cursor, of: str) -> Subject | None:
    """The thing that stands here, stepping over it; None where it is named in a way that is not known. Gives up where
    no name stands."""
    if of == "large-object":
        return None
    if of == "operator":
        operator = read_operator(cursor)
        return Subject(of, operator, None, dict(read_operands(cursor)).get("arguments"))
    if of == "transform":
        language, type_ = read_transform(cursor)
        return Subject(of, language, None, dict(type_).get("arguments"))
    if of == "cast":
        first = cursor.i
        cursor.skip_parentheses()
        return Subject(of, Name(cursor.said(first, cursor.i)))
    name = Name(cursor.identifier()) if of in _ALONE else cursor.name()
    if of in ROUTINES and cursor.word() == "(":
        first = cursor.i
        cursor.skip_parentheses()
        return Subject(of, name, None, cursor.said(first + 1, cursor.i - 1))
    if of in BY_METHOD:
        return Subject(of, with_method(name, cursor))
    if of in IN_TABLE:
        cursor.expect("ON")
        domain = cursor.accept("DOMAIN")
        table = cursor.name()
        return Subject("domain-constraint" if domain else of, name, table)
    return Subject(of, name)


def comment(cursor: Cursor) -> list[Postcondition]:
    """COMMENT ON thing IS text; the cursor stands at the thing's kind."""
    of = read_object(cursor)
    subject = read_subject(cursor, of) if of is not None else None
    if subject is None or not cursor.accept("IS"):
        return []
    text = cursor.said(cursor.i, cursor.count)
    return [] if "${" in text else [subject.said("comment", (("text", text),))]


#: Words that stand for a role whose name only the session knows.
SOMEBODY = frozenset({"CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"})


def ownership(subject: Subject, owner: Cursor) -> list[Postcondition]:
    """ALTER thing OWNER TO role; the cursor stands at the role."""
    if owner.word() in SOMEBODY:
        return []
    return [subject._replace(table=None).said("ownership", (("owner", owner.identifier()),))]


#: What ALL means of each kind of thing.
_ALL = {
    "sequence": ("usage", "select", "update"),
    "schema": ("usage", "create"),
    "function": ("execute",),
    "procedure": ("execute",),
    "routine": ("execute",),
    "type": ("usage",),
    "domain": ("usage",),
    "database": ("create", "connect", "temporary"),
    "language": ("usage",),
    "server": ("usage",),
    "foreign-data-wrapper": ("usage",),
    "tablespace": ("create",),
    "column": ("select", "insert", "update", "references"),
    "all-tables": ("select", "insert", "update", "delete", "truncate", "references", "trigger"),
    "all-sequences": ("usage", "select", "update"),
    "all-functions": ("execute",),
    "all-procedures": ("execute",),
    "all-routines": ("execute",),
}


class Terms(NamedTuple):
    """How a GRANT or REVOKE goes: the parts of it, and what its facts say (`granted`)."""

    words: Cursor
    things: Cursor
    roles: tuple[str, ...]
    granted: str


def read_terms(cursor: Cursor) -> Terms | None:
    """GRANT words ON things TO roles, REVOKE words ON things FROM roles, with their options; without ON, of roles. None
    where a role is meant whose name only the session knows. Gives up where no name stands."""
    cursor.i = 0
    grant = cursor.accept("GRANT")
    if not grant:
        cursor.expect("REVOKE")
    option = not grant and (
        cursor.accept("GRANT", "OPTION", "FOR") or cursor.accept("ADMIN", "OPTION", "FOR")
    )
    first, to = cursor.i, cursor.find("TO" if grant else "FROM")
    if to < 0:
        return None
    on = cursor.part(first, to).find("ON")
    words = cursor.part(first, on if on >= 0 else to)
    things = cursor.part(on + 1 if on >= 0 else to, to)
    behind = cursor.part(to + 1, cursor.count)
    end = behind.find("WITH", "GRANTED", "CASCADE", "RESTRICT")
    roles = []
    for piece in cursor.part(to + 1, end if end >= 0 else cursor.count).pieces():
        part = cursor.part(*piece)
        part.accept("GROUP")
        if part.word() in SOMEBODY:
            return None
        roles.append("" if part.word() == "PUBLIC" else part.identifier())
    if grant and end >= 0 and cursor.part(end, cursor.count).accept("WITH", "GRANT", "OPTION"):
        granted = "with grant option"
    elif grant:
        granted = "yes"
    else:
        granted = "without grant option" if option else "no"
    return Terms(words, things, tuple(roles), granted)


def access(cursor: Cursor) -> list[Postcondition]:
    """GRANT and REVOKE of privileges on anything but whole tables, one fact for each privilege, thing and role."""
    terms = read_terms(cursor)
    if terms is None:
        return []
    things = terms.things
    if things.accept("ALL"):
        return _on_all(terms)
    server = things.accept("FOREIGN") if things.word(1) == "SERVER" else False
    of = read_object(things)
    if things.word() == "IN" or (server and of != "server"):
        return []
    if "${" in cursor.text[cursor.tokens[0][1] : cursor.tokens[-1][2]]:
        return []  # what it stands for is not told
    found: list[Postcondition] = []
    for piece in things.pieces():
        part = things.part(*piece)
        if of is None or of == "table":
            name = part.name()
            if not part.done:
                return []
            found += _on_columns(terms, name)
            continue
        subject = read_subject(part, of)
        if subject is None or not part.done or of not in _ALL:
            return []
        words = _words(terms.words, of)
        found += [one for word in words for one in _granted(terms, word, subject)]
    return found


#: What ALL TABLES means, and the like: a kind of thing by its plural.
_PLURALS = {
    "TABLES": "all-tables",
    "SEQUENCES": "all-sequences",
    "FUNCTIONS": "all-functions",
    "PROCEDURES": "all-procedures",
    "ROUTINES": "all-routines",
}


def _on_all(terms: Terms) -> list[Postcondition]:
    """ALL TABLES IN SCHEMA a, b: one fact for each schema, of all that is in it."""
    things = terms.things
    of = _PLURALS.get(things.word(), "")
    things.i += 1
    if not of or not things.accept("IN", "SCHEMA"):
        return []
    subjects = [Subject(of, Name(things.part(*piece).identifier())) for piece in things.pieces()]
    words = _words(terms.words, of)
    if any("(" in word or "${" in str(subjects) for word in words):
        return []
    return [one for subject in subjects for word in words for one in _granted(terms, word, subject)]


def _granted(terms: Terms, word: str, subject: Subject) -> list[Postcondition]:
    more = ("privilege", word)
    return [
        subject.said(
            "access", (more, ("role", role), ("granted", terms.granted)), f"{word} of {role or 'public'} on"
        )
        for role in terms.roles
    ]


def _words(words: Cursor, of: str) -> list[str]:
    found: list[str] = []
    for piece in words.pieces():
        word = words.said(*piece).removesuffix(" privileges")
        found += _ALL[of] if word == "all" else ["temporary" if word == "temp" else word]
    return found


def _on_columns(terms: Terms, table: Name) -> list[Postcondition]:
    """The privileges on columns of a table, those on all of it apart."""
    found: list[Postcondition] = []
    for piece in terms.words.pieces():
        part = terms.words.part(*piece)
        at = next((i for i in range(part.i, part.count) if part.tokens[i][3] == "("), -1)
        if at < 0:
            continue
        word = part.said(part.i, at).removesuffix(" privileges")
        part.i = at
        for column in part.names_in_parentheses() or ():
            subject = Subject("column", Name(column), table)
            for one in _ALL["column"] if word == "all" else (word,):
                found += _granted(terms, one, subject)
    return found


def membership(cursor: Cursor) -> list[Postcondition]:
    """GRANT role TO role, REVOKE role FROM role."""
    terms = read_terms(cursor)
    if terms is None or terms.granted not in ("yes", "no"):
        return []
    words = terms.words
    found = []
    for piece in words.pieces():
        part = words.part(*piece)
        name = Name(part.identifier())
        if not part.done:
            return []
        found += [
            Subject("role", name).said(
                "membership", (("role", role), ("granted", terms.granted)), f"of {role} in"
            )
            for role in terms.roles
        ]
    return found
