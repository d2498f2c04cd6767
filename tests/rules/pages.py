"""Writes docs/rules/: one page for each rule from its docstring, and the index. `python -m tests.rules.pages` does it,
a test holds the committed pages to it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from partway.core.diagnostic import Group
from partway.dialects import dialect_named
from partway.rules import all_rules
from partway.rules.rule import Rule
from tests.rules.documentation import FENCE

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"

_GROUPS = {
    Group.IDEMPOTENCY: "Can it be run again?",
    Group.TRANSACTION: "Does it run in the transaction that it seems to run in?",
    Group.RECOVERY: "Can one recover from a failure?",
    Group.LOCKING: "Whom does it keep waiting?",
    Group.SYNTAX: "Can it be read?",
}
_TOOLS = {
    "flyway": "Flyway",
    "prisma": "Prisma",
    "supabase": "Supabase",
    "rails": "Rails",
    "django": "Django",
    "alembic": "Alembic",
}
_INTRODUCTION = """\
# Rules

A rule's name names the bad pattern. Each page says what the rule does, why it matters, and shows a bad and a good
example; `partway explain RULE` prints the same in the terminal, and `partway rules` lists them with their groups.

What a rule says depends on the database and on how the migration is run: the same statement can be worth a finding on
MySQL and none on PostgreSQL. Each example says which database it is about, and the tests run every one of them.
"""
_INTRODUCED = re.compile(r"(?<!`)`([a-z]+(?:-[a-z]+)+)`(?!`)")


def pages() -> dict[str, str]:
    """The text of every page by file name."""
    rules = all_rules()
    found = {f"{name}.md": page(rule) for name, rule in rules.items()}
    found["index.md"] = index(list(rules.values()))
    return found


def page(rule: Rule) -> str:
    """A rule's page: its facts, then its docstring, each example under a line that says what it is about."""
    summary, _, body = rule.documentation.strip().partition("\n")
    when = "asked by default" if rule.default else "asked only when selected by name"
    facts = f"Group [{rule.group}](index.md), severity {rule.severity}, {when}."
    body = FENCE.sub(_example, _linked(body.strip(), rule.name))
    body = re.sub(r"\n{3,}", "\n\n", body)
    return f"# {rule.name}\n\n{summary}\n\n{facts}\n\n{body}\n"


def index(rules: list[Rule]) -> str:
    """The list of all rules, by group."""
    parts = [_INTRODUCTION]
    for group, question in _GROUPS.items():
        rows = [
            f"| [{rule.name}]({rule.name}.md) | {rule.severity} | {rule.documentation.strip().partition(chr(10))[0]} |"
            for rule in rules
            if rule.group is group
        ]
        if rows:
            parts.append(
                "\n".join(
                    (f"## {group}\n\n{question}\n\n| rule | severity | finds |\n|---|---|---|", *rows, "")
                )
            )
    return "\n".join(parts)


def _linked(text: str, own: str) -> str:
    """Names of other rules made links; what stands in a fence is left alone."""
    pieces = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
    return "".join(piece if piece.startswith("```") else _links(piece, own) for piece in pieces)


def _links(text: str, own: str) -> str:
    def link(match: re.Match[str]) -> str:
        name = match[1]
        return f"[{match[0]}]({name}.md)" if name in all_rules() and name != own else match[0]

    return _INTRODUCED.sub(link, text)


def _example(match: re.Match[str]) -> str:
    language, info, text = match.groups()
    words = info.split()
    if len(words) < 2:
        return match[0]
    if words[1] == "setup":
        return ""
    options = dict(word.partition("=")[::2] for word in words[2:])
    title = dialect_named(words[0]).title
    about = " ".join((title, *([options["version"]] if "version" in options else [])))
    if tool := options.get("tool"):
        about += f", run by {_TOOLS.get(tool, tool)}"
    if path := options.get("path"):
        about += f" as `{path}`"
    if mode := options.get("transaction"):
        about += f", `--transaction {mode}`"
    return f"\n{about}:\n\n```{language}\n{text}```\n"


def main() -> int:
    """Write the pages, and remove those of rules that are gone."""
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} pages in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
