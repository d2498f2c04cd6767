"""`partway rules`: every rule with its group, as a table or as JSON."""

from __future__ import annotations

import argparse
import sys
from json import dumps

from partway.cli.main import CLEAN
from partway.cli.terminal import BOLD, OFF, colourful, plain
from partway.core.diagnostic import Group
from partway.rules import all_rules
from partway.rules.rule import Rule


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `rules`."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(options: argparse.Namespace) -> int:
    """List the rules; the exit code."""
    rules = all_rules().values()
    if options.format == "json":
        sys.stdout.write(dumps([_document(rule) for rule in rules], indent=2) + "\n")
        return CLEAN
    bold, off = (BOLD, OFF) if colourful(sys.stdout) else ("", "")
    wide = max((len(rule.name) for rule in rules), default=0)
    groups = []
    for group in Group:
        lines = [
            f"  {rule.name:<{wide}}  {rule.severity:<7}  {summary(rule)}\n"
            for rule in rules
            if rule.group is group
        ]
        if lines:
            groups.append(f"{bold}{group}{off}\n" + "".join(lines))
    sys.stdout.write("\n".join(groups) + "\npartway explain RULE says what it is about.\n")
    return CLEAN


def summary(rule: Rule) -> str:
    """The first line of a rule's documentation, without its markup, and whether it must be asked for."""
    first = plain(rule.documentation.strip().partition("\n")[0])
    return first if rule.default else f"{first} (only when selected)"


def _document(rule: Rule) -> dict[str, str | bool]:
    return {
        "rule": rule.name,
        "group": str(rule.group),
        "severity": str(rule.severity),
        "default": rule.default,
        "summary": summary(rule),
    }
