"""Guards that Partway writes into revisions, run by Alembic: twice, with the schema of one plain run, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from partway.core.edit import apply_edits
from partway.core.migration import Migration
from partway.core.operation import Repeat
from partway.core.source import SourceFile
from partway.tools.choice import Choice
from partway.tools.reading import read
from partway.tools.writing import writer
from tests.runners.alembic.case import Case
from tests.runners.alembic.runner import AlembicProject
from tests.runners.alembic.test_second_run import TWICE
from tests.runners.alembic.test_statements import dialect
from tests.runners.plugin import Runners

#: Why there is no guard for some.
NO_GUARD = {
    "create_table, guarded, with an index": "the index is made by the same call",
    "create_table, guarded, with an enum": "the type is made by the same call",
    "add_column, guarded, with an index": "the index is made by the same call",
    "add_column, columns in a loop": "the call does not say which column it adds",
    "add_column, guarded, unique": "the constraint has no name",
    "add_column, guarded, with a key": "the constraint has no name",
    "create_foreign_key, without a name": "the constraint has no name",
    "create_unique_constraint, without a name": "the constraint has no name",
    "create_check_constraint, without a name": "the constraint has no name",
    "bulk_insert": "no key tells its rows from others",
}
DOWN = {
    "create_table": 'op.drop_table("t")',
    "add_column": 'op.drop_column("users", "a")',
    "create_index": 'op.drop_index("i", table_name="users")',
    "rename_table": 'op.rename_table("people", "users")',
    "drop_index": 'op.create_index("users_by_email", "users", ["email"])',
}


def fixed(text: str, engine: str, server: tuple[int, ...]) -> str:
    """The revision with every guard that there is."""
    for _ in range(10):
        migration = _read(text, engine, server)
        for operation in (each for section in migration.sections for each in section.operations):
            if operation.guarded or operation.repeat not in (Repeat.FAILS, Repeat.CHANGES):
                continue
            fix = writer("alembic")(
                migration, operation, reused=False, fresh=False, taken=frozenset(), alone=False
            )
            if fix is not None:
                text = apply_edits(text, fix.edits)
                break
        else:
            return text
    return text


def _read(text: str, engine: str, server: tuple[int, ...]) -> Migration:
    source = SourceFile("versions/r2_case.py", text)
    return read(source, Choice(tool="alembic", dialect=dialect(engine), server=server))


def _is_wanted(name: str, case: Case, engine: str) -> bool:
    """Whether Partway says that the revision cannot be run again as it is."""
    migration = _read(case.project().files["r2_case.py"], engine, ())
    return any(
        operation.repeat in (Repeat.FAILS, Repeat.CHANGES) for operation in migration.sections[0].operations
    )


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        (name, engine)
        for name, case in TWICE.items()
        for engine in case.engines
        if engine != "postgresql15" and _is_wanted(name, case, engine)
    ],
)
def test_guarded_revision_runs_twice(runners: Runners, tmp_path: Path, name: str, engine: str) -> None:
    case = replace(TWICE[name], down=DOWN.get(name, "pass"))
    project = case.project()
    alembic = runners.alembic(engine)
    server = tuple(int(part) for part in alembic.lab.version.split(".") if part.isdigit())
    plain = project.files["r2_case.py"]
    text = fixed(plain, engine, server)
    if name in NO_GUARD:
        assert text == plain
        return
    assert text != plain
    assert fixed(text, engine, server) == text
    operations = _read(text, engine, server).sections[0].operations
    assert all(operation.repeat is Repeat.SAME for operation in operations)

    alembic.load(project)
    assert alembic.up("r2_case.py").ok
    wanted = alembic.dump()
    alembic.load(AlembicProject(files={**project.files, "r2_case.py": text}, options=project.options))
    done = alembic.up("r2_case.py")
    assert done.ok, done.error
    assert alembic.dump() == wanted
    again = alembic.again("r2_case.py")
    assert again.verdict == "same", (again.outcome.error, again.differences, text)
    if name in DOWN:
        back = alembic.down("r2_case.py")
        assert back.ok, back.error


REBUILD = """
with op.batch_alter_table("users") as batch_op:
    batch_op.alter_column("age", type_=sa.BigInteger(), existing_type=sa.Integer())
op.execute("SELECT * FROM not_there_yet")
"""


def test_the_copy_of_a_failed_rebuild_is_no_obstacle(runners: Runners) -> None:
    """A failure behind a rebuild leaves the copy that the rows were taken into, which the fix drops."""
    project = Case(REBUILD).project()
    alembic = runners.alembic("sqlite")
    plain = project.files["r2_case.py"]
    guarded = fixed(plain, "sqlite", ())
    assert 'op.execute("DROP TABLE IF EXISTS _alembic_tmp_users")' in guarded
    for text, works in ((plain, False), (guarded, True)):
        alembic.load(AlembicProject(files={**project.files, "r2_case.py": text}))
        assert "not_there_yet" in alembic.up("r2_case.py").error
        alembic.lab.script("CREATE TABLE not_there_yet (id int)")
        again = alembic.up("r2_case.py")
        assert again.ok is works, again.error
        assert works or "_alembic_tmp_users already exists" in again.error
