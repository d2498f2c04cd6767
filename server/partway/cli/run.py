"""One run of `lint`: every file's findings, from the cache where they are in it, from reading it where not."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from functools import partial
from itertools import islice
from json import loads
from typing import TYPE_CHECKING, Any

from partway import cache as caching
from partway.cli.file import File, Files, NoMigration, Options
from partway.cli.outcome import Outcome, outcome
from partway.core.source import SourceFile
from partway.core.suggestion import suggestion
from partway.inputs import Input
from partway.neighbours import Neighbours
from partway.surroundings import Surroundings

if TYPE_CHECKING:
    from partway.cli.reading import Under
    from partway.core.diagnostic import Diagnostic
    from partway.core.migration import Migration
    from partway.fixing import Mended
    from partway.linting import Linted
    from partway.project import Project
    from partway.tools.choice import Choice

#: From so many files or bytes to read on, several processes are faster than one, forks and all.
_MANY_FILES, _MANY_BYTES = 16, 100_000
#: So many files, each of so many bytes, are read before there are several processes.
_FEW, _SMALL = 16, 16_384


class UnknownRule(Exception):
    """`--select` or `--ignore` names what is neither a rule nor a group."""


class Run:
    """A run over files, with what they share: projects and caches."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._caches: dict[str, caching.Cache | None] = {}
        self._files = Files(options)
        self._projects: dict[str, Project] = {}
        self._choices: dict[str, Choice] = {}  # what projects say of the files in hand, by path
        self._surroundings = Surroundings()
        self._neighbours: dict[str, Neighbours] = {}
        self._told: dict[str, int] = {}  # how much of what was looked at is handed over, by root

    def lint(self, inputs: Iterable[Input]) -> Outcome:
        """Find what there is to say about these files. Raises ConfigError or UnknownRule for a rule that does not
        exist."""
        files, failures = self.open(inputs)
        self._surroundings.given = {file.input.path: file.data for file in files}
        self._check_names(files)
        keys = [self._key(file) if self._has_any(file) else None for file in files]
        results = [self._cached(file, key) for file, key in zip(files, keys, strict=True)]
        pending = [number for number, result in enumerate(results) if result is None]
        if pending:
            self._read(files, pending, keys, results)
        for cache in self._caches.values():
            if cache is not None and cache.changed:
                cache.save(cache.names or _known_names())
        return outcome(files, results, failures)

    def open(self, inputs: Iterable[Input]) -> tuple[list[File], list[tuple[str, str]]]:
        """The files that can be read as text, and those that cannot, with the reason."""
        return self._files.open(inputs)

    def choice(self, file: File) -> Choice | None:
        """What is known of how a file is run; None when it was met in a walk and is no migration."""
        return self._choice(file, file.source) if self._wanted(file) else None

    def dialect(self, file: File) -> str | None:
        """The database that a file is for, as far as the configuration or the project says so."""
        one = file.input
        return one.config.choice_for(one.relative).dialect or self._found(file).dialect

    def migration(self, file: File) -> Migration | None:
        """The file as Partway reads it; None when it was met in a walk and is no migration."""
        from partway.tools.reading import read

        if not self._wanted(file):
            return None
        return read(file.source, self._choice(file, file.source), beside=self._beside(file))

    def mend(self, file: File, *, unsafe: bool) -> Mended:
        """The file's text with its fixes applied."""
        from partway.fixing import mend

        def lint(source: SourceFile) -> Linted:
            # It is in the report, so it is a migration, whatever its fixes make of its text.
            return self._linted(file, source)

        return mend(file.source, lint, unsafe=unsafe)

    def _check_names(self, files: list[File]) -> None:
        """Every rule and group named must exist. The cache knows them, so that nothing need be imported."""
        configs = {file.input.config.root: file.input.config for file in files}
        configs = {root: config for root, config in configs.items() if config.path is not None}
        named = (*(self.options.select or ()), *self.options.ignore)
        if not named and not configs:
            return
        known: frozenset[str] = frozenset()
        for file in files[:1]:
            cache = self._cache(file)
            known = frozenset(cache.names) if cache is not None else known
        if not known:
            known = _known_names()
        for name in named:
            if name not in known:
                raise UnknownRule(f"there is no rule or group `{name}`{suggestion(name, known)}")
        for config in configs.values():
            config.check_names(known)

    def _cache(self, file: File) -> caching.Cache | None:
        root = file.root
        if root not in self._caches:
            folder = self.options.cache
            self._caches[root] = caching.Cache(folder, root) if folder else None
        return self._caches[root]

    def _project(self, file: File) -> Project:
        """The file's project. Nothing of it is imported as long as nobody asks."""
        from partway.project import Project

        if file.root not in self._projects:
            self._projects[file.root] = Project(file.root)
        return self._projects[file.root]

    def _has_any(self, file: File) -> bool:
        """Whether anything is kept of the file's project. Where nothing is, keys are left to those who read the files,
        for what a project says is the dearest part to find out."""
        cache = self._cache(file)
        return cache is not None and bool(cache.names)

    def _key(self, file: File) -> str | None:
        """What a file's findings are kept under; None when nothing is kept."""
        cache = self._cache(file)
        if cache is None:
            return None
        name = caching.key(file.data, self._facts(file))
        key = cache.shortcut(name)
        if key is None:
            key = self._worked_out(file, name)
            cache.remember(name, key, self._project(file).looked_at)
        return key

    def _worked_out(self, file: File, name: str) -> str:
        """The key of a file that goes by this name, which its bytes are in already."""
        return caching.key(name.encode(), self._found(file))

    def _facts(self, file: File) -> tuple[object, ...]:
        """What is known of a file without looking at its project, which seldom changes."""
        one = file.input
        return one.path, one.base, file.said, file.select, file.ignore, sorted(self._validated(file))

    def _kept_under(self, file: File) -> Under | None:
        """The same for a file of a project of which nothing is kept yet, to be handed to the process that will keep
        it; None when nothing shall be."""
        from partway.cli.reading import Under

        if self._cache(file) is None:
            return None
        name = caching.key(file.data, self._facts(file))
        key = self._worked_out(file, name)
        looked_at = self._project(file).looked_at
        told = self._told.get(file.root, 0)
        self._told[file.root] = len(looked_at)
        return Under(name, key, dict(islice(looked_at.items(), told, None)))

    def _cached(self, file: File, key: str | None) -> Any:
        cache = self._cache(file)
        found = cache.get(key) if cache is not None and key is not None else None
        return found if found and self._beside(file).holds(found.get("relied", {})) else None

    def _read(
        self, files: list[File], pending: list[int], keys: list[str | None], results: list[Any]
    ) -> None:
        """Read and analyse what the cache does not have, and keep it."""
        from partway.cli import reading
        from partway.cli.parallel import in_order, processors
        from partway.cli.stretches import stretches
        from partway.cli.terminal import Progress

        progress = Progress(len(pending))
        size = sum(len(files[number].data) for number in pending)
        jobs = self.options.jobs or processors()
        if len(pending) < _MANY_FILES and size < _MANY_BYTES:
            jobs = 1

        if jobs > 1:
            self._import_all(files[number] for number in pending)

        def work(number: int) -> bytes:
            file = files[pending[number]]
            known = keys[pending[number]] is not None
            return reading.result(
                file,
                self._beside(file),
                lambda: self._lint(file),
                lambda: None if known else self._kept_under(file),
            )

        try:
            bodies = in_order(work, stretches([files[number] for number in pending]), jobs, progress.at)
        finally:
            progress.done()
        for number, result in zip(pending, bodies, strict=True):
            under, body = reading.taken_apart(result)
            results[number] = loads(body)
            cache, key = self._cache(files[number]), keys[number]
            if cache is None:
                continue
            if under is not None:
                key = under.key
                cache.remember(*under)
            if key is not None and "failure" not in results[number]:
                cache.put(key, body)

    def _import_all(self, files: Iterable[File]) -> None:
        """Read a file that has something in it, so that what this takes is imported once, and not by each process."""
        from partway.cli import reading

        for file in islice(files, _FEW):
            if len(file.data) > _SMALL:
                return
            reading.result(file, self._beside(file), partial(self._lint, file), lambda: None)
            if "partway.linting" in sys.modules:
                return

    def _lint(self, file: File) -> list[Diagnostic] | None:
        """Read one file and ask the rules; None when it was met in a walk and is no migration."""
        if not self._wanted(file):
            return None
        from partway.tools.quiet import is_quiet

        if file.select is None and is_quiet(file.source.text, self._choice(file, file.source)):
            return []
        return self._linted(file, file.source).diagnostics

    def _wanted(self, file: File) -> bool:
        """Whether a file is a migration: one that is named always is, one that was met in a walk if it looks like
        one."""
        from partway.tools.reading import HEAD, PLAIN, is_migration
        from partway.tools.suffixes import PROGRAMS

        one = file.input
        if not one.base:
            is_program = one.path.lower().endswith(PROGRAMS)
            if is_program and self._choice(file, file.source).tool == PLAIN and file.said.tool is None:
                raise NoMigration("no migration of a tool that Partway knows")
            return True
        looks = is_migration(one.path, file.source.text[:HEAD], one.base)
        return looks and not self._choice(file, file.source).foreign

    def _linted(self, file: File, source: SourceFile) -> Linted:
        """Read a text of a file's, its own or what became of it."""
        from partway.linting import Selection, lint

        selection = Selection(file.select, file.ignore)
        choice, validated = self._choice(file, source), self._validated(file)
        return lint(source, choice, selection, validated, beside=self._beside(file))

    def _validated(self, file: File) -> Collection[str]:
        """The constraints validated beside this file, asked only where it leaves one to be validated."""
        if not self._surroundings.concern(file.data):
            return ()

        def read_beside(path: str, text: str) -> Migration:
            from partway.tools.reading import read

            beside = self._beside(file)
            below = path.removeprefix(beside.base)
            return read(SourceFile(below, text), self._choice(file, file.source), beside=beside)

        return self._surroundings.validated(file.input.path, read_beside)

    def _beside(self, file: File) -> Neighbours:
        """The files of this file's project."""
        base = file.base
        if base not in self._neighbours:
            self._neighbours[base] = Neighbours(base)
        return self._neighbours[base]

    def _choice(self, file: File, source: SourceFile) -> Choice:
        """What is known of how a text of a file's is run."""
        found = (
            self._found(file)
            if source is file.source
            else self._project(file).choice(file.input.path, source.text)
        )
        return found.overridden_by(file.said)

    def _found(self, file: File) -> Choice:
        """What the project says of a file as it is; asked once, since the cache, the walk and the reader need it."""
        path = file.input.path
        if path not in self._choices:
            self._choices[path] = self._project(file).choice(path, file.source.text)
        return self._choices[path]


def _known_names() -> frozenset[str]:
    from partway.linting import known_names

    return known_names()
