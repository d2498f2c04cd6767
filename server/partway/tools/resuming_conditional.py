"""Statements of a resume migration that run on a condition: in a block, or as text that PREPARE takes or leaves."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.postcondition import Name
from partway.dialects.catalog import Block, Catalog
from partway.sql.guards.block import dollar_tag
from partway.sql.guards.block import fits as fits_block
from partway.sql.guards.formula import not_yet
from partway.sql.guards.frame import Frame
from partway.sql.guards.prepared import fits as fits_prepared
from partway.tools.resuming import Formula, Step

_UNIT = "    "


def conditional(
    frames: Sequence[Frame], step: Step, later: str, catalog: Catalog, *, everything: bool = False
) -> str | None:
    """These statements, which run together, unless what `step` leaves is there or `later` is true; None where the
    dialect has no way to put them behind a condition. With `everything` its PREPARE takes every statement."""
    condition = _condition(step.unless, later, catalog)
    if catalog.block is Block.DO:
        return _do(frames, condition, step.empty, catalog)
    if catalog.block is Block.PREPARED and all(
        fits_prepared(frame, everything=everything) for frame in frames
    ):
        return _prepared(frames, condition, step.empty, catalog)
    return None


def _condition(unless: Formula, later: str, catalog: Catalog) -> list[str]:
    """The lines of the condition; none where it is always true."""
    lines = [f"NOT {later}"] if later else []
    own = not_yet(unless, catalog, _UNIT)
    if own and lines and any(line.startswith("OR ") for line in own):
        own = ["(", *(_UNIT + line for line in own), ")"]
    return [*lines, f"AND {own[0]}", *own[1:]] if own and lines else [*lines, *own]


def _do(frames: Sequence[Frame], condition: list[str], empty: Name | None, catalog: Catalog) -> str:
    """PostgreSQL: a DO block. What means something else in PL/pgSQL is sent as a text."""
    case = frames[0].case
    openings: list[list[str]] = []
    if condition:
        openings.append(
            [f"IF {condition[0]}", *condition[1:-1], f"{condition[-1]} THEN"]
            if len(condition) > 1
            else [f"IF {condition[0]} THEN"]
        )
    if empty is not None:
        openings.append([f"IF NOT EXISTS (SELECT FROM {catalog.qualified(empty)}) THEN"])
    tag = dollar_tag("".join(frame.text[slice(*frame.span)] for frame in frames))
    lines = [case("DO ") + tag, case("BEGIN")]
    for depth, opening in enumerate(openings, 1):
        lines += [_UNIT * depth + case(line) for line in opening]
    lines += [_sent(frame, _UNIT * (len(openings) + 1)) for frame in frames]
    lines += [_UNIT * depth + case("END IF;") for depth in range(len(openings), 0, -1)]
    lines += [case("END"), f"{tag};"]
    wrap = frames[0].wrap
    return "\n".join([wrap[0], *lines, wrap[1]] if wrap is not None else lines)


def stop_where(unless: Formula, later: str, wrap: tuple[str, str] | None, said: str, catalog: Catalog) -> str:
    """PostgreSQL: a block that raises an error where one of the alternatives holds, or `later`."""
    run = _condition(unless, later, catalog)
    lines = ["DO $partway$", "BEGIN", f"{_UNIT}IF NOT ("]
    lines += [_UNIT * 2 + line for line in run]
    lines += [f"{_UNIT}) THEN", f"{_UNIT * 2}RAISE EXCEPTION {catalog.literal(said)};", f"{_UNIT}END IF;"]
    lines += ["END", "$partway$;"]
    return "\n".join([wrap[0], *lines, wrap[1]] if wrap is not None else lines)


def stop_prepared(unless: Formula, later: str, said: str, catalog: Catalog) -> str:
    """MySQL and MariaDB: statements that raise an error where one of the alternatives holds, or `later`: what is said
    is no SQL."""
    run = [_UNIT + line for line in _condition(unless, later, catalog)]
    run[-1] += ","
    lines = ["SET @partway = IF(", *run, f"{_UNIT}'DO 0',", f"{_UNIT}{catalog.literal(said)}", ");"]
    return "\n".join([*lines, "PREPARE partway FROM @partway;", "DEALLOCATE PREPARE partway;"])


def _sent(frame: Frame, by: str) -> str:
    """The statement as PL/pgSQL runs it."""
    if fits_block(frame):
        return f"{frame.moved(by)};"
    said = frame.moved("")
    tag = dollar_tag(said).replace("partway", "sql")
    return f"{by}{frame.case('EXECUTE')} {tag}{said}{tag};"


def _prepared(frames: Sequence[Frame], condition: list[str], empty: Name | None, catalog: Catalog) -> str:
    """MySQL and MariaDB: the text that the condition chooses."""
    case = frames[0].case
    asked = [case(line) for line in condition] or [case("TRUE")]
    lines: list[str] = []
    if empty is not None:
        table = catalog.qualified(empty)
        query = case("SELECT COUNT(*) INTO ") + "@partway_rows " + case("FROM ") + table
        count = catalog.literal(query)
        lines += _chosen(frames[0], asked, count, "'" + case("SET @partway_rows = 1") + "'")
        asked = ["@partway_rows = 0"]
    elif len(frames) > 1:
        one_look = not any(line.startswith(("AND", "OR")) for line in map(str.upper, asked))
        lines += (
            [case("SET @partway_runs = ") + asked[0], *asked[1:]]
            if one_look
            else [case("SET @partway_runs ="), *(_UNIT + line for line in asked)]
        )
        lines[-1] += ";"
        asked = ["@partway_runs"]
    for frame in frames:
        lines += _chosen(frame, asked, catalog.literal(frame.moved("")), "'" + case("DO 0") + "'")
    return "\n".join(lines)


def _chosen(frame: Frame, condition: Sequence[str], said: str, otherwise: str) -> list[str]:
    case = frame.case
    lines = [case("SET @partway = IF("), *(_UNIT + line for line in condition)]
    lines[-1] += ","
    return [
        *lines,
        f"{_UNIT}{said},",
        f"{_UNIT}{otherwise}",
        ");",
        f"{case('PREPARE')} partway {case('FROM')} @partway;",
        f"{case('EXECUTE')} partway;",
        f"{case('DEALLOCATE PREPARE')} partway;",
    ]
