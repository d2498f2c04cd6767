"""Configuration: what is read from where, what it means for a file, and what is said about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.config import TRANSACTIONS, Config, ConfigError, Configs, server_version
from partway.core.diagnostic import Group
from partway.core.migration import Mode

FULL = """
dialect = "postgresql"
server-version = "15"
tool = "flyway"
transaction = "none"
select = ["idempotency", "unguarded-drop"]
ignore = ["unguarded-add"]
exclude = ["vendor/**"]
include = ["changes/*.sql"]

[per-file-ignores]
"db/2019*" = ["recovery"]

[[overrides]]
paths = ["reporting/**"]
dialect = "mysql"
server-version = "8.0.36"

[[overrides]]
paths = ["reporting/lite/*"]
dialect = "sqlite"
transaction = "auto"
"""


def read(folder: Path, text: str, name: str = "partway.toml") -> Config:
    (folder / name).write_text(text)
    return Configs().of(str(folder))


def test_every_key_is_read(tmp_path: Path) -> None:
    config = read(tmp_path, FULL)
    assert (config.root, config.path) == (str(tmp_path), str(tmp_path / "partway.toml"))
    assert config.choice_for("db/1.sql")[:4] == ("flyway", "postgresql", (15,), "none")
    assert config.select == ("idempotency", "unguarded-drop")
    assert config.ignored_for("db/1.sql") == ("unguarded-add",)
    assert config.ignored_for("db/2019_a.sql") == ("unguarded-add", "recovery")
    assert config.exclude.match("vendor/x/1.sql")
    assert config.include.match("changes/1.sql")


def test_the_last_override_that_matches_counts(tmp_path: Path) -> None:
    config = read(tmp_path, FULL)
    assert config.choice_for("reporting/1.sql")[:4] == ("flyway", "mysql", (8, 0, 36), "none")
    # Another dialect's version is no version of this one's; `auto` takes back what holds for the others.
    assert config.choice_for("reporting/lite/1.sql")[:4] == ("flyway", "sqlite", (), None)


def test_pyproject_holds_the_same_under_its_own_heading(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n[tool.partway]\ndialect = "mysql"\n[tool.partway.per-file-ignores]\n"a" = []\n'
    config = read(tmp_path, text + '[[tool.partway.overrides]]\npaths = ["b"]\n', "pyproject.toml")
    assert config.choice.dialect == "mysql"
    assert len(config.overrides) == len(config.per_file_ignores) == 1


def test_partway_toml_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.partway]\ndialect = "mysql"\n')
    assert read(tmp_path, 'dialect = "sqlite"').choice.dialect == "sqlite"


def test_the_nearest_configuration_upwards_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "partway.toml").write_text('dialect = "mysql"')
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "says nothing about partway"\n')
    configs = Configs()
    assert configs.of(str(inner)).choice.dialect == "mysql"
    assert configs.of(str(inner)).root == str(tmp_path)
    (inner / "partway.toml").write_text('dialect = "sqlite"')
    assert Configs().of(str(inner)).choice.dialect == "sqlite"


def test_nothing_above_the_top_of_a_project_is_asked(tmp_path: Path) -> None:
    (tmp_path / "partway.toml").write_text('dialect = "mysql"')
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "project" / "db").mkdir()
    config = Configs().of(str(tmp_path / "project" / "db"))
    assert config.path is None
    assert config.choice.dialect is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('\ndialct = "mysql"', 2, "unknown key `dialct`; did you mean `dialect`?"),
        ("dialect = 3", 1, "`dialect` must be one of postgresql, mysql, mariadb, sqlite, not 3"),
        ('dialect = "postgres"', 1, "not 'postgres'; did you mean `postgresql`?"),
        ("server-version = 10.10", 1, "`server-version` must be a string such as '15' or '10.11', not 10.1"),
        ('server-version = "new"', 1, "`server-version`: 'new' is not a version such as 15 or 8.0.36"),
        ("server_version = 15", 1, "unknown key `server_version`; did you mean `server-version`?"),
        ('select = "recovery"', 1, "`select` must be a list of strings, not 'recovery'"),
        ("exclude = [1]", 1, "`exclude` must be a list of strings, not [1]"),
        ("per-file-ignores = []", 1, "`per-file-ignores` must be a table"),
        ("[overrides]\npaths = []", 1, "`overrides` must be written as [[overrides]]"),
        ('[[overrides]]\ndialect = "mysql"', 1, "an override needs `paths`"),
        ('[[overrides]]\npaths = []\nselect = ["x"]', 3, "unknown key `select`"),
        ("a = = b", None, "not valid TOML: Invalid value (at line 1, column 5)"),
        (
            '[tool.partway]\ndialect = "mysql"',
            1,
            "in partway.toml the keys stand at the top, without [tool.partway]",
        ),
    ],
)
def test_mistakes_are_told_with_file_line_and_suggestion(
    tmp_path: Path, text: str, line: int | None, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.path == str(tmp_path / "partway.toml")
    assert caught.value.line == line
    assert message in str(caught.value)


def test_a_line_is_counted_below_the_heading_in_pyproject(tmp_path: Path) -> None:
    text = '[project]\nselect = "not ours"\n[tool.partway]\nselect = "recovery"\n'
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, "pyproject.toml")
    assert caught.value.line == 4


def test_a_pyproject_that_is_broken_and_not_about_partway_is_somebody_elses(tmp_path: Path) -> None:
    assert read(tmp_path, "partway = = 1", "pyproject.toml").path is None


def test_names_of_rules_and_groups_are_checked(tmp_path: Path) -> None:
    config = read(tmp_path, 'select = ["recovery"]\nignore = ["unguarded-crate"]')
    with pytest.raises(ConfigError) as caught:
        config.check_names(frozenset({*Group, "unguarded-create"}))
    assert caught.value.line == 2
    assert "`ignore` names no rule or group: `unguarded-crate`; did you mean `unguarded-create`?" in str(
        caught.value
    )


@pytest.mark.parametrize(("text", "version"), [("15", (15,)), (" 8.0.36 ", (8, 0, 36))])
def test_versions_are_numbers(text: str, version: tuple[int, ...]) -> None:
    assert server_version(text) == version


@pytest.mark.parametrize("text", ["", "15.", "v15", "٣", "1.2.3.4.5"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version"):
        server_version(text)


def test_transactions_are_the_modes_and_what_the_tool_does_by_itself() -> None:
    assert (*Mode, "auto") == TRANSACTIONS
