"""One attribute as a migration says it against what the catalog says: the same, not the same, or None: cannot tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType

from partway.dialects import dialect_named
from partway.live.normal.expression import same_expression, same_query
from partway.sql.lexer import STRING, lex

#: Attributes found, by name.
Found = Mapping[str, str | None]


def same(object_: str, attribute: str, said: str, found: Found, dialect: str) -> bool | None:
    """Whether the thing found has this attribute as it is said. `found` are all of its attributes."""
    compare = _COMPARE.get((object_, attribute)) or _COMPARE.get(("", attribute))
    if compare is None:
        return None
    return compare(said, found, dialect)


@cache
def normal_types(dialect: str) -> ModuleType:
    """The module that knows this dialect's types."""
    return import_module(f"partway.live.normal.{dialect}")


def _text(attribute: str) -> Callable[[str, Found, str], bool | None]:
    """Equal but for case and white space."""

    def compare(said: str, found: Found, _dialect: str) -> bool | None:
        value = found.get(attribute)
        return None if value is None else _squeezed(said) == _squeezed(value)

    return compare


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip()).lower()


def _type(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("type")
    if value is None:
        return None
    types = normal_types(dialect)
    if (
        types.counts_up(said)
        and "nextval" not in (found.get("default") or "nextval")
        and found.get("identity") != "yes"
    ):
        return False
    result: bool | None = types.same_type(said, value)
    return result


def _default(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("default")
    if value is None:
        return None
    if said.strip().lower() in ("", "null"):
        return value == "" or value.lower().startswith("null")
    if value == "":
        return False
    verdict = same_expression(_only(said, dialect), _only(value, dialect), dialect)
    if verdict is False and _rewritten(found.get("type") or "", said):
        return None
    return verdict


#: MySQL shows what a column is set to on update behind its default.
_ON_UPDATE = re.compile(r"\s+on\s+update\s.*", re.IGNORECASE | re.DOTALL)


def _only(default: str, dialect: str) -> str:
    return _ON_UPDATE.sub("", default) if dialect_named(dialect).indexes_in_table else default


#: Types whose constants engines print in a form of their own.
_OWN_FORM = re.compile(
    r"json|interval|time|date|bytea|blob|binary|\[\]|inet|cidr|macaddr|bit|money|point|range|xml|year|real|double|float",
    re.IGNORECASE,
)


def _rewritten(type_: str, said: str) -> bool:
    return bool(_OWN_FORM.search(type_)) and said.lstrip("( ")[:1] in "'-0123456789."


def _expression(attribute: str) -> Callable[[str, Found, str], bool | None]:
    def compare(said: str, found: Found, dialect: str) -> bool | None:
        value = found.get(attribute)
        if value is None:
            return None
        if not said or not value:
            return said.strip() == value.strip()
        return same_expression(said, value, dialect)

    return compare


def _names(text: str) -> list[str]:
    return [part.strip().strip('"`').lower() for part in text.split(",")]


def _columns(said: str, found: Found, dialect: str) -> bool | None:
    """The columns of an index or constraint in order; expressions among them are compared as such."""
    value = found.get("columns")
    if value is None:
        return None
    if "(" not in said + value and " " not in said.replace(", ", ",") + value.replace(", ", ","):
        return _names(said) == _names(value)
    return _keys(said, found, dialect)


def _leading(said: str, found: Found, _dialect: str) -> bool | None:
    """Whether an index begins with these columns."""
    value = found.get("columns")
    return None if value is None else _names(value)[: len(_names(said))] == _names(said)


def _keys(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("keys") or found.get("columns")
    if value is None:
        return None
    ours, theirs = _items(said), _items(value)
    if len(ours) != len(theirs):
        return False
    verdicts = [_key(one, other, dialect) for one, other in zip(ours, theirs, strict=True)]
    return False if False in verdicts else None if None in verdicts else True


_ORDER = re.compile(
    r"\s+(asc|desc)\b|\s+nulls\s+(first|last)\b|\s+(?:collate\s+)?(\"?\w+\"?\.)?\"?\w+_(?:ops|pattern_ops)\b",
    re.IGNORECASE,
)


def _key(said: str, found: str, dialect: str) -> bool | None:
    ours, theirs = _ordering(said), _ordering(found)
    if ours != theirs:
        return False
    one, other = (re.sub(r"\s+", " ", _ORDER.sub("", text)).strip() for text in (said, found))
    if one.strip('"`').lower() == other.strip('"`').lower():
        return True
    if dialect_named(dialect).indexes_in_table:  # a prefix's length is part of the key
        prefix = [re.fullmatch(r"[`\"]?(\w+)[`\"]?\s*\((\d+)\)", text) for text in (one, other)]
        if any(prefix):
            return bool(prefix[0] and prefix[1] and prefix[0].groups() == prefix[1].groups())
    return same_expression(one, other, dialect)


def _ordering(text: str) -> tuple[bool, str, str]:
    lower = text.lower()
    descending = bool(re.search(r"\sdesc\b", lower))
    nulls = re.search(r"nulls\s+(first|last)", lower)
    default = "first" if descending else "last"
    operators = re.search(r"(\w+_ops)\b", lower)
    return descending, nulls[1] if nulls else default, operators[1] if operators else ""


def _items(text: str) -> list[str]:
    """The parts between commas that stand outside parentheses and quotes."""
    parts, depth, quoted, first = [], 0, "", 0
    for at, character in enumerate(text):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"`":
            quoted = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth == 0:
            parts.append(text[first:at].strip())
            first = at + 1
    return [*parts, text[first:].strip()]


_REFERENCE = re.compile(r"(?:(?P<schema>[^.()]+)\.)?(?P<table>[^.()]+?)\s*(?:\((?P<columns>[^)]*)\))?\Z")


def _references(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("references")
    if value is None:
        return False if found.get("kind") not in (None, "foreign key") else None
    ours, theirs = _REFERENCE.match(said.strip()), _REFERENCE.match(value.strip())
    if ours is None or theirs is None:
        return None
    key = dialect_named(dialect).key
    for part in ("schema", "table"):
        one, other = ours[part], theirs[part]
        if one and other and key(one.strip('"`')) != key(other.strip('"`')):
            return False
    if ours["columns"] and theirs["columns"]:
        return _names(ours["columns"]) == _names(theirs["columns"])
    return True


#: What a foreign key does when nothing is said.
_NO_ACTION = frozenset({"", "no action", "restrict"})


def _action(attribute: str) -> Callable[[str, Found, str], bool | None]:
    def compare(said: str, found: Found, _dialect: str) -> bool | None:
        value = found.get(attribute, "") or ""
        said, value = said.lower(), value.lower()
        return said == value or (said in _NO_ACTION and value in _NO_ACTION)

    return compare


def _values(said: str, found: Found, dialect: str) -> bool | None:
    """An enum's values, in order."""
    value = found.get("values")
    if value is None:
        return None
    lexis = dialect_named(dialect).lexis
    return _strings(said, lexis) == _strings(value, lexis)


def _strings(text: str, lexis: object) -> list[str]:
    return [text[start:end] for kind, start, end, _ in lex(text, lexis).tokens if kind == STRING]  # type: ignore[arg-type] # a Lexis


def _query(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("definition")
    if value is None:
        return None
    match = (
        re.match(r"\s*create\s.*?\bas\b", value, re.IGNORECASE | re.DOTALL)
        if value.lstrip()[:6].lower() == "create"
        else None
    )
    return same_query(said, value[match.end() :] if match else value, dialect)


def _body(said: str, found: Found, _dialect: str) -> bool | None:
    value = found.get("body")
    return None if value is None else re.sub(r"\s+", " ", said).strip() == re.sub(r"\s+", " ", value).strip()


def _words(text: str, dialect: str) -> list[str]:
    """The words of a definition, unquoted, without those that say nothing."""
    lexis = dialect_named(dialect).lexis
    words = []
    for _, start, end, word in lex(text, lexis).tokens:
        plain = text[start:end] if word[:1] == "'" else text[start:end].strip('"`').lower()
        words.append(plain)
    return words


def _trigger(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("definition")
    if value is None:
        return None
    ours, theirs = (_trigger_parts(text, dialect) for text in (said, value))
    if ours == theirs:
        return True
    heads = (ours[0], theirs[0])
    if heads[0] != heads[1] or "when" not in ours[1] + theirs[1]:
        return False
    return None  # the condition is printed anew


#: Words of a trigger's head that are there or not, to no effect.
_IDLE = frozenset(
    {"for", "each", "create", "temp", "temporary", "trigger", "if", "not", "exists", "constraint"}
)


def _trigger_parts(text: str, dialect: str) -> tuple[tuple[str, ...], list[str]]:
    """When a trigger fires, in any order, and what it runs."""
    words = _words(text, dialect)
    at = words.index("on") if "on" in words else 0
    first = next((i for i, word in enumerate(words) if word in ("before", "after", "instead")), 0)
    head = tuple(sorted(word for word in words[first:at] if word not in ("or", "of", ",")))
    tail = words[at + 1 :]
    # The table's name, perhaps with its schema, then what is run.
    body = tail[3:] if tail[1:2] == ["."] else tail[1:]
    body = ["function" if word == "procedure" else word for word in body if word not in (*_IDLE, ";")]
    if body[:1] == ["statement"]:
        body = body[1:]
    return head, _unqualified(body)


def _unqualified(words: list[str]) -> list[str]:
    """A function's name without its schema."""
    if "execute" in words and words[words.index("execute") + 3 : words.index("execute") + 4] == ["."]:
        at = words.index("execute") + 2
        return words[:at] + words[at + 2 :]
    return words


def _comment(said: str, found: Found, _dialect: str) -> bool | None:
    """A comment is kept as it is written, without its quotes; NULL takes it away."""
    value = found.get("comment")
    if value is None:
        return None
    text = said.strip()
    if text.lower() == "null":
        return value == ""
    if text[:1] not in "'\"" or len(text) < 2:
        return None
    if "\\" in text:
        return None if text[1:-1] != value else True
    return text[1:-1].replace(text[0] * 2, text[0]) == value


def _charset(said: str, found: Found, _dialect: str) -> bool | None:
    """A table shows its collation, which begins with its character set."""
    value = found.get("collation")
    if value is None:
        return None
    name = {"utf8": "utf8mb3"}.get(said.lower(), said.lower())
    return value.lower().replace("utf8_", "utf8mb3_").startswith(f"{name}_") or value.lower() == name


def _attributes(said: str, found: Found, dialect: str) -> bool | None:
    """A composite type's attributes, each with its type, in order."""
    value = found.get("attributes")
    if value is None:
        return None
    ours, theirs = _items(said), _items(value)
    if len(ours) != len(theirs):
        return False
    same_type = normal_types(dialect).same_type
    for one, other in zip(ours, theirs, strict=True):
        name, _, type_ = one.partition(" ")
        other_name, _, other_type = other.partition(" ")
        if name.strip('"').lower() != other_name.strip('"').lower() or not same_type(type_, other_type):
            return False
    return True


#: What PostgreSQL calls privileges on tables in its lists. https://www.postgresql.org/docs/current/ddl-priv.html
_LETTERS = {
    "select": "r",
    "insert": "a",
    "update": "w",
    "delete": "d",
    "truncate": "D",
    "references": "x",
    "trigger": "t",
    "maintain": "m",
    "all": "arwdDxt",
}
_ENTRY = re.compile(r'(?:"?((?:[^"=,{}]|"")*)\\?"?)=([a-zA-Z*]*)/')


def _privileges(*, granted: bool) -> Callable[[str, Found, str], bool | None]:
    """Whether all of these roles have all of these privileges; or, where they are taken away, none has any."""

    def compare(said: str, found: Found, _dialect: str) -> bool | None:
        value = found.get("privileges")
        if value is None:
            return None
        words, _, roles = said.partition(" to ")
        letters = [_LETTERS.get(word.strip()) for word in words.split(",")]
        if None in letters:
            return None
        wanted = set("".join(letter for letter in letters if letter))
        has = {role.strip("\\"): set(given.replace("*", "")) for role, given in _ENTRY.findall(value)}
        lists = [has.get(role.strip(), set()) for role in roles.split(",")]
        if granted:
            return all(wanted <= given for given in lists)
        return not any(wanted & given for given in lists)

    return compare


def _arguments(_said: str, _found: Found, _dialect: str) -> bool | None:
    return True  # they chose among the routines of this name


_COMPARE: dict[tuple[str, str], Callable[[str, Found, str], bool | None]] = {
    ("", "type"): _type,
    ("", "nullable"): _text("nullable"),
    ("", "default"): _default,
    ("", "identity"): _text("identity"),
    ("", "generated"): _expression("generated"),
    ("", "comment"): _comment,
    ("", "owner"): _text("owner"),
    ("", "row-security"): _text("row-security"),
    ("", "forced-row-security"): _text("forced-row-security"),
    ("", "persistence"): _text("persistence"),
    ("", "engine"): _text("engine"),
    ("", "privileges"): _privileges(granted=True),
    ("", "no-privileges"): _privileges(granted=False),
    ("", "charset"): _charset,
    ("type", "attributes"): _attributes,
    ("", "collation"): _text("collation"),
    ("", "unique"): _text("unique"),
    ("", "method"): _text("method"),
    ("", "columns"): _columns,
    ("", "keys"): _keys,
    ("", "leading"): _leading,
    ("", "predicate"): _expression("predicate"),
    ("", "valid"): _text("valid"),
    ("", "kind"): _text("kind"),
    ("", "expression"): _expression("expression"),
    ("", "references"): _references,
    ("", "on-delete"): _action("on-delete"),
    ("", "on-update"): _action("on-update"),
    ("", "values"): _values,
    ("", "arguments"): _arguments,
    ("", "body"): _body,
    ("view", "definition"): _query,
    ("materialized-view", "definition"): _query,
    ("trigger", "definition"): _trigger,
}
