"""`--format text`: for people. Where, what and why; the source with the place underlined; what to do."""

from __future__ import annotations

from collections.abc import Iterator

from partway.cli.records import Record, Report, fixable
from partway.core.source import Range, SourceFile

_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "info": "\x1b[1;36m"}
_BOLD, _GUTTER, _OFF = "\x1b[1m", "\x1b[1;34m", "\x1b[0m"
_WIDEST = 160  # of a source line, in characters: more is cut away around the place
_TALLEST = 5  # source lines of one finding: of more, the first three and the last are shown


def write(report: Report, *, colour: bool) -> str:
    """Every finding, a blank line between two, then how many there are."""
    out: list[str] = []
    explained: set[str] = set()
    for one in report.records:
        out.append("\n".join(_finding(one, report.sources[one["path"]], explained, colour=colour)))
        out.append("\n\n")
    out.append(summary(report))
    return "".join(out)


def summary(report: Report) -> str:
    """One line: how many findings in how many files, and how many of them Partway can mend."""
    files = len(report.files)
    if not files:
        return ""  # stderr says why
    if not report.records:
        return f"No findings in {count(files, 'file')}.\n"
    found = count(len(report.records), "finding")
    line = f"{found} in {len({one['path'] for one in report.records})} of {count(files, 'file')}"
    safe = sum(fixable(one) for one in report.records)
    unsafe = sum(fixable(one, unsafe=True) for one in report.records) - safe
    if safe:
        line += f", {safe} fixable with --fix"
    if unsafe:
        line += f", {unsafe} {'more ' if safe else ''}with --fix --unsafe-fixes"
    return line + ".\n"


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _finding(one: Record, source: SourceFile, explained: set[str], *, colour: bool) -> Iterator[str]:
    start = one["range"]["start"]
    tint, bold, gutter, off = (
        (_COLOURS[one["severity"]], _BOLD, _GUTTER, _OFF) if colour else ("", "", "", "")
    )
    where = f"{printable(one['path'])}:{start['line']}:{start['column']}"
    yield f"{bold}{where}{off}: {tint}{one['severity']}[{one['rule']}]{off} {bold}{printable(one['message'])}{off}"
    first, last = start["line"], max(start["line"], _last_line(one["range"]))
    wide = len(str(last))
    blank = " " * wide
    bar = f"{gutter}|{off}"
    yield f"{blank} {bar}"
    if first == last:
        text, begin, end = _one_line(source.line(first), one["range"])
        yield f"{gutter}{first:>{wide}}{off} {bar} {text}"
        yield f"{blank} {bar} {' ' * begin}{tint}{'^' * max(end - begin, 1)}{off}"
    else:
        yield from _block(one["range"], source, first, last, (wide, bar, tint, gutter, off))
    yield f"{blank} {bar}"
    yield f"{blank} = {bold}help{off}: {printable(one['help'])}"
    if one["rule"] not in explained:
        explained.add(one["rule"])
        yield f"{blank} = {bold}docs{off}: partway explain {one['rule']}"


def _last_line(span: Range) -> int:
    """The last line with something of the span in it: an end in column 1 leaves its line out."""
    end = span["end"]
    return end["line"] - 1 if end["column"] == 1 else end["line"]


def _one_line(line: str, span: Range) -> tuple[str, int, int]:
    """A source line fit to be shown, and where the place begins and ends in it, in columns of the screen from 0."""
    begin = min(span["start"]["column"] - 1, len(line))
    end = span["end"]["column"] - 1 if span["end"]["line"] == span["start"]["line"] else len(line)
    end = max(begin, min(end, len(line)))
    prefix = ""
    if len(line) > _WIDEST:
        cut = max(0, begin - 40)
        prefix = "…" if cut else ""
        rest = "…" if cut + _WIDEST < len(line) else ""
        line = line[cut : cut + _WIDEST]
        begin, end = begin - cut, min(end - cut, len(line))
        if not line.isprintable() or not line.isascii():
            return (
                prefix + printable(line) + rest,
                width(line[:begin]) + len(prefix),
                width(line[:end]) + len(prefix),
            )
        return prefix + line + rest, begin + len(prefix), end + len(prefix)
    if line.isascii() and line.isprintable():
        return line, begin, end
    return printable(line), width(line[:begin]), width(line[:end])


def _block(
    span: Range, source: SourceFile, first: int, last: int, style: tuple[int, str, str, str, str]
) -> Iterator[str]:
    """Several source lines with a line drawn beside them from where the place begins to where it ends."""
    wide, bar, tint, gutter, off = style
    lead = source.line(first)[: span["start"]["column"] - 1]
    from_start = not lead.strip()
    if not from_start:
        yield f"{gutter}{first:>{wide}}{off} {bar}   {_shown(source.line(first))}"
        yield f"{' ' * wide} {bar}  {tint}{'_' * (width(lead) + 1)}^{off}"
    numbers = list(range(first if from_start else first + 1, last + 1))
    skipped = len(numbers) > _TALLEST
    for number in [*numbers[:3], numbers[-1]] if skipped else numbers:
        if skipped and number == numbers[-1]:
            yield f"{gutter}{'.' * max(3, wide)}{off} {tint}|{off}"
        mark = "/" if from_start and number == first else "|"
        yield f"{gutter}{number:>{wide}}{off} {bar} {tint}{mark}{off} {_shown(source.line(number))}"
    end = span["end"]["column"] - 1 if span["end"]["line"] == last else len(source.line(last))
    under = min(max(width(source.line(last)[:end]), 1), _WIDEST)
    yield f"{' ' * wide} {bar} {tint}|{'_' * under}^{off}"


def _shown(line: str) -> str:
    return printable(line) if len(line) <= _WIDEST else printable(line[:_WIDEST]) + "…"


def printable(text: str) -> str:
    """Text that does nothing to a terminal: tabs as spaces, control and direction characters as pictures of them."""
    if text.isprintable():
        return text
    return "".join(_picture(char) for char in text)


def _picture(char: str) -> str:
    if char.isprintable() or char == "\n":
        return char
    if char == "\t":
        return "    "
    if char == "\u3000" or (char.isspace() and char > "\x7f"):
        return char
    code = ord(char)
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def width(text: str) -> int:
    """How many columns of a terminal a text takes when shown by `printable`."""
    if text.isascii():
        return len(text) + 3 * text.count("\t")
    from unicodedata import combining, east_asian_width

    columns = 0
    for char in text:
        if char == "\t":
            columns += 4
        elif not combining(char):
            columns += 2 if east_asian_width(char) in "WF" else 1
    return columns
