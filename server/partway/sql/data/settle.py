"""Whether assigning values to the columns of a row, and then assigning them again, leaves the row alone.

The assignments are taken as a function of the row, E, and the condition as P. A second run changes nothing if for every
row with P, either P no longer holds after E, or E of the new row is the new row. Both are decided by putting E's
expressions in for the columns; what that does not decide is looked up in what is known of the functions involved.
"""

from __future__ import annotations

from collections.abc import Mapping

from partway.sql.data.functions import PURE
from partway.sql.data.layers import effect
from partway.sql.data.nodes import FALSE, NULL, TRUE, Node, columns, is_volatile, literal, walk
from partway.sql.data.outcome import outcomes
from partway.sql.data.simplify import replaced, simplified
from partway.sql.data.verdict import COMPOUNDS, SAME, UNKNOWN, VOLATILE_VALUE, Verdict, worst

#: Of a CASE: each branch is tried against all.
_MOST_BRANCHES = 200


def settle(assignments: Mapping[str, Node], where: Node | None) -> Verdict:
    """What a second run of these assignments does to the rows that meet the condition."""
    known = _known(where)
    values = {column: replaced(value, known) for column, value in assignments.items()}
    values = {column: value for column, value in values.items() if value != Node("column", column)}
    return worst([_settle_column(column, values, where) for column in values])


def _settle_column(column: str, values: Mapping[str, Node], where: Node | None) -> Verdict:
    value = values[column]
    if value.kind != "case" or not columns(value) & set(values):
        after = {Node("column", name): expression for name, expression in values.items()}
        if refuted(where, after):
            return SAME
        again = _again(column, value, values, after)
        return UNKNOWN if again == COMPOUNDS and _scaled(column, value, where) else again
    if len(value.parts) > _MOST_BRANCHES:
        return UNKNOWN
    verdicts: list[Verdict] = []
    for branch in (*value.parts[1:-1:2], value.parts[-1]):
        if branch == Node("column", column) and not _reads_others(column, value, values):
            continue  # this row is as it was, so the same branch is taken again
        after = {
            Node("column", name): branch
            if name == column
            else Node("parameter", name)
            if e.kind == "case"
            else e
            for name, e in values.items()
        }
        if refuted(where, after):
            continue
        second = replaced(value, after)
        leaves = (*second.parts[1:-1:2], second.parts[-1]) if second.kind == "case" else (second,)
        if is_volatile(branch):
            verdicts.append(VOLATILE_VALUE)
        elif any(leaf != branch for leaf in leaves):
            alone = [_again(column, branch, values, after)] if column in columns(branch) else []
            verdicts.append(alone[0] if alone and alone[0] != SAME else _differs(value))
    return worst(verdicts)


def _reads_others(column: str, value: Node, values: Mapping[str, Node]) -> bool:
    return any(name != column and name in values for name in columns(value))


def refuted(where: Node | None, after: Mapping[Node, Node]) -> bool:
    """Whether the condition cannot hold any more once the values are assigned."""
    if where is None:
        return False
    turned = any(
        part.kind == "operator"
        and part.value in ("<", ">")
        and replaced(part, after).parts == part.parts[::-1]
        for part in conjuncts(where)
    )  # a swap of two columns WHERE one is greater
    return turned or True not in outcomes(replaced(where, after))


def _again(column: str, value: Node, values: Mapping[str, Node], after: Mapping[Node, Node]) -> Verdict:
    if is_volatile(value):
        return VOLATILE_VALUE
    read = columns(value) & set(values)
    if not read or replaced(value, after) == simplified(value):
        return SAME
    if read != {column}:
        return _differs(value)
    return effect(column, value)


def _differs(value: Node) -> Verdict:
    """The second run computes something else, as far as the functions are known."""
    known = all(node.value in PURE for node in walk(value) if node.kind == "call")
    return COMPOUNDS if known else UNKNOWN


def _scaled(column: str, value: Node, where: Node | None) -> bool:
    """Whether a number is scaled where it is below or above a limit, or a document opened where it has a key.

    `SET total = total * 100 WHERE total < 15`: such a condition is put there to tell what has been done from what has
    not; whether it does, only the data can say.
    """
    if value.kind == "operator" and value.value in ("->", "->>"):
        return any(part.kind == "operator" and part.value == "?" for part in conjuncts(where))
    scales = value.kind == "operator" and value.value in ("*", "/")
    return scales and any(
        (part.kind == "between" or (part.kind == "operator" and part.value in ("<", ">", "<=", ">=")))
        and column in columns(part)
        for part in conjuncts(where)
    )


def _known(where: Node | None) -> dict[Node, Node]:
    """The values that columns must have for the condition to hold."""
    known: dict[Node, Node] = {}
    for part in conjuncts(where):
        kind, value, parts = part
        if kind == "column":
            known[part] = TRUE
        elif kind == "not" and parts[0].kind == "column":
            known[parts[0]] = FALSE
        elif kind == "is" and parts[0].kind == "column" and value in ("null", "true", "false"):
            known[parts[0]] = {"null": NULL, "true": TRUE, "false": FALSE}[value]
        elif (kind == "operator" and value == "=" and parts[0].kind == "column") or (
            kind == "in" and len(parts) == 2 and parts[0].kind == "column"
        ):
            constant = literal(parts[1])
            if constant.kind in ("number", "boolean"):  # strings may be equal and yet differ in case
                known[parts[0]] = constant
    return known


def conjuncts(where: Node | None) -> tuple[Node, ...]:
    """The parts of a condition that must all hold."""
    if where is None:
        return ()
    if where.kind == "operator" and where.value == "AND":
        return tuple(inner for part in where.parts for inner in conjuncts(part))
    return (where,)
