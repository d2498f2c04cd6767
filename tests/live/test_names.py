"""Names as databases have them: quoted, with blanks and other scripts, the same in several schemas."""

from __future__ import annotations

import pytest

from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.live.helper import look, states

POSTGRESQL = ("postgresql18", "postgresql15")
ALL = (*POSTGRESQL, "mysql", "mariadb", "sqlite")
ODD = ["Größe", "two words", "select", "名前", "it's", "a%s b%%", "x;y", "dot.ted"]


def _quoted(name: str, lab: Lab) -> str:
    mark = "`" if lab.dialect in ("mysql", "mariadb") else '"'
    return mark + name.replace(mark, mark * 2) + mark


@pytest.mark.parametrize("engine", ALL)
@pytest.mark.parametrize("name", ODD)
def test_odd_names(engine: str, name: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE plain (id int)")
    odd = _quoted(name, lab)
    sql = (
        f"CREATE TABLE {odd} ({odd} int, other int)",
        f"CREATE INDEX {_quoted(f'i {name}', lab)} ON {odd} ({odd})",
        f"ALTER TABLE {odd} ADD COLUMN {_quoted(f'{name} 2', lab)} int",
        f"ALTER TABLE {odd} RENAME COLUMN other TO {_quoted(f'o {name}', lab)}",
    )
    assert states(lab, ";\n".join(sql)) == ["pending"] * 4
    lab.execute(*sql[:3])
    assert states(lab, ";\n".join(sql)) == ["applied"] * 3 + ["pending"]
    lab.execute(sql[3])
    assert states(lab, ";\n".join(sql)) == ["applied"] * 4


@pytest.mark.parametrize("engine", POSTGRESQL)
def test_case_matters_where_it_is_quoted(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script('CREATE TABLE users (a int); CREATE TABLE "Users" (b int)')
    assert states(lab, "ALTER TABLE Users ADD COLUMN a int") == ["applied"]
    assert states(lab, 'ALTER TABLE "Users" ADD COLUMN a int') == ["pending"]
    assert states(lab, 'ALTER TABLE "Users" ADD COLUMN b int') == ["applied"]


@pytest.mark.parametrize("engine", POSTGRESQL)
def test_the_same_table_in_several_schemas(engine: str, labs: Labs) -> None:
    """A name without a schema is what the session's search path makes of it, in the URL as on the server."""
    lab = labs(engine)
    lab.fresh()
    lab.script(
        "CREATE SCHEMA tenant; CREATE SCHEMA other; CREATE TABLE public.t (a int);"
        "CREATE TABLE tenant.t (b int); CREATE TABLE other.t (c int)"
    )
    add = "ALTER TABLE t ADD COLUMN b int"
    assert states(lab, add) == ["pending"]
    url = f"{lab.url}?options=-csearch_path%3Dtenant,public"
    standing, snapshot = look(lab, add, url)
    assert snapshot.path == ("tenant", "public")
    assert [str(one.state) for one in standing.states] == ["applied"]
    assert states(lab, "ALTER TABLE other.t ADD COLUMN c int") == ["applied"]
    assert states(lab, "ALTER TABLE other.t ADD COLUMN b int") == ["pending"]


@pytest.mark.parametrize("engine", POSTGRESQL)
def test_what_is_made_is_made_in_the_first_schema(engine: str, labs: Labs) -> None:
    """A table of that name further down the path is another tenant's."""
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE SCHEMA tenant; CREATE TABLE public.roles (id int)")
    url = f"{lab.url}?search_path=tenant,public"
    sql = "CREATE TABLE roles (id int);\nALTER TABLE roles ADD COLUMN name text"
    standing, _ = look(lab, sql, url)
    assert [str(one.state) for one in standing.states] == ["pending", "pending"]
    lab.script("CREATE TABLE tenant.roles (id int)")
    standing, _ = look(lab, sql, url)
    assert [str(one.state) for one in standing.states] == ["applied", "pending"]


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
def test_another_database_of_the_server(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE DATABASE second; CREATE TABLE second.t (a int); CREATE TABLE t (b int)")
    assert states(lab, "ALTER TABLE second.t ADD COLUMN a int") == ["applied"]
    assert states(lab, "ALTER TABLE t ADD COLUMN a int") == ["pending"]
