"""Rails's plurals and singulars, which table, column and key names are made with.

The rules are ActiveSupport's own (active_support/inflections.rb, frozen by its makers for that very reason), the last
one first, as it tries them. A project may add its own in config/initializers/inflections.rb.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

#: How a word must end for the rule to be worth trying (any of these words, empty for any end), the pattern, and what
#: takes its place: of some sixty patterns a run then compiles a few.
Rule = tuple[str, str, str]

_PLURALS: tuple[Rule, ...] = (
    ("quiz", r"(quiz)$", r"\1zes"),
    ("oxen", r"^(oxen)$", r"\1"),
    ("ox", r"^(ox)$", r"\1en"),
    ("ice", r"^(m|l)ice$", r"\1ice"),
    ("ouse", r"^(m|l)ouse$", r"\1ice"),
    ("ix ex", r"(matr|vert|ind)(?:ix|ex)$", r"\1ices"),
    ("x ch ss sh", r"(x|ch|ss|sh)$", r"\1es"),
    ("y", r"([^aeiouy]|qu)y$", r"\1ies"),
    ("hive", r"(hive)$", r"\1s"),
    ("fe f", r"(?:([^f])fe|([lr])f)$", r"\1\2ves"),
    ("sis", r"sis$", "ses"),
    ("a", r"([ti])a$", r"\1a"),
    ("um", r"([ti])um$", r"\1a"),
    ("o", r"(buffal|tomat)o$", r"\1oes"),
    ("bus", r"(bu)s$", r"\1ses"),
    ("alias status", r"(alias|status)$", r"\1es"),
    ("i", r"(octop|vir)i$", r"\1i"),
    ("us", r"(octop|vir)us$", r"\1i"),
    ("is", r"^(ax|test)is$", r"\1es"),
    ("s", r"s$", "s"),
    ("", r"$", "s"),
)
_SINGULARS: tuple[Rule, ...] = (
    ("databases", r"(database)s$", r"\1"),
    ("quizzes", r"(quiz)zes$", r"\1"),
    ("matrices", r"(matr)ices$", r"\1ix"),
    ("ices", r"(vert|ind)ices$", r"\1ex"),
    ("", r"^(ox)en", r"\1"),
    ("alias status aliases statuses", r"(alias|status)(es)?$", r"\1"),
    ("us i", r"(octop|vir)(us|i)$", r"\1us"),
    ("axis axes", r"^(a)x[ie]s$", r"\1xis"),
    ("is es", r"(cris|test)(is|es)$", r"\1is"),
    ("shoes", r"(shoe)s$", r"\1"),
    ("oes", r"(o)es$", r"\1"),
    ("bus buses", r"(bus)(es)?$", r"\1"),
    ("ice", r"^(m|l)ice$", r"\1ouse"),
    ("es", r"(x|ch|ss|sh)es$", r"\1"),
    ("movies", r"(m)ovies$", r"\1ovie"),
    ("series", r"(s)eries$", r"\1eries"),
    ("ies", r"([^aeiouy]|qu)ies$", r"\1y"),
    ("ves", r"([lr])ves$", r"\1f"),
    ("tives", r"(tive)s$", r"\1"),
    ("hives", r"(hive)s$", r"\1"),
    ("ves", r"([^f])ves$", r"\1fe"),
    ("sis ses", r"(^analy)(sis|ses)$", r"\1sis"),
    ("sis ses", r"((a)naly|(b)a|(d)iagno|(p)arenthe|(p)rogno|(s)ynop|(t)he)(sis|ses)$", r"\1sis"),
    ("a", r"([ti])a$", r"\1um"),
    ("news", r"(n)ews$", r"\1ews"),
    ("ss", r"(ss)$", r"\1"),
    ("s", r"s$", ""),
)
_IRREGULAR = (
    ("person", "people"),
    ("man", "men"),
    ("child", "children"),
    ("sex", "sexes"),
    ("move", "moves"),
    ("zombie", "zombies"),
)
_UNCOUNTABLE = (
    "equipment",
    "information",
    "rice",
    "money",
    "species",
    "series",
    "fish",
    "sheep",
    "jeans",
    "police",
)
# What a project's own rules may do to a name before they take longer than they are worth.
_MOST_RULES = 200
_LONGEST = 128


class Own(NamedTuple):
    """A project's own rules, in the order in which they are written."""

    plurals: tuple[Rule, ...] = ()
    singulars: tuple[Rule, ...] = ()
    irregular: tuple[tuple[str, str], ...] = ()
    uncountable: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()


NONE = Own()


class Inflector:
    """Plurals, singulars and table names by the rules of one project."""

    def __init__(self, own: Own = NONE) -> None:
        words = (*_UNCOUNTABLE, *own.uncountable)
        self._uncountable = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\Z", re.IGNORECASE)
        plurals: list[Rule] = []
        singulars: list[Rule] = []
        for one, many in reversed((*_IRREGULAR, *own.irregular)):
            plurals += _irregular(one, many)
            singulars += _irregular(many, one)
        self._plurals = _split((*reversed(own.plurals), *plurals, *_PLURALS))
        self._singulars = _split((*reversed(own.singulars), *singulars, *_SINGULARS))
        self._acronyms = own.acronyms
        self.pluralize = lru_cache(maxsize=512)(self._pluralize)
        self.singularize = lru_cache(maxsize=512)(self._singularize)

    def _pluralize(self, word: str) -> str:
        return self._apply(word, self._plurals)

    def _singularize(self, word: str) -> str:
        return self._apply(word, self._singulars)

    def _apply(self, word: str, rules: list[tuple[tuple[str, ...], str, str]]) -> str:
        if not word or len(word) > _LONGEST or self._uncountable.search(word):
            return word
        lower = word.lower()
        for ends, pattern, replacement in rules:
            if not lower.endswith(ends):
                continue
            compiled = _pattern(pattern)
            changed, count = compiled.subn(replacement, word, count=1) if compiled else (word, 0)
            if count:
                return changed
        return word

    def underscore(self, name: str) -> str:
        """`Admin::UserRole` as `admin/user_role`."""
        name = name.replace("::", "/")
        for acronym in self._acronyms:
            name = re.sub(rf"(?<![A-Za-z\d]){re.escape(acronym)}(?=\b|[^a-z])", acronym.capitalize(), name)
        name = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z\d])(?=[A-Z])", "_", name)
        return name.replace("-", "_").lower()

    def table_of(self, model: str) -> str:
        """The table of a model that does not name its own: the plural of its name without its modules."""
        return self.pluralize(self.underscore(model.rpartition("::")[2]))


def _irregular(one: str, many: str) -> list[Rule]:
    """What a rule for `one` and `many` adds to the rules that lead to `many`. Where both begin with the same letter,
    that keeps its case."""
    if one[:1].lower() == many[:1].lower():
        return [
            (many[1:].lower(), rf"({re.escape(many[:1])}){re.escape(many[1:])}$", rf"\1{many[1:]}"),
            (one[1:].lower(), rf"({re.escape(one[:1])}){re.escape(one[1:])}$", rf"\1{many[1:]}"),
        ]
    return [(many.lower(), rf"{re.escape(many)}$", many), (one.lower(), rf"{re.escape(one)}$", many)]


def _split(rules: Iterable[Rule]) -> list[tuple[tuple[str, ...], str, str]]:
    return [(tuple(ends.split()) or ("",), pattern, replacement) for ends, pattern, replacement in rules]


@cache
def _pattern(pattern: str) -> re.Pattern[str] | None:
    """None for what Ruby's regular expressions know and Python's do not."""
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error:
        return None


_CALL = re.compile(
    r"^[^#\n]*?\.(plural|singular|irregular|uncountable|acronym)[ (]+"
    r"(?:/((?:[^/\n\\]|\\.)+)/i?|(['\"])([^'\"\n]*)\3|%w[\[(]([^\])\n]*)[\])])"
    r"(?:\s*,\s*(['\"])([^'\"\n]*)\6)?",
    re.MULTILINE,
)


@cache
def inflector(text: str = "") -> Inflector:
    """The rules that the text of config/initializers/inflections.rb adds to Rails's own."""
    plurals: list[Rule] = []
    singulars: list[Rule] = []
    irregular: list[tuple[str, str]] = []
    uncountable: list[str] = []
    acronyms: list[str] = []
    for found in list(_CALL.finditer(text))[:_MOST_RULES]:
        what, pattern, word, words, second = found[1], found[2], found[4], found[5], found[7]
        if what == "uncountable":
            uncountable += (words or word or "").split()
        elif what == "acronym" and word:
            acronyms.append(word)
        elif second is None:
            continue
        elif what == "irregular" and word:
            irregular.append((word, second))
        elif what in ("plural", "singular"):
            rule = ("", pattern or re.escape(word or "") + "$", second)
            (plurals if what == "plural" else singulars).append(rule)
    return Inflector(
        Own(tuple(plurals), tuple(singulars), tuple(irregular), tuple(uncountable), tuple(acronyms))
    )
