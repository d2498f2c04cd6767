"""What CREATE says on PostgreSQL of things that are told apart by their name alone, trait by trait: so that one of the
same name that is otherwise is not taken for it. What cannot be read is left out."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.defaults import role
from partway.sql.foreign import foreign_options, wrapper
from partway.sql.lexer import STRING
from partway.sql.operators import made_operands
from partway.sql.sayings import Subject


def traits(cursor: Cursor, object_: str, name: Name, table: Name | None = None) -> list[Postcondition]:
    """What stands behind the name of what CREATE makes; the cursor stays. Nothing for kinds that are compared whole."""
    read = _BY_KIND.get(object_)
    if read is None or not cursor.dialect.privileges_in_table:
        return []
    part = cursor.part(cursor.i, cursor.count)
    arguments = None
    if object_ == "operator":
        arguments = dict(made_operands(cursor))["arguments"]
    elif object_ == "aggregate":
        first = part.i
        part.skip_parentheses()
        arguments = part.said(first + 1, part.i - 1)
    try:
        return read(part, Subject(object_, name, table, arguments))
    except Unread:
        return []


def _says(subject: Subject, key: str, value: str) -> Postcondition:
    return subject.said("setting", (("key", key), ("value", value)), f"{key} of")


def _function(part: Cursor, subject: Subject, key: str) -> list[Postcondition]:
    """The function whose name stands here."""
    more = (("key", f"function {key}"), ("value", str(part.name())))
    return [subject.said("setting", more, "function of" if key == "called" else f"{key} of")]


def _definition(part: Cursor, words: dict[str, str], subject: Subject) -> list[Postcondition]:
    """Functions by their names in `(FUNCTION = f, LEFTARG = int)`."""
    found = []
    inner = part.part(part.i + 1, part.closing(part.i))
    for piece in inner.pieces():
        one = inner.part(*piece)
        word = one.word()
        one.i += 1
        if word in words and one.accept("="):
            found += _function(one, subject, words[word])
    return found


def _role(part: Cursor, subject: Subject) -> list[Postcondition]:
    return role(part, subject.name)


def _event_trigger(part: Cursor, subject: Subject) -> list[Postcondition]:
    part.expect("ON")
    found = [_says(subject, "event", part.identifier())]
    at = part.find("EXECUTE")
    if at >= 0:
        part.i = at + 1
        if part.accept_any("FUNCTION", "PROCEDURE"):
            found += _function(part, subject, "called")
    return found


def _operator(part: Cursor, subject: Subject) -> list[Postcondition]:
    return _definition(part, {"FUNCTION": "called", "PROCEDURE": "called"}, subject)


def _aggregate(part: Cursor, subject: Subject) -> list[Postcondition]:
    return _definition(part, {"SFUNC": "transition", "FINALFUNC": "final"}, subject)


def _server(part: Cursor, subject: Subject) -> list[Postcondition]:
    found = foreign_options(part, subject)
    if part.accept("TYPE"):
        part.i += 1
    if part.accept("VERSION"):
        part.i += 1
    part.expect("FOREIGN")
    part.expect("DATA")
    part.expect("WRAPPER")
    return [*found, _says(subject, "wrapper", part.identifier())]


def _publication(part: Cursor, subject: Subject) -> list[Postcondition]:
    everything = part.accept("FOR", "ALL", "TABLES")
    found = [_says(subject, "all tables", "yes" if everything else "no")]
    if part.accept("FOR", "TABLE"):
        end = part.find("WITH")
        for piece in part.pieces(end if end >= 0 else None):
            one = part.part(*piece)
            if one.accept("TABLES"):
                break  # of a schema, and so are those behind it
            one.accept("ONLY")
            found.append(exists("published", subject.name, one.name()))
    return found


_CONTEXTS = {"ASSIGNMENT": "a", "IMPLICIT": "i"}


def _cast(part: Cursor, subject: Subject) -> list[Postcondition]:
    found = []
    if part.accept("WITH", "FUNCTION"):
        found += _function(part, subject, "called")
        part.skip_parentheses()
    elif part.accept("WITH", "INOUT"):
        found.append(_says(subject, "method", "i"))
    elif part.accept("WITHOUT", "FUNCTION"):
        found.append(_says(subject, "method", "b"))
    context = _CONTEXTS.get(part.word(1), "e") if part.word() == "AS" else "e"
    return [*found, _says(subject, "context", context)]


#: The kinds of statistics, as the catalog has them.
_KINDS = {"NDISTINCT": "d", "DEPENDENCIES": "f", "MCV": "m"}


def _statistics(part: Cursor, subject: Subject) -> list[Postcondition]:
    kinds = set(_KINDS.values())
    if part.word() == "(":
        inner = part.part(part.i + 1, part.closing(part.i))
        kinds = {
            _KINDS[inner.part(*piece).word()]
            for piece in inner.pieces()
            if inner.part(*piece).word() in _KINDS
        }
        part.skip_parentheses()
    part.expect("ON")
    end = part.find("FROM")
    pieces = [part.part(*piece) for piece in part.part(part.i, end).pieces()]
    if end < 0 or not all(one.count - one.i == 1 for one in pieces):
        return []  # expressions
    found = [_says(subject, "columns", ", ".join(sorted(one.identifier() for one in pieces)))]
    return [*found, *([_says(subject, "kinds", "".join(sorted(kinds)))] if len(pieces) > 1 else [])]


def _collation(part: Cursor, subject: Subject) -> list[Postcondition]:
    """The locale of one that the operating system provides; elsewhere the server writes it in other ways."""
    if part.word() != "(":
        return []
    inner = part.part(part.i + 1, part.closing(part.i))
    said = {}
    for piece in inner.pieces():
        one = inner.part(*piece)
        key = one.identifier().lower()
        one.expect("=")
        said[key] = one.said(one.i, one.count).strip("'\"")
    locale = said.get("lc_collate", said.get("locale", ""))
    return [_says(subject, "locale", locale)] if locale and "provider" not in said else []


def _conversion(part: Cursor, subject: Subject) -> list[Postcondition]:
    at = part.find("FROM")
    if at < 0:
        return []
    part.i = at + 1
    return _function(part, subject, "called")


def _dictionary(part: Cursor, subject: Subject) -> list[Postcondition]:
    return _text_search(part, subject, "TEMPLATE")


def _configuration(part: Cursor, subject: Subject) -> list[Postcondition]:
    return _text_search(part, subject, "PARSER")


def _text_search(part: Cursor, subject: Subject, word: str) -> list[Postcondition]:
    found = []
    inner = part.part(part.i + 1, part.closing(part.i))
    for piece in inner.pieces():
        one = inner.part(*piece)
        said = one.word()
        key = one.identifier()
        if not one.accept("="):
            return []
        if said == word:
            found.append(_says(subject, word.lower(), one.name().name))
        elif word == "TEMPLATE":
            more = (("key", f"init {key}"), ("value", one.said(one.i, one.count)))
            found.append(subject.said("setting", more, f"option {key} of"))
    return found


def _extension(part: Cursor, subject: Subject) -> list[Postcondition]:
    at = part.find("VERSION")
    if at < 0 or at + 1 >= part.count:
        return []
    raw = part.text[part.tokens[at + 1][1] : part.tokens[at + 1][2]]
    return [_says(subject, "version", raw.strip("'\""))] if part.tokens[at + 1][0] == STRING else []


def _wrapper(part: Cursor, subject: Subject) -> list[Postcondition]:
    return wrapper(part, subject)


def _user_mapping(part: Cursor, subject: Subject) -> list[Postcondition]:
    return foreign_options(part, subject)


_BY_KIND: dict[str, Callable[[Cursor, Subject], list[Postcondition]]] = {
    "aggregate": _aggregate,
    "cast": _cast,
    "collation": _collation,
    "conversion": _conversion,
    "event-trigger": _event_trigger,
    "extension": _extension,
    "foreign-data-wrapper": _wrapper,
    "operator": _operator,
    "publication": _publication,
    "role": _role,
    "server": _server,
    "statistics": _statistics,
    "text-search-configuration": _configuration,
    "text-search-dictionary": _dictionary,
    "user-mapping": _user_mapping,
}
