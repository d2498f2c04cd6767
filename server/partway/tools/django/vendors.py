"""Functions of RunPython that are about one database alone: `if schema_editor.connection.vendor == "sqlite":`; and
those that do nothing in production: `if not settings.DEBUG: return`."""

from __future__ import annotations

import re

from partway.tools.django.conditions import in_production

_CONDITION = re.compile(
    r"if\s+(not\s+)?[\w.]{0,80}\bconnection\.vendor\s{0,9}(==|!=|in|not\s+in)\s{0,9}"
    r"([(\[]?[\w\"', ]{0,80}[\])]?)\s{0,9}:[ \t]*(?:#[^\n]*)?",
)
_DOCUMENTATION = re.compile(r"\A\s*[rRuU]?(\"\"\"|''').*?\1", re.DOTALL)
_IF = re.compile(r"if\s+([^\n:]{1,300}):[ \t]*(?:#[^\n]*)?")
_SETTINGS = re.compile(
    r"^\s*(?:from\s+django\.conf\s+import\s[^\n]*\bsettings\b(?!\s+as\b)|from\s+django\s+import\s[^\n]*\bconf\b)",
    re.MULTILINE,
)
#: What makes another thing of that name, or of what it says.
_OTHERS = re.compile(
    r"\b(?:as|def|class|for)\s+settings\b|\bsettings(?:\.DEBUG)?\s*=(?!=)|import\s+settings\b(?<!conf import settings)"
)
#: What Django calls the databases.
_VENDORS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}


def does_nothing(text: str, name: str, dialect: str) -> bool:
    """Whether the function of this name does nothing on this dialect: all of it stands behind a look at the vendor, or
    it returns at once."""
    body = _body(text, name)
    found = _CONDITION.match(body) if body else None
    vendor = _VENDORS.get(dialect)
    if found is None or vendor is None:
        return False
    named = vendor in re.findall(r"[\"'](\w+)[\"']", found[3])
    holds = (named is not found[2].startswith(("!", "not"))) is not bool(found[1])
    return _stands_behind(body[found.end() :], holds=holds)


def is_passed_over(text: str, name: str) -> bool:
    """Whether the function of this name does nothing in production, in the same way."""
    if "settings.DEBUG" not in text or not _SETTINGS.search(text) or _OTHERS.search(text):
        return False
    body = _body(text, name)
    found = _IF.match(body) if body else None
    holds = in_production(found[1]) if found is not None else None
    return found is not None and holds is not None and _stands_behind(body[found.end() :], holds=holds)


def _stands_behind(rest: str, *, holds: bool) -> bool:
    """Whether a function does nothing by the `if` at its beginning, with what comes behind that."""
    inside, after = _split(rest)
    if holds:
        return re.fullmatch(r"return(?:\s+None)?", inside) is not None
    return not after


def _body(text: str, name: str) -> str:
    """The statements of a function at the file's top level, without documentation and comments above the first."""
    found = re.search(rf"^def {re.escape(name)}\([^)]*\)[^:\n]*:[^\n]*\n", text, re.MULTILINE)
    if found is None or not name:
        return ""
    lines = []
    for line in text[found.end() :].splitlines():
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            break
        lines.append(line)
    body = "\n".join(lines)
    body = body[match.end() :] if (match := _DOCUMENTATION.match(body)) else body
    return re.sub(r"\A(?:\s*#[^\n]*\n)+", "", body).lstrip()


def _split(rest: str) -> tuple[str, str]:
    """What stands inside an `if` whose line ends where this begins, and what comes behind it in the function."""
    if rest[:1] not in ("\n", ""):
        inside, _, after = rest.partition("\n")
        return inside.strip(), after.strip()
    lines = [line for line in rest.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    inner = 0
    while inner < len(lines) and len(lines[inner]) - len(lines[inner].lstrip()) >= indent:
        inner += 1
    return "\n".join(lines[:inner]).strip(), "\n".join(lines[inner:]).strip()
