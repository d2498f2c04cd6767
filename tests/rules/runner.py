"""Runs a rule over an example: its findings, and the text after its fixes."""

from __future__ import annotations

from partway.core.diagnostic import Diagnostic, Group
from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.fixing import Mended, mend
from partway.linting import Linted, Selection, lint
from partway.tools.choice import Choice
from partway.tools.reading import read
from tests.files import Files
from tests.rules.documentation import SETUPS, Example


def choice(example: Example) -> Choice:
    """What the example's opening line says of its surroundings; a file is plain SQL unless that names a tool."""
    options = example.options
    version = options.get("version", "")
    setting = options.get("setting", "")
    return Choice(
        tool=example.tool,
        dialect=example.dialect,
        server=tuple(int(part) for part in version.split(".")) if version else (),
        transaction=options.get("transaction"),
        settings=((setting.partition(":")[0], setting.partition(":")[2]),) if setting else (),
    )


def migration(example: Example, text: str | None = None) -> Migration:
    """The example, or another text in its place, read."""
    source = SourceFile(example.path, example.text if text is None else text)
    return read(source, choice(example), beside=beside(example))


def findings(example: Example, *select: str | Group, text: str | None = None) -> list[Diagnostic]:
    """What the rules of this selection (default: the example's own) say about it."""
    return _lint(
        example, SourceFile(example.path, example.text if text is None else text), select
    ).diagnostics


def fixed(example: Example, text: str | None = None) -> Mended:
    """The example after every fix of its rule, those included that need consent."""
    source = SourceFile(example.path, example.text if text is None else text)
    return mend(source, lambda changed: _lint(example, changed, ()), unsafe=True)


def _lint(example: Example, source: SourceFile, select: tuple[str | Group, ...]) -> Linted:
    names = tuple(str(name) for name in select) or (example.rule,)
    validated = example.options.get("validated", "").split(",")
    return lint(source, choice(example), Selection(names), validated, beside=beside(example))


def beside(example: Example) -> Files:
    """The other files of the example's project."""
    at = SETUPS.get(example.tool)
    return Files({at: example.setup} if at and example.setup else {})
