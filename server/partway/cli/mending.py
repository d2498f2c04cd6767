"""`lint --fix` and `--diff` over a whole run: which files change, what is written where, what is left to say."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from partway.cli.file import File
from partway.cli.formats.text import count
from partway.cli.outcome import Outcome
from partway.cli.reading import failure
from partway.cli.records import Record, Report, fixable, record
from partway.cli.run import Run
from partway.cli.terminal import complain
from partway.cli.writing import Changed, replace
from partway.core.decode import encode
from partway.core.source import SourceFile
from partway.fixing import Mended, diff
from partway.inputs import reason


class MendedRun(NamedTuple):
    """What is left to report, what takes stdout before it (differences, or the fixed text of stdin), and one line that
    says what was done."""

    report: Report
    output: bytes
    said: str


def mend(options: argparse.Namespace, running: Run, outcome: Outcome) -> MendedRun:
    """Fix every file that has something to fix; write, or collect the differences."""
    mendable = {one["path"] for one in outcome.report.records if fixable(one, unsafe=options.unsafe_fixes)}
    records: list[Record] = []
    sources: dict[str, SourceFile] = {}
    output: list[bytes] = []
    applied = changed = 0
    by_path: dict[str, list[Record]] = {}
    for one in outcome.report.records:
        by_path.setdefault(one["path"], []).append(one)
    for path, file in outcome.files.items():
        left, source = by_path.get(path, []), file.source
        if path in mendable:
            mended = _mended(running, file, options)
            for rule in mended.refused:
                why = "would make text that cannot be read; not applied, please report it"
                complain(f"{path}: the fix of {rule} {why}")
            done = mended.source.text != file.source.text
            if done and options.diff:
                output.append(
                    diff(path, file.source.text, mended.source.text).encode(errors="surrogateescape")
                )
            elif done and file.input.data is None:
                done = _write(file, mended)
            if done:
                applied, changed = applied + mended.applied, changed + 1
                source = mended.source
                left = [record(one, source, path) for one in mended.diagnostics]
        if file.input.data is not None and options.fix:
            output.append(encode(source.text, source.encoding))
        records += left
        if left:
            sources[path] = source
    verb = "would fix" if options.diff else "fixed"
    said = f"partway: {verb} {count(applied, 'finding')} in {count(changed, 'file')}\n" if changed else ""
    return MendedRun(Report(records, outcome.report.files, sources), b"".join(output), said)


def _mended(running: Run, file: File, options: argparse.Namespace) -> Mended:
    """The file's text with its fixes; the text as it is if Partway makes a mistake."""
    try:
        return running.mend(file, unsafe=options.unsafe_fixes)
    except Exception as error:  # noqa: BLE001 - one file must not keep the others from being fixed
        complain(f"{file.input.shown}: not fixed: {failure(error)}")
        return Mended(file.source, [], 0)


def _write(file: File, mended: Mended) -> bool:
    """Whether the mended text now stands in the file; where not, why is said."""
    path = file.input.shown
    try:
        replace(file.input.path, file.data, encode(mended.source.text, mended.source.encoding))
    except Changed:
        complain(f"{path}: changed while it was read; not fixed")
    except (OSError, UnicodeEncodeError) as error:
        complain(f"{path}: cannot be written: {reason(error)}")
    else:
        return True
    return False
