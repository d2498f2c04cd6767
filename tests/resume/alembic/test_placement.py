"""Where a resume goes: right behind the failed revision, and those that were there come behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.plugin import Labs
from tests.resume.alembic.case import BASE, FAILED, FAILED_FILE, revision
from tests.resume.alembic.migrations import CASES
from tests.resume.alembic.project import Project
from tests.resume.alembic.writing import Refused, write

NEXT, OTHER, LAST = "aaaa11112222", "bbbb11112222", "cccc11112222"
FILES = CASES["roles"].project("sqlite").files


def following(name: str, up: str = "pass", **said: str) -> str:
    """A revision right behind the failed one; `said` are lines at its top that read otherwise."""
    text = revision(name, FAILED, name, up, "pass")
    for key, value in said.items():
        before = f"{key}: Union[str, Sequence[str], None] = {'None' if key == 'depends_on' else repr(FAILED)}"
        before = before.replace("'", '"')
        assert before in text
        text = text.replace(before, f"{key}: Union[str, Sequence[str], None] = {value}")
    return text


def test_the_next_revision_comes_behind_it(tmp_path: Path) -> None:
    found = write({**FILES, "next.py": following(NEXT)}, FAILED_FILE, "sqlite", tmp_path)
    resume = found.name.partition("_")[0]
    assert f'down_revision: Union[str, Sequence[str], None] = "{FAILED}"' in found.text
    assert found.files["next.py"] == following(NEXT).replace(FAILED, resume)
    assert found.files[FAILED_FILE] == FILES[FAILED_FILE]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"'{FAILED}'", "'{}'"),
        (f'("{OTHER}", "{FAILED}")', f'("{OTHER}", "{{}}")'),
        (f'["{FAILED}", "{OTHER}"]', f'["{{}}", "{OTHER}"]'),
        (f'"{FAILED[:6]}"', '"{}"'),
    ],
)
def test_it_is_named_as_it_was_written(before: str, after: str, tmp_path: Path) -> None:
    other = revision(OTHER, BASE, "other", "pass", "pass")
    files = {**FILES, "next.py": following(NEXT, down_revision=before), "other.py": other}
    found = write(files, FAILED_FILE, "sqlite", tmp_path)
    line = f"down_revision: Union[str, Sequence[str], None] = {after.format(found.name.partition('_')[0])}\n"
    assert line in found.files["next.py"]
    assert found.files["other.py"] == other


def test_a_name_that_is_worked_out_is_refused(tmp_path: Path) -> None:
    text = following(NEXT, down_revision="BEFORE").replace(
        "revision: str", f'BEFORE = "{FAILED}"\nrevision: str', 1
    )
    with pytest.raises(Refused, match="in other words than a plain text"):
        write({**FILES, "next.py": text}, FAILED_FILE, "sqlite", tmp_path)


def test_file_names_follow_the_projects_template(tmp_path: Path) -> None:
    names = {
        f"2026_02_15_1020-{FAILED}_add_roles.py": "2026_02_15_1020-{}_finish_add_roles.py",
        "20260215_add_roles.py": "20260215_finish_add_roles.py",
        f"{FAILED}_roles.py": "{}_finish_roles.py",
        f"{FAILED}.py": "{}.py",
    }
    for number, (failed, wanted) in enumerate(names.items()):
        files = {name: text for name, text in FILES.items() if name != FAILED_FILE}
        found = write({**files, failed: FILES[FAILED_FILE]}, failed, "sqlite", tmp_path / str(number))
        assert found.name == wanted.format("e082ad40dd83")


def half_way(folder: Path, labs: Labs, files: dict[str, str]) -> Project:
    """A project with more revisions, on a database that stopped in the failed one."""
    lab = labs("sqlite")
    lab.fresh()
    project = Project(folder, lab, CASES["roles"])
    for name, text in files.items():
        (project.versions / name).write_text(text)
    project.alembic("upgrade", BASE)
    project.stop(2)
    project.alembic("upgrade", FAILED, fails=True)
    project.stop(None)
    return project


def gone_through(folder: Path, labs: Labs, files: dict[str, str]) -> Project:
    """The same on a database on which all went through."""
    project = half_way(folder, labs, files)
    project.lab.fresh()
    project.alembic("upgrade", "heads")
    return project


SHAPES = {
    "one": {"next.py": following(NEXT, 'op.drop_column("users", "role_id")')},
    "two": {
        "next.py": following(NEXT, 'op.drop_index("ix_users_role_id", "users")'),
        "other.py": following(OTHER, 'op.create_index("by_email", "users", ["email"])'),
    },
    "merge": {
        "other.py": revision(OTHER, BASE, "other", 'op.create_index("by_email", "users", ["email"])', "pass"),
        "last.py": following(LAST, down_revision=f'("{FAILED}", "{OTHER}")'),
    },
    "dependency": {
        "other.py": revision(OTHER, BASE, "other", 'op.create_index("by_email", "users", ["email"])', "pass"),
        "last.py": revision(
            LAST, OTHER, "last", 'op.drop_index("ix_users_role_id", "users")', "pass"
        ).replace(
            "depends_on: Union[str, Sequence[str], None] = None",
            f'depends_on: Union[str, Sequence[str], None] = "{FAILED}"',
        ),
    },
    "label": {
        "next.py": following(NEXT).replace(
            "branch_labels: Union[str, Sequence[str], None] = None",
            'branch_labels: Union[str, Sequence[str], None] = ("blue",)',
        )
    },
}
# In "one" the index goes before the column, as SQLite wants it.
SHAPES["one"]["next.py"] = following(
    NEXT, 'op.drop_index("ix_users_role_id", "users")\nop.drop_column("users", "role_id")'
)


@pytest.mark.parametrize("shape", SHAPES)
def test_alembic_goes_on_behind_it(shape: str, labs: Labs, tmp_path: Path) -> None:
    through = gone_through(tmp_path / "through", labs, SHAPES[shape])
    whole, heads = through.lab.dump()["schema"], through.alembic("current").split()
    project = half_way(tmp_path / "half", labs, SHAPES[shape])
    said = project.resume()
    assert "comes behind the resume now" in said
    project.alembic("stamp", FAILED)
    project.alembic("upgrade", "heads")
    assert project.lab.dump()["schema"] == whole
    assert set(heads) - {"(head)"} <= set(project.alembic("current").split()) | {FAILED}
    resumed = {path.name: path.read_text() for path in project.versions.glob("*.py")}
    # Where all went through before there was a resume, it counts as done, or does nothing.
    through = gone_through(tmp_path / "again", labs, SHAPES[shape])
    for name, text in resumed.items():
        (through.versions / name).write_text(text)
    through.alembic("upgrade", "heads")
    assert through.lab.dump()["schema"] == whole
    assert project.alembic("heads") == through.alembic("heads")
    through.lab.fresh()
    through.alembic("upgrade", "heads")
    assert through.lab.dump()["schema"] == whole
