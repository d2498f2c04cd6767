"""What views, routines and triggers do, compared."""

from __future__ import annotations

import re

from partway.dialects import dialect_named
from partway.live.normal.comments import uncommented
from partway.live.normal.expression import same_query
from partway.live.normal.found import Found
from partway.sql.lexer import lex


def query(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("definition")
    if value is None:
        return None
    value = uncommented(value, dialect)
    match = (
        re.match(r"\s*create\s.*?\bas\b", value, re.IGNORECASE | re.DOTALL)
        if value.lstrip()[:6].lower() == "create"
        else None
    )
    return same_query(said, value[match.end() :] if match else value, dialect)


def body(said: str, found: Found, dialect: str) -> bool | None:
    """What a routine runs. Of a body that is quoted nobody knows here in which language it is, so its comments stay; of
    others some clients take them away before the server sees them."""
    value = found.get("body")
    if value is None:
        return None
    escapes = dialect_named(dialect).indexes_in_table
    if not dialect_named(dialect).lexis.dollar_quotes:
        said, value = uncommented(said, dialect), uncommented(value, dialect)
    end = " ;" if escapes else ""  # some clients send it along
    ours, theirs = (_SPACE.sub(" ", text).strip().rstrip(end or None) for text in (said, value))
    if ours == theirs or not escapes or not _ESCAPE.search(ours):
        return ours == theirs
    # These servers list a body with the escapes in its strings resolved.
    return True if _QUOTES.sub("", ours) == _QUOTES.sub("", theirs) else None if "\\" in ours else False


_SPACE = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\|''|\"\"")
_QUOTES = re.compile(r"[\\'\"]")


def _words(text: str, dialect: str) -> list[str]:
    """The words of a definition, unquoted, without those that say nothing."""
    lexis = dialect_named(dialect).lexis
    words = []
    for _, start, end, word in lex(text, lexis).tokens:
        # Some servers give a body back with its escapes resolved.
        quoted = word[:1] == "'"
        plain = text[start:end].replace("\\\\", "\\") if quoted else text[start:end].strip('"`').lower()
        words.append(plain)
    return words


def trigger(said: str, found: Found, dialect: str) -> bool | None:
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


def rule(said: str, found: Found, dialect: str) -> bool | None:
    """A rule by its event, whether it does something instead, and what it does; the server prints statements anew."""
    value = found.get("definition")
    if value is None:
        return None
    ours, theirs = (_rule_parts(text, dialect) for text in (said, value))
    if ours == theirs:
        return True
    return False if ours[0] != theirs[0] or "nothing" in (*ours[1], *theirs[1]) else None


def _rule_parts(text: str, dialect: str) -> tuple[tuple[str, bool, bool], list[str]]:
    words = [word for word in _words(text, dialect) if word != ";"]
    event = words[words.index("on") + 1] if "on" in words[:-1] else ""
    at = words.index("do") if "do" in words else len(words)
    body = [word for word in words[at + 1 :] if word not in ("also", "instead")]
    return (event, "where" in words[:at], "instead" in words[at : at + 2]), _unqualified(body)


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
    body = _transitions(body)
    # FOR EACH STATEMENT is what is meant where nothing is said.
    end = next((at for at, word in enumerate(body) if word in ("when", "execute")), 0)
    if body[max(end - 1, 0) : end] == ["statement"]:
        del body[end - 1]
    return head, _unqualified(body)


def _transitions(words: list[str]) -> list[str]:
    """The tables of old and new rows in the server's order, with AS."""
    if words[:1] != ["referencing"]:
        return words
    found, at = [], 1
    while words[at : at + 1] in (["old"], ["new"]) and len(words) > at + 2:
        name = at + 3 if words[at + 2] == "as" else at + 2
        found.append([*words[at : at + 2], "as", *words[name : name + 1]])
        at = name + 1
    return ["referencing", *(word for one in sorted(found, reverse=True) for word in one), *words[at:]]


def _unqualified(words: list[str]) -> list[str]:
    """A function's name without its schema."""
    if "execute" in words and words[words.index("execute") + 3 : words.index("execute") + 4] == ["."]:
        at = words.index("execute") + 2
        return words[:at] + words[at + 2 :]
    return words
