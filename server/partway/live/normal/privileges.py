"""Who may do what with a table on PostgreSQL, compared."""

from __future__ import annotations

import re

from partway.live.normal.found import Compare, Found

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


def privileges(*, granted: bool) -> Compare:
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
