"""The states before migrations: an app's earlier ones, and those that it depends on, run in mind.

Each file is parsed once, and each migration's state is kept, as long as the project's files stay as they are. A state
follows from what a migration depends on and from nothing later.
"""

from __future__ import annotations

from typing import Any

from partway.tools.beside import Beside
from partway.tools.django import apps
from partway.tools.django.backends import Backend
from partway.tools.django.editors import editor
from partway.tools.django.forwards import Run
from partway.tools.django.models import SWAPPABLE, Part, State, empty_part
from partway.tools.django.program import Program, in_hand, read_program

#: A node: an app's label and the name of a migration.
Node = tuple[str, str]
_MOST = 20_000


def own_program(path: str, text: str, vendor: str, beside: Beside | None) -> Program:
    """The program in the text in hand."""
    if beside is None:
        return in_hand(text, vendor)
    programs: dict[tuple[str, str], Program] = beside.memory.setdefault(("django programs", vendor), {})
    for slot in ("disk", "own"):
        known = programs.get((slot, path))
        if known is not None and known.text == text:
            return in_hand(text, vendor, known)
    programs["own", path] = found = in_hand(text, vendor)
    return found


class History:
    """The migrations of one project, for one backend, as seen from the file in hand."""

    def __init__(self, path: str, backend: Backend, dialect: str, beside: Beside) -> None:
        self.path = path
        self.backend = backend
        self.beside = beside
        settings = apps.settings(path, beside)
        named = {setting: (app, name) for setting, app, name in reversed(settings.models)}
        self.swapped = {**SWAPPABLE, **named}
        self.default_field = settings.auto_field
        self.folders = apps.folders(path, beside)
        memory = beside.memory
        self.programs: dict[tuple[str, str], Program] = memory.setdefault(
            ("django programs", backend.editor), {}
        )
        self.states: dict[Node, State] = memory.setdefault(
            ("django states", dialect, backend.types["UUIDField"], settings), {}
        )
        self.bits: dict[str, dict[str, int]] = memory.setdefault("django bits", {})
        self.relied: dict[Node, frozenset[str]] = memory.setdefault("django relied", {})

    def before(self, app: str, name: str, program: Program) -> State:
        """The state that a migration of this app finds."""
        here = self.path.replace("\\", "/").rpartition("/")[0]
        self.folders = {**self.folders, app: here}
        self.auto_fields: dict[str, str] = {}
        for label in {app, *(label for label, _ in program.dependencies)} & set(self.folders):
            self._know_key(label)
        parents = self.parents(program)
        self.beside.rely(f"{here.rpartition('/')[0]}/apps.py")
        for parent in parents:
            self._settle(parent, (app, name))
        for parent in parents:
            for folder in self.relied.get(parent, frozenset()):
                self.beside.rely(folder)
                self.beside.rely(f"{folder.rpartition('/')[0]}/apps.py")
        return self._merged(parents)

    def remember(self, app: str, name: str, program: Program, after: State) -> None:
        """Keep the state after the migration in hand for those that depend on it, where its text is the file's."""
        node, parents = (app, name), self.parents(program)
        if node in self.states or not all(parent in self.states for parent in parents):
            return
        if self._program(self.folders[app], name) is program:
            self._keep(node, program, parents, after.copy())

    def _know_key(self, app: str) -> None:
        # Migrations run with stand-ins for AppConfigs: only the settings count, whatever an apps.py says.
        self.auto_fields[app] = self.default_field

    def parents(self, program: Program) -> list[Node]:
        """What a migration depends on, as far as it can be found."""
        found: list[Node] = []
        for label, name in program.dependencies:
            if name == "__first__" and "." in label:
                label = self.swapped.get(label.rpartition(".")[2], ("", ""))[0]
            node = self._node(label, name)
            if node is not None:
                found.append(node)
        return found

    def _node(self, app: str, name: str) -> Node | None:
        folder = self.folders.get(app)
        if folder is None:
            return None
        names = self.beside.names(folder)
        if name in ("__first__", "__latest__"):
            files = sorted(each[:-3] for each in names if each.endswith(".py") and each[0] not in "_~")
            return (app, files[0] if name == "__first__" else files[-1]) if files else None
        if f"{name}.py" in names:
            return app, name
        return self._squashed(app, folder, name)

    def _squashed(self, app: str, folder: str, name: str) -> Node | None:
        """The migration that stands for one that is gone."""
        known: dict[tuple[str, str], str] = self.beside.memory.setdefault(
            ("django replaced", self.backend.editor, folder), {}
        )
        if not known:
            known["", ""] = ""
            for file in sorted(self.beside.names(folder)):
                if file.endswith(".py") and file[0] not in "_~":
                    program = self._program(folder, file[:-3])
                    for replaced in program.replaces if program is not None else ():
                        known.setdefault(replaced, file[:-3])
        found = known.get((app, name))
        return (app, found) if found else None

    def _program(self, folder: str, name: str) -> Program | None:
        path = f"{folder}/{name}.py"
        known = self.programs.get(("disk", path))
        if known is None:
            text = self.beside.text(path)
            own = self.programs.get(("own", path))
            vendor = self.backend.editor
            known = own if own is not None and own.text == text else read_program(text, vendor)
            self.programs["disk", path] = known
        return known

    def _settle(self, node: Node, asking: Node) -> None:
        """Work out a migration's state, after those of all that it depends on."""
        waiting: list[tuple[Node, bool]] = [(node, False)]
        under: set[Node] = {asking}
        steps = 0
        while waiting and steps < _MOST:
            steps += 1
            at, ready = waiting.pop()
            if at in self.states or (not ready and at in under):
                continue
            app, name = at
            program = self._program(self.folders[app], name)
            if program is None:
                continue
            parents = self.parents(program)
            if ready:
                self._run(at, program, [parent for parent in parents if parent in self.states])
                under.discard(at)
                continue
            under.add(at)
            waiting.append((at, True))
            waiting += [(parent, False) for parent in reversed(parents) if parent not in self.states]

    def _run(self, node: Node, program: Program, parents: list[Node]) -> None:
        app = node[0]
        if app not in self.auto_fields:
            self._know_key(app)
        self._keep(node, program, parents, self._applied(app, program, self._merged(parents)))

    def _keep(self, node: Node, program: Program, parents: list[Node], after: State) -> None:
        """Note a migration's state, which has run."""
        app, name = node
        bits = self.bits.setdefault(app, {})
        done = 1 << bits.setdefault(name, len(bits))
        for replaced_app, replaced in program.replaces:
            if replaced_app == app:
                done |= 1 << bits.setdefault(replaced, len(bits))
        part = after.change(app)
        after.parts[app] = part._replace(applied=part.applied | done)
        self.states[node] = after.settled()
        folders = {self.folders[app]}
        for parent in parents:
            folders |= self.relied.get(parent, frozenset())
        self.relied[node] = _shared(frozenset(folders), [self.relied.get(parent) for parent in parents])

    def _applied(self, app: str, program: Program, state: State) -> State:
        ledger = editor(self.backend, None)
        ledger.before = ledger.after = state
        after = Run(app, program, ledger, None).operations(program.operations, state.copy().settled()).copy()
        ledger.before = ledger.after = after
        ledger.finish()
        return after

    def _merged(self, parents: list[Node]) -> State:
        """The states of several migrations together: of each app what is furthest."""
        merged = State({}, self.backend.limit, self.swapped, self.auto_fields)
        for parent in parents:
            state = self.states.get(parent)
            for app, part in state.parts.items() if state is not None else ():
                known = merged.parts.get(app)
                merged.parts[app] = part if known is None else self._further(known, part)
        return merged

    def _further(self, one: Part, other: Part) -> Part:
        if one is other or one.applied | other.applied == one.applied:
            return one
        if one.applied | other.applied == other.applied:
            return other
        # Two branches of one app, which a merge migration brings together.
        made = empty_part()
        made.models.update({**one.models, **_changed(one.models, other.models)})
        made.keys.update({**one.keys, **_changed(one.keys, other.keys)})
        made.renamed.update({**one.renamed, **other.renamed})
        for name in [name for name in made.models if name in made.renamed]:
            del made.models[name]
        return made._replace(applied=one.applied | other.applied)


def _changed(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """What the other branch has that the first one lacks, or has more of."""
    return {
        name: value
        for name, value in other.items()
        if name not in one or (one[name] is not value and _size(value) > _size(one[name]))
    }


def _size(value: Any) -> int:
    return len(getattr(value, "fields", value))


def _shared(folders: frozenset[str], others: list[frozenset[str] | None]) -> frozenset[str]:
    """The same set as a parent's where it is equal: an app with a thousand migrations keeps one."""
    return next((other for other in others if other == folders), folders)
