"""`partway explain RULE`: a rule's documentation, which is the docstring of its file, laid out for a terminal."""

from __future__ import annotations

import argparse
import sys

from partway.cli.main import CLEAN, Wrong
from partway.cli.terminal import BOLD, DIM, OFF, colourful, plain
from partway.core.suggestion import suggestion
from partway.dialects import NAMES as DIALECTS
from partway.dialects import dialect_named
from partway.rules import all_rules
from partway.rules.rule import Rule


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `explain`."""
    parser.add_argument("rule", metavar="RULE", help="the rule's name; 'partway rules' lists them")


def run(options: argparse.Namespace) -> int:
    """Explain; the exit code."""
    rules = all_rules()
    rule = rules.get(options.rule)
    if rule is None:
        raise Wrong(f"there is no rule `{options.rule}`{suggestion(options.rule, rules)}")
    sys.stdout.write("\n".join(page(rule, colour=colourful(sys.stdout))) + "\n")
    return CLEAN


def page(rule: Rule, *, colour: bool) -> list[str]:
    """The lines of a rule's page: headings stand out, examples are indented and say what they are about."""
    bold, dim, off = (BOLD, DIM, OFF) if colour else ("", "", "")
    when = "" if rule.default else ", only when selected by name"
    lines = [f"{bold}{rule.name}{off}", f"{dim}{rule.group}, {rule.severity}{when}{off}", ""]
    in_code = hidden = False
    for line in rule.documentation.strip("\n").split("\n"):
        if line.startswith("```"):
            in_code = not in_code
            words = line.strip("`").split()
            # What the tests put into the database before the examples run is no example.
            hidden = in_code and "setup" in words
            if in_code and not hidden:
                lines.append(f"    {dim}-- {_about(words)}{off}")
        elif hidden:
            continue
        elif in_code:
            lines.append(f"    {line}".rstrip())
        elif line.startswith("#"):
            lines.append(f"{bold}{plain(line.lstrip('# '))}{off}")
        else:
            lines.append(plain(line))
    return lines


def _about(words: list[str]) -> str:
    """An example's opening line in words: "bad on MySQL, run by flyway"."""
    known = {"tool": "run by", "version": "version", "transaction": "transaction:"}
    verdict = next((word for word in words if word in ("bad", "good")), "for example")
    dialects = [dialect_named(word).title for word in words if word in DIALECTS]
    options = [word.partition("=")[::2] for word in words if "=" in word]
    said = f"{verdict} on {dialects[0]}" if dialects else verdict
    return ", ".join([said, *(f"{known[name]} {value}" for name, value in options if name in known)])
