"""MySQL and MariaDB: a statement that runs on a condition, as text that PREPARE takes or leaves."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.edit import Edit
from partway.core.source import Span
from partway.sql.guards.condition import Term, layout
from partway.sql.guards.frame import Frame
from partway.sql.lexer import CUT, INNER, WORD

#: What PREPARE takes, by first word and, where that does not decide it, by the second. Run on MySQL 9.7.
#: https://dev.mysql.com/doc/refman/9.7/en/sql-prepared-statements.html
_TAKEN = {
    "ALTER": frozenset({"TABLE", "IGNORE", "ONLINE", "USER"}),
    "CREATE": frozenset(
        {"TABLE", "TEMPORARY", "INDEX", "UNIQUE", "FULLTEXT", "SPATIAL", "USER", "DATABASE", "SCHEMA", "VIEW"}
    ),
    "DROP": frozenset({"TABLE", "TEMPORARY", "INDEX", "USER", "DATABASE", "SCHEMA", "VIEW"}),
    "RENAME": frozenset({"TABLE", "USER"}),
}

#: What it takes whatever follows the first word.
_WHATEVER = frozenset(
    """INSERT REPLACE UPDATE DELETE TRUNCATE CALL SET ANALYZE OPTIMIZE GRANT REVOKE""".split()  # noqa: SIM905 - words
)


def fits(frame: Frame, *, everything: bool = False) -> bool:
    """Whether PREPARE takes the statement, and it can be terminated like its neighbours. With `everything` the server
    takes whatever there is."""
    tokens = frame.lexed.tokens
    if len(tokens) < 2 or tokens[0][0] != WORD:
        return False
    taken = tokens[0][3] in _WHATEVER or tokens[1][3] in _TAKEN.get(tokens[0][3], ())
    if not taken and not everything:
        return False
    if not frame.terminated and not frame.last:
        return False
    return not any(kind == CUT or word in (";", INNER) for kind, _, _, word in tokens)


def prepared(frame: Frame, asked: Sequence[Term]) -> list[Edit]:
    """Make the statement the text that a condition chooses: `SET @partway = IF(..., 'statement', 'DO 0')`.

    The statement stays as it stands but for what a string needs: quotes doubled, backslashes escaped.
    """
    unit, end = frame.unit, frame.terminator
    condition = layout(asked, unit)
    condition[-1] += ","
    opening = [frame.case("SET @partway = IF("), *(frame.case(unit + line) for line in condition)]
    edits = [frame.before(opening), Edit(Span(frame.span.start, frame.span.start), f"{unit}'")]
    edits += [Edit(Span(at, at), frame.text[at]) for at in range(*frame.span) if frame.text[at] in "'\\"]
    close = f"',{frame.newline}{frame.indent}{unit}'{frame.case('DO 0')}'{frame.newline}{frame.indent})"
    edits.append(Edit(Span(frame.span.end, frame.span.end), close))
    lines = [frame.case("PREPARE") + " partway " + frame.case("FROM") + " @partway" + end]
    lines += [frame.case("EXECUTE") + " partway" + end, frame.case("DEALLOCATE PREPARE") + " partway" + end]
    edits.append(frame.after(lines))
    return edits
