"""What the condition around a step looks at: which names it wants present or absent."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from partway.core.operation import Action
from partway.sql.lexer import PARAM, QUOTED, STRING, WORD, Token


class Wants(StrEnum):
    """What a clause must find for the step to run."""

    ABSENT = "absent"
    PRESENT = "present"
    UNKNOWN = "unknown"


_FLIP = {Wants.ABSENT: Wants.PRESENT, Wants.PRESENT: Wants.ABSENT, Wants.UNKNOWN: Wants.UNKNOWN}


class Clause(NamedTuple):
    """One part of a condition between AND and OR: what it wants of the names it mentions, in lower case."""

    wants: Wants
    names: frozenset[str]


def read_condition(text: str, tokens: list[Token]) -> list[Clause]:
    """The clauses of a condition."""
    tokens = _unwrap(tokens)
    if (
        len(tokens) > 2
        and tokens[0][3] == "NOT"
        and tokens[1][3] == "("
        and _closing(tokens, 1) == len(tokens) - 1
    ):
        return negated(read_condition(text, tokens[2:-1]))
    clauses: list[Clause] = []
    depth, first = 0, 0
    between = False
    for i, (_, _, _, word) in enumerate(tokens):
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        elif depth == 0 and word == "BETWEEN":
            between = True
        elif depth == 0 and word in ("AND", "OR"):
            if between and word == "AND":
                between = False
                continue
            clauses += _part(text, tokens[first:i])
            first = i + 1
    if first == 0:
        return [_clause(text, tokens)]
    return clauses + _part(text, tokens[first:])


def negated(clauses: list[Clause]) -> list[Clause]:
    """The same clauses, wanting the opposite."""
    return [Clause(_FLIP[clause.wants], clause.names) for clause in clauses]


def _part(text: str, tokens: list[Token]) -> list[Clause]:
    inner = _unwrap(tokens)
    return (
        read_condition(text, inner)
        if len(inner) < len(tokens) or (inner[:1] and inner[0][3] == "NOT")
        else [_clause(text, inner)]
    )


def _unwrap(tokens: list[Token]) -> list[Token]:
    while (
        len(tokens) > 2
        and tokens[0][3] == "("
        and _closing(tokens, 0) == len(tokens) - 1
        and tokens[1][3] != "SELECT"
    ):
        tokens = tokens[1:-1]
    return tokens


def _closing(tokens: list[Token], at: int) -> int:
    depth = 0
    for i in range(at, len(tokens)):
        if tokens[i][3] == "(":
            depth += 1
        elif tokens[i][3] == ")":
            depth -= 1
            if depth == 0:
                return i
    return len(tokens)


def _clause(text: str, tokens: list[Token]) -> Clause:
    words = [token[3] for token in tokens]
    wants = Wants.UNKNOWN
    if words[:2] == ["NOT", "EXISTS"]:
        wants = Wants.ABSENT
    elif words[:1] == ["EXISTS"]:
        wants = Wants.PRESENT
    elif words[-2:] == ["IS", "NULL"] or words[-2:] == ["IS", "FALSE"]:
        wants = Wants.ABSENT
    elif words[-3:] == ["IS", "NOT", "NULL"] or words[-2:] == ["IS", "TRUE"]:
        wants = Wants.PRESENT
    elif len(words) > 2 and words[-2:] in (["=", "0"], ["<", "1"], ["<=", "0"], ["=", "FALSE"]):
        wants = Wants.ABSENT
    elif len(words) > 2 and (
        words[-2:] in ([">", "0"], [">=", "1"], ["=", "1"], ["<>", "0"], ["!=", "0"], ["=", "TRUE"])
    ):
        wants = Wants.PRESENT
    elif (
        words[:3] == ["NOT", "(", "SELECT"]
        or words[:2] == ["NOT", "("]
        or (words[:1] == ["0"] and words[1:2] == ["="])
    ):
        wants = Wants.ABSENT
    elif words[:1] == ["(", "SELECT"] or words[:2] == ["(", "SELECT"]:
        wants = Wants.PRESENT
    return Clause(wants, frozenset(_names(text, tokens)))


def _names(text: str, tokens: list[Token]) -> Iterable[str]:
    """Every name a clause could mean: what its strings say, whole and by their dotted parts, and its tables."""
    for i, (kind, start, end, _word) in enumerate(tokens):
        if kind == STRING:
            said = text[start:end]
            said = said[said.find(said[-1]) + 1 : -1] if said[-1] in "'\"" else said
            said = said.replace("''", "'").lower()
            yield said
            bare = said.partition("(")[0]
            yield from bare.replace('"', "").split(".")
        elif kind in (WORD, QUOTED) and i and tokens[i - 1][3] in ("FROM", "JOIN", "."):
            yield text[start:end].strip('"`').lower()
        elif kind == PARAM:
            yield text[start:end].lower()


def covers(clauses: list[Clause], action: Action) -> bool | None:
    """Whether a condition makes sure that an action runs only where it is not yet done; None where that cannot be
    told (a variable, a function of the project's own)."""
    if any(clause.wants is Wants.UNKNOWN for clause in clauses):
        known = any(_clause_covers(clause, action) for clause in clauses if clause.wants is not Wants.UNKNOWN)
        return True if known else None
    return any(_clause_covers(clause, action) for clause in clauses)


def _clause_covers(clause: Clause, action: Action) -> bool:
    for fact in action.postconditions:
        own = fact.name.name.lower()
        if own and own in clause.names and clause.wants is (Wants.ABSENT if fact.present else Wants.PRESENT):
            return True
        if not own and fact.table is not None and fact.table.name.lower() in clause.names:
            return True
    if not action.postconditions or action.kind.startswith(("insert", "update", "delete", "alter-column")):
        names = set(action.target.lower().split("."))
        return bool(names & clause.names)
    return False
