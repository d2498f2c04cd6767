"""SQL text to tokens, for any dialect's lexis, whatever the text: half typed, huge, or not SQL at all.

Partway has a tokenizer of its own because sqlglot's raises on text that is half typed, gives comments no offsets, and
costs a tenth of a second to import; `lint` of one small file must be quicker than that.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from partway.core.migration import Comment, Trouble
from partway.core.source import Span
from partway.dialects.dialect import Lexis

WORD, QUOTED, STRING, NUMBER, PUNCT, PARAM, DOLLAR, CUT = range(1, 9)
_COMMENT, _BLOCK_COMMENT, _EXECUTABLE, _EXECUTABLE_END, _CLIENT, _BROKEN = range(9, 15)

#: kind, start, end, upper: the word in upper case for WORD, the text as it stands for the rest. A plain tuple, because
#: a migration folder has hundreds of thousands of them. CUT stands where a client's command ends a statement:
#: a DELIMITER's own terminator, a psql backslash line, the data after COPY ... FROM stdin.
Token = tuple[int, int, int, str]

#: A `;` that does not end a statement, since a DELIMITER command chose another terminator.
INNER = "inner ;"

_TEMPLATE = r"\$\{[^}\n]{0,99}\}|\{\{[^}\n]{0,99}\}\}"  # Flyway and friends put these where names go
_DELIMITER = re.compile(r"^[ \t]*delimiter[ \t]+(\S+)[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_COPY_END = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE)


class Lexed(NamedTuple):
    """A text's tokens and comments in order, and what could not be read."""

    tokens: list[Token]
    comments: list[Comment]
    troubles: list[Trouble]


def lex(text: str, lexis: Lexis, start: int = 0, end: int | None = None) -> Lexed:
    """The tokens of `text[start:end]`, with offsets into the whole text. Never raises; linear in the text."""
    end = len(text) if end is None else end
    lexed = Lexed([], [], [])
    if lexis.client_commands == "mysql":
        terminator = ";"
        for command in _DELIMITER.finditer(text, start, end):
            if command.start() < start:
                continue
            _lex_run(text, start, command.start(), lexis, terminator, lexed)
            lexed.tokens.append((CUT, command.start(), command.end(), ""))
            terminator, start = command[1], command.end()
        _lex_run(text, start, end, lexis, terminator, lexed)
    else:
        _lex_run(text, start, end, lexis, ";", lexed)
    return lexed


def _lex_run(text: str, at: int, end: int, lexis: Lexis, terminator: str, lexed: Lexed) -> None:
    """Tokens of a run of text that has one statement terminator."""
    scan = _pattern(lexis, terminator).finditer
    order = _ORDER
    tokens, comments, troubles = lexed
    append = tokens.append
    while (
        end > at and text[end - 1].isspace()
    ):  # white space at the very end would be tried from each of its places
        end -= 1
    first = len(tokens)  # where the statement being read begins, to know COPY when its `;` comes
    while at < end:
        resume = end
        for match in scan(text, at, end):
            group = match.lastindex or 0
            kind = order[group]
            word = match[group]
            stop = match.end()
            start = stop - len(word)
            if kind == WORD:
                append((WORD, start, stop, word.upper()))
            elif kind == PUNCT:
                if word == ";" and terminator != ";":
                    word = INNER
                append((PUNCT, start, stop, word))
                if word == ";":
                    if lexis.client_commands == "psql" and _is_copy_from_stdin(tokens, first):
                        data_end = _COPY_END.search(text, stop, end)
                        resume = data_end.end() if data_end else end
                        append((CUT, stop, resume, ""))
                        first = len(tokens)
                        break
                    first = len(tokens)
            elif kind == _COMMENT:
                said = word.rstrip()
                comments.append(Comment(Span(start, start + len(said)), said))
            elif kind == _BLOCK_COMMENT:
                resume = _comment_end(text, stop, end, lexis.nested_comments)
                if resume < 0:
                    troubles.append(Trouble(Span(start, stop), "this comment is never closed"))
                    resume = end
                comments.append(Comment(Span(start, resume), text[start:resume]))
                break
            elif kind == DOLLAR:
                tag = word
                close = text.find(tag, stop, end)
                if close < 0:
                    troubles.append(Trouble(Span(start, stop), f"the text quoted by {tag} is never closed"))
                resume = close + len(tag) if close >= 0 else end
                append((DOLLAR, start, resume, tag))
                break
            elif kind in (_EXECUTABLE, _EXECUTABLE_END):
                pass  # what stands between is ordinary text to this server
            elif kind == _CLIENT:
                line_end = text.find("\n", start, end)
                resume = line_end if line_end >= 0 else end
                append((CUT, start, resume, ""))
                first = len(tokens)
                break
            elif kind == _BROKEN:
                quote = text[start]
                troubles.append(
                    Trouble(Span(start, start + 1), f"the text quoted by {quote} is never closed")
                )
                line_end = text.find(
                    "\n", start, end
                )  # half typed: what follows on other lines can still be read
                resume = line_end if line_end >= 0 else end
                append((STRING if quote == "'" else QUOTED, start, resume, text[start:resume]))
                break
            elif kind == CUT:
                append((CUT, start, stop, ""))
                first = len(tokens)
            else:
                append((kind, start, stop, word))
        else:
            return
        if resume >= end:
            return
        at = resume


def _comment_end(text: str, at: int, end: int, nested: bool) -> int:
    """Where the block comment whose opening ends at `at` is over, -1 if it never is."""
    if not nested:
        close = text.find("*/", at, end)
        return close + 2 if close >= 0 else -1
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, at, end):
        depth += 1 if edge.group() == "/*" else -1
        if depth == 0:
            return edge.end()
    return -1


def _is_copy_from_stdin(tokens: list[Token], first: int) -> bool:
    if tokens[first][3] != "COPY":
        return False
    words = [token[3] for token in tokens[first:]]
    return any(a == "FROM" and b == "STDIN" for a, b in pairwise(words))


#: The alternatives of the pattern in the order they are tried; a match's group number is the place in this list.
_ORDER = (
    0,
    WORD,  # those that can be nothing else, first because they are the most
    PUNCT,
    CUT,
    QUOTED,
    STRING,
    WORD,
    NUMBER,
    PARAM,
    DOLLAR,
    _COMMENT,
    _EXECUTABLE,
    _BLOCK_COMMENT,
    _EXECUTABLE_END,
    _CLIENT,
    _BROKEN,
    PUNCT,
)


@cache
def _pattern(lexis: Lexis, terminator: str) -> re.Pattern[str]:
    """One group per kind in `_ORDER`. Possessive throughout: an unclosed quote is found out in one pass."""
    postgres = lexis.dollar_quotes
    plain, escaped = r"'[^']*+(?:''[^']*+)*+'", r"'[^'\\]*+(?:(?:''|\\.)[^'\\]*+)*+'"
    plain_double, escaped_double = plain.replace("'", '"'), escaped.replace("'", '"')
    strings = [escaped if lexis.backslash_strings else plain]
    quoted = [r'"\{\{[^}\n]{0,99}\}\}"']  # a template's own quotes do not end the name
    if postgres:
        strings += [rf"[eE]{escaped}", rf"[uU]&{plain}"]
        quoted.append(rf"[uU]&{plain_double}")
    if lexis.double_quoted_strings:
        strings.append(escaped_double if lexis.backslash_strings else plain_double)
    else:
        quoted.append(plain_double)
    if lexis.backticks:
        quoted.append(r"`[^`]*+(?:``[^`]*+)*+`")
    if lexis.brackets:
        quoted.append(r"\[[^\]\n]*\]")
    first = r"[^\W\d]" if postgres else r"(?:[^\W\d]|\$(?!\{))"
    nothing = r"(?!)"
    # After DELIMITER $$ the client ends the statement in END$$, though $ may stand in a name.
    further = rf"(?!{re.escape(terminator)})[\w$]" if "$" in terminator else r"[\w$]"
    # Not the E of E'', the U of U&'', nor a part of a template; and no word that may be a terminator.
    plain_word = r"[A-DF-TV-Za-df-tv-z_][A-Za-z0-9_]*+(?![^\s(),;.'\"=])" if terminator == ";" else nothing
    groups: dict[int, str] = {
        CUT: re.escape(terminator) if terminator != ";" else nothing,
        QUOTED: "|".join(quoted),
        STRING: "|".join(strings),
        WORD: rf"(?:{first}|{_TEMPLATE})(?:{further}|{_TEMPLATE})*",
        NUMBER: r"\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?\w*|\.\d+",
        PARAM: r"(?<!:):[^\W\d]\w*|(?<!:):'[^'\n]*'|@@?[^\W\d][\w$.]*|@'[^'\n]*'|@`[^`\n]*`|\$\d+",
        DOLLAR: r"\$(?:[^\W\d]\w*)?\$" if postgres else nothing,
        _COMMENT: (r"--(?=\s|\Z)" if lexis.dash_needs_space else "--")
        + r"[^\r\n]*"
        + (r"|\#[^\r\n]*" if lexis.hash_comments else ""),
        _EXECUTABLE: "|".join(re.escape(opening) + r"\d*" for opening in lexis.executable_comments.split())
        or nothing,
        _BLOCK_COMMENT: r"/\*",
        _EXECUTABLE_END: r"\*/" if lexis.executable_comments else nothing,
        _CLIENT: r"\\(?=\S)" if lexis.client_commands == "psql" else nothing,
        _BROKEN: "['\"`]" if lexis.backticks else "['\"]",
        PUNCT: r"::|:=|->>|->|\#>>|\#>|<=>|<=|>=|<>|!=|\|\||&&|@>|<@|~~\*?|!~~\*?|=>|[^\s]",
    }
    firsts = [plain_word, r"[(),]" if terminator == ";" else nothing]
    alternatives = "|".join(f"({one})" for one in (*firsts, *(groups[kind] for kind in _ORDER[3:])))
    return re.compile(rf"\s*+(?:{alternatives})", re.DOTALL)
