"""Every fix offered over real migrations, checked: `python -m tests.corpus.fixes FOLDER ...` (`make fixes-report`).

Each fix alone, and all safe ones together as `--fix` applies them: the result is read without new troubles, its rule is
silent there, a second application changes nothing, the operations are the same but for guards, and no other statement
was touched. `--transaction none` makes every file need its guards; `--dialect mysql=mariadb` reads MySQL's files as
MariaDB's.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Self

from partway.core.diagnostic import Diagnostic
from partway.core.edit import Applicability, Edit, apply_edits
from partway.core.migration import Migration
from partway.core.operation import Action
from partway.core.postcondition import Postcondition
from partway.core.source import SourceFile, Span
from partway.fixing import mend
from partway.linting import Linted, Selection, lint
from partway.tools.choice import Choice
from tests.corpus.folders import Found, migrations

#: What a guard's own statements are: they stand in inserted text, and make nothing that stays.
_HELPERS = frozenset({"set", "prepare", "deallocate", "select", "do", "commit"})
#: After the fix of this rule something is kept that was lost before, and so has to be guarded.
_KEEPS_MORE = frozenset({"uncommitted-transaction"})
#: Text that a fix may take away: guard words without effect, and blanks.
_TAKEN_OUT = frozenset({"IF NOT EXISTS", "IF EXISTS", "OR REPLACE", ""})


@dataclass
class Score:
    """The figures of one folder."""

    files: int = 0
    mended: int = 0
    fixes: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # dialect, rule, applicability
    failures: list[str] = field(default_factory=list)

    def __iadd__(self, other: Score) -> Self:
        self.files += other.files
        self.mended += other.mended
        self.fixes += other.fixes
        self.failures += other.failures
        return self


class Shift:
    """Where places of a text are after its edits."""

    def __init__(self, edits: tuple[Edit, ...]) -> None:
        self.edits = sorted(edits, key=lambda edit: edit.span)

    def around(self, span: Span) -> Span:
        """The span after the edits, with everything that they put into it and right beside it."""
        before = sum(
            len(edit.text) - (edit.span.end - edit.span.start)
            for edit in self.edits
            if edit.span.end < span.start
        )
        within = sum(
            len(edit.text) - (edit.span.end - edit.span.start)
            for edit in self.edits
            if span.start <= edit.span.end and edit.span.start <= span.end
        )
        return Span(span.start + before, span.end + before + within)


class Checked:
    """One file and its fixes."""

    def __init__(self, found: Found, choice: Choice) -> None:
        self.source = found.source
        self.choice = choice
        self.linted = self._lint(found.source)
        self.score = Score(files=1)

    def _lint(self, source: SourceFile) -> Linted:
        return lint(source, self.choice, Selection())

    def _text(self, text: str) -> SourceFile:
        return SourceFile(self.source.path, text, self.source.encoding)

    def run(self) -> Score:
        """Check every fix, alone and together."""
        dialect = self.linted.migration.dialect
        for one in self.linted.diagnostics:
            if one.fix is None or one.fix.applicability is Applicability.DISPLAY_ONLY:
                continue
            self.score.fixes[dialect, one.rule, one.fix.applicability] += 1
            for wrong in self._alone(one):
                self._fail(one, wrong)
        for unsafe in (False, True):
            for wrong in self._together(unsafe):
                self.score.failures.append(
                    f"{self.source.path}: {'--unsafe-fixes' if unsafe else '--fix'}: {wrong}"
                )
        return self.score

    def _fail(self, one: Diagnostic, wrong: str) -> None:
        line = self.source.text.count("\n", 0, one.span.start) + 1
        said = one.fix.title if one.fix else ""
        self.score.failures.append(f"{self.source.path}:{line}: {one.rule} ({said}): {wrong}")

    def _alone(self, one: Diagnostic) -> Iterator[str]:
        assert one.fix is not None
        shift = Shift(one.fix.edits)
        place = self._statement(one.span)
        yield from self._outside(one, place)
        again = self._lint(self._text(apply_edits(self.source.text, one.fix.edits)))
        yield from self._troubles(again.migration)
        yield from differences(self.linted.migration, again.migration)
        there = shift.around(place)
        for other in again.diagnostics:
            if other.rule == one.rule and other.span.start < there.end and other.span.end > there.start:
                yield f"still said: {other.message}"
        before = Counter(other.rule for other in self.linted.diagnostics)
        for rule, count in (Counter(other.rule for other in again.diagnostics) - before).items():
            if one.rule in _KEEPS_MORE:
                break
            yield f"{count} more of {rule}"

    def _together(self, unsafe: bool) -> Iterator[str]:
        mended = mend(self.source, self._lint, unsafe=unsafe)
        if mended.refused:
            yield f"refused: {mended.refused}"
        if not mended.applied:
            return
        self.score.mended += not unsafe
        again = self._lint(mended.source)
        yield from self._troubles(again.migration)
        yield from differences(self.linted.migration, again.migration)
        yield from _lost(self.source.text, mended.source.text)
        twice = mend(mended.source, self._lint, unsafe=unsafe)
        if twice.source.text != mended.source.text:
            yield "a second application changes the text"
        allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
        for one in mended.diagnostics:
            if one.fix is not None and one.fix.applicability in allowed:
                yield f"left over: {one.rule}: {one.message}"

    def _troubles(self, migration: Migration) -> Iterator[str]:
        known = Counter(trouble.message for trouble in self.linted.migration.troubles)
        for trouble in (Counter(trouble.message for trouble in migration.troubles) - known).elements():
            yield f"cannot be read any more: {trouble}"

    def _statement(self, span: Span) -> Span:
        for section in self.linted.migration.sections:
            for operation in section.operations:
                if operation.statement.start <= span.start < operation.statement.end:
                    return operation.statement
        return span

    def _outside(self, one: Diagnostic, place: Span) -> Iterator[str]:
        """Edits in another statement, and text taken away that is no guard."""
        assert one.fix is not None
        for edit in one.fix.edits:
            gone = " ".join(self.source.text[edit.span.start : edit.span.end].upper().split())
            if gone not in _TAKEN_OUT:
                yield f"takes out {gone!r}"
            for section in self.linted.migration.sections:
                for step in section.steps:
                    if step.span.start < edit.span.start < step.span.end and not (
                        place.start <= edit.span.start <= place.end
                    ):
                        yield f"edits another statement at {edit.span.start}"


def differences(before: Migration, after: Migration) -> Iterator[str]:
    """In what the operations differ, guards and their statements aside."""
    if len(before.sections) != len(after.sections):
        yield f"{len(before.sections)} sections became {len(after.sections)}"
        return
    for old, new in zip(before.sections, after.sections, strict=True):
        wanted = [action for operation in old.operations for action in operation.actions]
        made = [action for operation in new.operations for action in operation.actions]
        kept = _without_helpers(wanted, made)
        for was, now in zip_longest(wanted, kept):
            if was is None or now is None or not _same(was, now):
                yield f"operation {_said(was)} became {_said(now)}"
                return


def _without_helpers(wanted: list[Action], made: list[Action]) -> list[Action]:
    """The actions without the guards' own: what is not the next one wanted, and is a statement that makes nothing, or
    drops what a later one makes."""
    result: list[Action] = []
    for action in made:
        awaited = wanted[len(result)] if len(result) < len(wanted) else None
        if awaited is not None and _same(awaited, action):
            result.append(action)
            continue
        verb, _, what = action.kind.partition("-")
        made_anew = any(
            (one.kind, one.target) == (f"create-{what}", action.target) for one in wanted[len(result) :]
        )
        drops = verb == "drop" and made_anew
        if action.kind not in _HELPERS and not drops:
            result.append(action)
    return result


def _same(was: Action, now: Action) -> bool:
    """Whether they do the same; a fix may give a nameless thing its name."""
    if was.kind != now.kind or len(was.postconditions) != len(now.postconditions):
        return False
    named = was.target == now.target or "unnamed" in was.traits
    return named and all(map(_same_fact, was.postconditions, now.postconditions))


def _same_fact(was: Postcondition, now: Postcondition) -> bool:
    return was == now or (not was.name.name and was._replace(name=now.name) == now)


def _said(action: Action | None) -> str:
    return f"{action.kind} {action.target} {[str(p) for p in action.postconditions]}" if action else "nothing"


def _lost(before: str, after: str) -> Iterator[str]:
    """Lines of the text that are gone: each must be found again, in order, whatever was put into it."""
    rest = iter(after)
    for at, letter in enumerate(before):
        if not letter.isspace() and letter not in rest:
            line = before.count("\n", 0, at) + 1
            if not any(words in before.upper() for words in _TAKEN_OUT if words):
                yield f"text of line {line} is gone"
            return


def main() -> int:
    """Print what was checked for each folder, and every failure; exit 1 when there is one."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.fixes", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--transaction", choices=("per-migration", "whole-run", "none"))
    parser.add_argument("--dialect", metavar="FROM=TO", help="read files of one dialect as another one's")
    arguments = parser.parse_args()
    was, _, instead = (arguments.dialect or "").partition("=")
    total = Score()
    for folder in arguments.folders:
        score = Score()
        for found in migrations(folder):
            choice = found.choice
            if was and choice.dialect != was:
                continue
            flags = Choice(dialect=instead or None, transaction=arguments.transaction)
            score += Checked(found, choice.overridden_by(flags)).run()
        offered, safe = (
            sum(score.fixes.values()),
            sum(n for (_, _, how), n in score.fixes.items() if how == "safe"),
        )
        print(
            f"{os.path.basename(folder.rstrip('/'))}: {score.files} files, {offered} fixes ({safe} safe), "
            f"{score.mended} files mended, {len(score.failures)} failures",
            flush=True,
        )
        for failure in score.failures:
            print(f"    {failure}")
        total += score
    dialects: Counter[str] = Counter()
    for (dialect, _, _), count in total.fixes.items():
        dialects[dialect] += count
    said = ", ".join(f"{count} {dialect}" for dialect, count in sorted(dialects.items()))
    print(
        f"{sum(dialects.values())} fixes checked ({said}), {total.mended} files mended, {len(total.failures)} failures"
    )
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main())
