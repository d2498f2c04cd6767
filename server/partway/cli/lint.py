"""`partway lint`: findings, in the format asked for; fixes; baselines."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from importlib import import_module

from partway import cache as caching
from partway import inputs
from partway.cli.file import Options
from partway.cli.formats import NAMES as FORMATS
from partway.cli.main import CLEAN, FINDINGS, WRONG, Wrong
from partway.cli.options import add_choice, choice
from partway.cli.outcome import Outcome
from partway.cli.records import Record, fixable
from partway.cli.run import Run, UnknownRule
from partway.cli.terminal import colourful, complain
from partway.config import ConfigError, Configs


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lint`."""
    parser.epilog = (
        "exit codes:\n"
        "  0  nothing found\n"
        "  1  something found, or a file that could not be read\n"
        "  2  used or configured wrongly, a path that does not exist, or nothing could be read"
    )
    parser.add_argument(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="files, and folders to search for migrations; - for stdin (default: the folder you are in)",
    )
    parser.add_argument("--stdin-filename", metavar="PATH", help="the path that text on stdin goes by")
    rules = parser.add_argument_group("rules")
    for option, meaning in (("select", "ask only these"), ("ignore", "do not ask these")):
        rules.add_argument(
            f"--{option}",
            action="append",
            metavar="RULE,GROUP",
            help=f"{meaning}; more than once is the same as commas",
        )
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument("--fix", action="store_true", help="write safe fixes into the files")
    fixes.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff: unsafe ones as well"
    )
    fixes.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    report = parser.add_argument_group("report")
    report.add_argument(
        "--format", choices=FORMATS, default="text", help="how to write findings (default: text)"
    )
    report.add_argument(
        "--statistics", action="store_true", help="how often each rule was found, instead of where"
    )
    report.add_argument("--baseline", metavar="FILE", help="report only what this file does not record")
    report.add_argument(
        "--write-baseline", metavar="FILE", help="record what is found now, and report nothing"
    )
    add_choice(parser)
    running = parser.add_argument_group("running")
    running.add_argument(
        "--force-exclude",
        action="store_true",
        help="leave out files that are excluded or no migrations even when they are named, as pre-commit names them",
    )
    running.add_argument(
        "--no-cache", action="store_true", help="neither use nor write the cache of findings"
    )
    running.add_argument(
        "--cache-dir", metavar="FOLDER", help="where that cache is (default: the user's cache folder)"
    )
    running.add_argument(
        "--jobs", type=_positive, metavar="N", help="processes (default: as many as processors)"
    )


def run(options: argparse.Namespace) -> int:
    """Lint; the exit code."""
    _check(options)
    try:
        configs = Configs()
        found = _gather(options, configs)
        running = Run(_run_options(options))
        outcome = running.lint(found.files)
    except (ConfigError, UnknownRule) as error:
        raise Wrong(str(error)) from None
    for path in found.missing:
        complain(f"{path}: no such file or folder")
    for path, why in [*found.unreadable, *outcome.failures]:
        complain(f"{path}: {why}")
    if not outcome.report.files and not found.missing and not found.unreadable and not outcome.failures:
        for path in found.folders:
            complain(f"{path}: no migrations found in this folder", kind="warning")
    failed = bool(found.unreadable or outcome.failures)
    code = _report(options, running, outcome)
    if found.missing or (failed and not outcome.report.files):
        return WRONG
    return max(code, FINDINGS) if failed else code


def _report(options: argparse.Namespace, running: Run, outcome: Outcome) -> int:
    """Fix, compare with the baseline, write out; CLEAN or FINDINGS."""
    from partway.cli import baseline

    report = outcome.report
    said = ""
    if options.fix or options.diff:
        from partway.cli.mending import mend

        mended = mend(options, running, outcome)
        report, said = mended.report, mended.said
        sys.stdout.flush()
        sys.stdout.buffer.write(mended.output)
        if options.diff:
            sys.stderr.write(said)
            return FINDINGS if mended.output else CLEAN
    try:
        if options.write_baseline:
            baseline.write(options.write_baseline, report.records, report.sources)
            number = len(report.records)
            sys.stderr.write(
                f"partway: recorded {number} finding{'s' * (number != 1)} in {options.write_baseline}\n"
            )
            return CLEAN
        if options.baseline:
            known = baseline.read(options.baseline)
            report = report._replace(
                records=baseline.new_ones(options.baseline, known, report.records, report.sources)
            )
    except baseline.BaselineError as error:
        raise Wrong(str(error)) from None
    # The text of a file on stdin has taken the place of the report.
    stream = sys.stderr if options.fix and "-" in options.paths else sys.stdout
    if options.statistics:
        stream.write(_statistics(report.records, options.format))
    elif options.format != "text":
        writer = import_module(f"partway.cli.formats.{options.format}")
        stream.write(writer.write(report, colour=False))
    else:
        from partway.cli.formats import text

        stream.write(text.write(report, colour=colourful(stream)))
    (stream if options.format == "text" else sys.stderr).write(said)
    return FINDINGS if report.records else CLEAN


def _check(options: argparse.Namespace) -> None:
    """What argparse cannot tell by itself. Raises Wrong."""
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise Wrong("--unsafe-fixes needs --fix or --diff")
    if options.fix and options.diff:
        raise Wrong("--fix writes and --diff only shows: choose one")
    if options.baseline and options.write_baseline:
        raise Wrong("--baseline reads and --write-baseline writes: choose one")
    if options.stdin_filename and "-" not in options.paths:
        raise Wrong("--stdin-filename needs - as a path")
    if options.statistics and options.format not in ("text", "json"):
        raise Wrong(f"--statistics has no {options.format} format: text or json")
    if (options.fix or options.diff) and (options.baseline or options.write_baseline):
        raise Wrong("a baseline is about findings that stay as they are: not with --fix or --diff")


def _gather(options: argparse.Namespace, configs: Configs) -> inputs.Inputs:
    paths = [path for path in options.paths if path != "-"]
    found = inputs.gather(paths, configs, force_exclude=options.force_exclude)
    if "-" in options.paths:
        found.files.append(inputs.from_stdin(options.stdin_filename, configs))
    return found


def _run_options(options: argparse.Namespace) -> Options:
    return Options(
        choice=choice(options),
        detect_transaction=options.transaction == "auto",
        select=None if options.select is None else _names(options.select),
        ignore=_names(options.ignore or []),
        cache=None if options.no_cache else options.cache_dir or caching.default_folder(),
        jobs=options.jobs,
    )


def _names(given: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for part in given for name in part.split(",") if name.strip())


def _statistics(records: list[Record], form: str) -> str:
    """How often each rule was found, the most frequent first, and how many of these `--fix` mends."""
    counted = Counter(one["rule"] for one in records)
    mended = Counter(one["rule"] for one in records if fixable(one))
    ordered = sorted(counted, key=lambda rule: (-counted[rule], rule))
    if form == "json":
        from json import dumps

        return (
            dumps(
                [{"rule": rule, "count": counted[rule], "fixable": mended[rule]} for rule in ordered],
                indent=2,
            )
            + "\n"
        )
    wide = len(str(max(counted.values(), default=0)))
    return "".join(
        f"{counted[rule]:>{wide}}  {rule}{f'  ({mended[rule]} fixable with --fix)' if mended[rule] else ''}\n"
        for rule in ordered
    )


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes")
    return int(text)
