"""Migrations that really fail half way through their tools: the resume is marked, run and followed as it is told."""

from __future__ import annotations

import pytest

from tests.history.conftest import RealTools
from tests.history.half_run import HalfRun, Story, must

_BASE = "CREATE TABLE users (id int PRIMARY KEY, email varchar(40), name varchar(40));\n"
_ROWS = ("INSERT INTO users VALUES (1, 'a@b.org', 'ann'), (2, 'a@b.org', 'bob')",)
_MEND = ("DELETE FROM users WHERE id = 2",)
#: It needs the last operation of the failed one.
_LATER = "ALTER TABLE users ADD COLUMN name int;\nCREATE INDEX users_name ON users (name);\n"
_MYSQL = Story(
    _BASE,
    """\
CREATE TABLE roles (id int PRIMARY KEY, label varchar(40) DEFAULT 'a;b');
ALTER TABLE users ADD COLUMN role_id int;
CREATE UNIQUE INDEX users_email ON users (email);
ALTER TABLE users ADD CONSTRAINT users_role FOREIGN KEY (role_id) REFERENCES roles (id);
ALTER TABLE users DROP COLUMN name;
""",
    _LATER,
    _ROWS,
    _MEND,
    after=1,
)
#: The failure leaves an INVALID index.
_POSTGRESQL = _MYSQL._replace(failing=_MYSQL.failing.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY"))
_SQLITE = _MYSQL._replace(
    failing="""\
CREATE TABLE roles (id int PRIMARY KEY, label varchar(40) DEFAULT 'a;b');
ALTER TABLE users ADD COLUMN role_id int REFERENCES roles (id);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX users_role ON users (role_id);
ALTER TABLE users DROP COLUMN name;
"""
)
STORIES = {"mariadb": _MYSQL, "mysql": _MYSQL, "postgresql18": _POSTGRESQL, "sqlite": _SQLITE}
#: What says in the project how the tool is run.
FILES = {
    "golang-migrate": {
        "Makefile": "up:\n\tmigrate -database 'DSN?x-multi-statement=true&x-no-tx-wrap=true' -path . up\n"
    },
    "sqlx": {"Cargo.toml": '[dependencies]\nsqlx = { version = "0.9.0" }\n'},
}
#: Where a failure leaves something behind.
CASES = [
    *((tool, "mariadb") for tool in ("flyway", "goose", "dbmate", "golang-migrate")),
    *((tool, "mysql") for tool in ("goose", "dbmate", "golang-migrate", "sqlx")),
    *((tool, "postgresql18") for tool in ("flyway", "goose", "golang-migrate")),
    *((tool, "sqlite") for tool in ("goose", "dbmate", "golang-migrate", "sqlx", "prisma")),
]


@pytest.mark.parametrize(("name", "engine"), CASES)
def test_it_goes_on_as_if_nothing_had_happened(real_tools: RealTools, name: str, engine: str) -> None:
    tool = real_tools.tool(name, engine)
    if tool is None:
        return  # named at the end of the run
    story = STORIES[engine]
    if (name, engine) == ("golang-migrate", "postgresql18"):
        # It would cut the string in two.
        story = story._replace(failing=story.failing.replace("a;b", "ab"))
    goes_on(HalfRun(tool, story, FILES.get(name, {})))


def goes_on(half: HalfRun) -> str:
    """It fails, is resumed as it is told, and all is as if it had not; what `resume` said."""
    wanted = half.undisturbed()
    half.stop()
    after = half.story.after
    assert half.point() == {"after": after, "before": after + 1}
    written = half.partway("resume")
    assert written.code == 0, written.error
    half.mark(written.out)
    half.run_resume(written.out)
    assert half.left() == ""
    assert half.states() == {"applied"}
    assert half.partway("status").code == 0
    must(half.tool.up())
    assert half.dump() == wanted
    assert half.undisturbed(half.resume_files()) == wanted, "where the original went through"
    return written.out


@pytest.mark.parametrize("name", ["dbmate", "goose"])
def test_no_number_is_left(real_tools: RealTools, name: str) -> None:
    tool = real_tools.tool(name, "mariadb")
    if tool is not None:
        said = goes_on(HalfRun(tool, _MYSQL._replace(last=3), {}))
        assert "run this script by hand" in said


_CONCURRENTLY = "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n"


def test_flyway_finds_out_for_itself_that_it_wants_no_transaction(real_tools: RealTools) -> None:
    """What is written beside it holds blocks, which Flyway does not mix with such statements unless it is told."""
    tool = real_tools.tool("flyway", "postgresql18")
    assert tool is not None
    failing = f"CREATE INDEX CONCURRENTLY users_name ON users (name);\n{_CONCURRENTLY}"
    later = "CREATE TABLE last (email varchar(40) REFERENCES users (email));\n"
    story = _POSTGRESQL._replace(failing=failing, later=later, after=0)
    goes_on(HalfRun(tool, story, {}, alone=frozenset()))


@pytest.mark.parametrize("name", ["dbmate", "sqlx"])
def test_a_tool_that_sends_one_query_leaves_an_invalid_index_at_most(
    real_tools: RealTools, name: str
) -> None:
    """Beside a guard it would be refused; so the advice is to drop it, and to run the tool again."""
    tool = real_tools.tool(name, "postgresql18")
    if tool is None:
        return
    later = "CREATE TABLE last (email varchar(40) REFERENCES users (email));\n"
    half = HalfRun(tool, _POSTGRESQL._replace(failing=_CONCURRENTLY, later=later), FILES.get(name, {}))
    wanted = half.undisturbed()
    half.stop()
    assert half.states() == {"invalid"}
    assert half.partway("status").code == 1
    refused = half.partway("resume")
    assert refused.code == 1
    assert "Drop the index if it is INVALID, and run the migration again" in refused.error
    half.lab.execute("DROP INDEX users_email")
    must(tool.up())
    assert half.left() == ""
    assert half.dump() == wanted


_TRIGGER = "CREATE TRIGGER roles_new BEFORE INSERT ON roles FOR EACH ROW BEGIN SET NEW.label = 'x'; END"
_BLOCKS = {
    "flyway": f"DELIMITER //\n{_TRIGGER}//\nDELIMITER ;\n",
    "goose": f"-- +goose StatementBegin\n{_TRIGGER};\n-- +goose StatementEnd\n",
    "golang-migrate": f"{_TRIGGER};\n",
}


@pytest.mark.parametrize("name", ["flyway", "goose", "golang-migrate"])
@pytest.mark.parametrize("before", [True, False], ids=["ran", "left"])
def test_statements_with_semicolons_inside(real_tools: RealTools, name: str, *, before: bool) -> None:
    tool = real_tools.tool(name, "mariadb")
    if tool is None:
        return
    create, rest = _MYSQL.failing.split(";\nALTER", 1)
    create, rest = f"{create};\n", f"ALTER{rest}"
    failing = create + _BLOCKS[name] + rest if before else create + rest + _BLOCKS[name]
    goes_on(HalfRun(tool, _MYSQL._replace(failing=failing, after=1 + before), {}))
