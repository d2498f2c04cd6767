"""Time Partway beside squawk, sqlfluff and the bare interpreter: `python -m tests.bench` (`make bench`).

Reads the made-up corpus, and as well the folder that PARTWAY_BENCH_FOLDER names. Asserts nothing: the table says
whether the budgets hold on this machine.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from statistics import median

import partway
from tests.bench import corpus
from tests.bench.timing import Contestant, race

_BIN = Path(sys.executable).parent
_SAMPLE = 50  # files that sqlfluff reads; it takes half a minute for all


def main() -> int:
    """Print a table for each folder."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument(
        "--rounds", type=int, default=11, metavar="N", help="measured runs of each (default: 11)"
    )
    parser.add_argument("--no-sqlfluff", action="store_true", help="leave out the slowest")
    parser.add_argument("--keep", metavar="FOLDER", help="write the made-up corpus into this folder and end")
    options = parser.parse_args()
    if options.keep:
        for layout in ("plain", "flyway"):
            corpus.write(Path(options.keep, layout, "migrations"), flyway=layout == "flyway")
        return 0
    # As an installed wheel has it; an editable installation may never have got as far.
    compileall.compile_dir(str(Path(partway.__file__).parent), quiet=1)
    print(
        f"partway {version('partway')}, squawk {version('squawk-cli')}, sqlfluff {version('sqlfluff')}, "
        f"Python {sys.version.split()[0]}, {len(os.sched_getaffinity(0))} processors; "
        f"medians of {options.rounds} interleaved runs of whole processes"
    )
    with tempfile.TemporaryDirectory(prefix="partway-bench-") as scratch:
        for layout in ("plain", "flyway"):
            folder = Path(scratch, layout, "migrations")
            corpus.write(folder, flyway=layout == "flyway")
            _measure(f"{layout} SQL" if layout == "plain" else "Flyway", folder, Path(scratch), options)
        real = os.environ.get("PARTWAY_BENCH_FOLDER")
        if real:
            _measure(real, Path(real).resolve(), Path(scratch), options)
    return 0


def _measure(title: str, folder: Path, scratch: Path, options: argparse.Namespace) -> None:
    files = sorted(path for path in folder.rglob("*.sql") if path.is_file())
    sizes = [path.stat().st_size for path in files]
    print(
        f"\n{title}: {len(files)} files, {sum(sizes) / 1e6:.2f} MB, median {median(sizes):.0f} bytes, largest "
        f"{max(sizes) / 1000:.1f} KB\n"
    )
    named = [str(path) for path in files]
    cache = scratch / "cache"
    # Under its own name, as in a project: a copy elsewhere may lack what tells that it is a migration.
    small = next(
        path for path in files if path.stat().st_size >= min(300, median(sizes)) and "down" not in path.name
    )
    lint = [str(_BIN / "partway"), "lint"]
    caching = {"PARTWAY_CACHE_DIR": str(cache)}

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    squawk = Contestant("squawk", [str(_BIN / "squawk"), *named])
    cold = Contestant("partway, cache empty", [*lint, str(folder)], forget, environment=caching)
    second = Contestant("partway, second run", [*lint, str(folder)], environment=caching)
    bare = Contestant("python -c pass", [sys.executable, "-c", "pass"])
    one = Contestant(
        "partway, one small file",
        [*lint, str(small)],
        environment={"PARTWAY_CACHE_DIR": str(scratch / "one")},
    )
    one.prepare = lambda: shutil.rmtree(scratch / "one", ignore_errors=True)
    contestants = [squawk, cold, second, bare, one]
    sqlfluff = None
    if not options.no_sqlfluff:
        step = max(1, len(named) // _SAMPLE)
        sample = named[::step][:_SAMPLE]
        share = sum(sizes) / max(1, sum(os.path.getsize(path) for path in sample))
        command = [str(_BIN / "sqlfluff"), "lint", "--dialect", "postgres", "--disable-progress-bar", *sample]
        sqlfluff = Contestant("sqlfluff (scaled)", command, scale=share, rounds=2)
        contestants.append(sqlfluff)
    race(contestants, options.rounds, _progress)
    _progress("")
    _print_times(contestants)
    budgets = [
        ("cold against squawk", cold.wall / squawk.wall, "at most", 4.0),
        ("second run against squawk", second.wall / squawk.wall, "at most", 1.2),
        ("one small file against the bare interpreter", one.wall / bare.wall, "at most", 10.0),
    ]
    if sqlfluff is not None:
        budgets.insert(1, ("sqlfluff against cold", sqlfluff.wall / cold.wall, "at least", 40.0))
    _print_budgets(budgets)


def _print_times(contestants: list[Contestant]) -> None:
    print("| whole process | wall | processor | runs |")
    print("|---|--:|--:|--:|")
    for one in contestants:
        print(f"| {one.name} | {one.wall * 1000:.0f} ms | {one.processor * 1000:.0f} ms | {len(one.walls)} |")


def _print_budgets(budgets: list[tuple[str, float, str, float]]) -> None:
    print("\n| ratio of wall times | measured | budget | |")
    print("|---|--:|--:|---|")
    for name, measured, bound, budget in budgets:
        held = measured <= budget if bound == "at most" else measured >= budget
        print(f"| {name} | {measured:.2f} | {bound} {budget:g} | {'held' if held else 'MISSED'} |")


def _progress(said: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{said}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
