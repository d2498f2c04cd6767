"""What later migrations make of what earlier ones left, as real projects do it: nothing of it is missing in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.plugin import Labs
from tests.status.conftest import Said, Status
from tests.status.tracking_tables import record

#: Whole projects by what is peculiar in them: the engine, and their migrations in order.
KEPT = {
    "MariaDB's MODIFY takes the check in a column away": (
        "mariadb",
        "CREATE TABLE a (id int PRIMARY KEY, b int CHECK (b >= 0));\n",
        "ALTER TABLE a MODIFY b int NOT NULL;\n",
    ),
    "an index goes that belongs to a unique constraint without a name": (
        "mysql",
        "CREATE TABLE a (id int PRIMARY KEY, b int, UNIQUE (b));\n",
        "ALTER TABLE a DROP INDEX b;\n",
    ),
    "the column of a foreign key is renamed, whose index stays": (
        "mariadb",
        "CREATE TABLE a (id int PRIMARY KEY);\n",
        "CREATE TABLE b (id int, a_id int, CONSTRAINT one FOREIGN KEY (a_id) REFERENCES a (id));\n",
        "ALTER TABLE b DROP FOREIGN KEY one;\n",
        "ALTER TABLE b RENAME COLUMN a_id TO other_id;\n",
        "ALTER TABLE b ADD CONSTRAINT two FOREIGN KEY (other_id) REFERENCES a (id);\n",
    ),
    "a function is made for the session alone": (
        "postgresql18",
        "CREATE TABLE a (b int);\n",
        (
            "CREATE OR REPLACE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
            "ALTER TABLE a ADD COLUMN c int;\n"
        ),
        "ALTER TABLE a ADD COLUMN d int;\nCREATE TABLE pg_temp.t (e int);\nALTER TABLE a ADD COLUMN f int;\n",
    ),
    "a primary key goes, and another one comes with a name": (
        "mysql",
        "CREATE TABLE a (b int NOT NULL, c int NOT NULL, CONSTRAINT one PRIMARY KEY (b));\n",
        "ALTER TABLE a DROP PRIMARY KEY;\n",
        "ALTER TABLE a ADD CONSTRAINT two PRIMARY KEY (b, c);\n",
    ),
    "a function takes a row of a table whose name is quoted": (
        "postgresql18",
        'CREATE TABLE "Limit" (b int);\n',
        'CREATE FUNCTION f(l "Limit") RETURNS int LANGUAGE sql AS $$ SELECT l.b $$;\n',
    ),
    "a trigger says which rows are new before which were old": (
        "postgresql18",
        "CREATE TABLE a (b int);\n",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;\n",
        "CREATE TRIGGER t AFTER UPDATE ON a REFERENCING NEW TABLE n OLD TABLE AS o EXECUTE FUNCTION f();\n",
    ),
    "a constraint without a name takes the name of one that went": (
        "postgresql18",
        "CREATE TABLE a (b int, c int, CHECK (b > c));\n",
        "ALTER TABLE a DROP CONSTRAINT a_check;\nALTER TABLE a ADD CHECK (b >= c);\n",
    ),
    "an index without a name goes by the one that the engine gave it": (
        "postgresql18",
        "CREATE TABLE a (b int, c int);\nCREATE INDEX ON a (b);\nCREATE INDEX ON a (c);\n",
        "DROP INDEX a_b_idx;\nALTER INDEX a_c_idx RENAME TO other;\nDROP INDEX other;\nCREATE TABLE d (e int);\n",
    ),
    "a constraint without a name is renamed before it goes": (
        "postgresql18",
        "CREATE TABLE a (b int UNIQUE);\n",
        "ALTER TABLE a RENAME CONSTRAINT a_b_key TO other;\nALTER TABLE a DROP CONSTRAINT other;\n",
    ),
    "an index is renamed that belongs to a constraint without a name, which goes": (
        "postgresql18",
        "CREATE TABLE a (b int UNIQUE, c int UNIQUE);\nCREATE TABLE d (e int PRIMARY KEY);\n",
        (
            "ALTER INDEX a_b_key RENAME TO one;\nALTER INDEX a_c_key RENAME TO two;\n"
            "ALTER INDEX d_pkey RENAME TO three;\nALTER TABLE d ADD COLUMN f int;\n"
        ),
        "ALTER TABLE a DROP CONSTRAINT one;\nALTER TABLE a DROP COLUMN c;\nDROP TABLE d;\n",
    ),
    "an index is on a partition that a function makes, and that goes with its table": (
        "postgresql18",
        (
            "CREATE TABLE wal (b int) PARTITION BY HASH (b);\n"
            "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format("
            "'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 1, REMAINDER 0)', t || '_0', t); END $$;\n"
            "SELECT f('wal');\n"
        ),
        "CREATE INDEX wal_0_b ON wal_0 (b);\n",
        "DROP TABLE wal;\n",
    ),
}
#: With books it is also known of a file that it has run, whatever is not there of it.
WITH_BOOKS = {
    **KEPT,
    "a block goes on without what it could not make": (
        "postgresql18",
        (
            "DO $$ BEGIN BEGIN CREATE EXTENSION nowhere; EXCEPTION WHEN undefined_file THEN NULL; WHEN OTHERS THEN "
            "RAISE NOTICE 'without'; END; END $$;\nCREATE TABLE a (b int);\n"
        ),
    ),
    "a block decides by what only a run tells": (
        "postgresql18",
        (
            "DO $$ DECLARE wanted boolean := random() > 2; BEGIN IF wanted THEN CREATE TABLE c (d int); END IF; "
            "WHILE wanted LOOP CREATE TABLE e (f int); END LOOP; CASE WHEN wanted THEN CREATE TABLE g (h int); "
            "ELSE NULL; END CASE; END $$;\nCREATE TABLE a (b int);\n"
        ),
    ),
    "a block asks for another thing": (
        "postgresql18",
        (
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'nowhere') THEN "
            "CREATE TABLE c (d int); END IF; END $$;\nCREATE TABLE a (b int);\n"
        ),
    ),
}
#: The same where no tool keeps books, and what is no trouble either: what shows nowhere, before what does.
UNKEPT = {
    **KEPT,
    "an enum that had more values is made anew": (
        "postgresql18",
        "CREATE TYPE mood AS ENUM ('good');\n",
        "ALTER TYPE mood ADD VALUE 'bad';\n",
        "ALTER TYPE mood RENAME TO mood_old;\nCREATE TYPE mood AS ENUM ('good');\nDROP TYPE mood_old;\n",
    ),
    "the last thing that one does shows nowhere": (
        "postgresql18",
        "CREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\n",
        "CREATE TABLE c (d int);\n",
    ),
}


def test_files_for_other_databases_and_ways_down_are_left_out(
    labs: Labs, status: Status, tmp_path: Path
) -> None:
    lab = labs("mariadb")
    lab.fresh()
    (tmp_path / ".git").mkdir()
    texts = {
        "mysql/1_a.up.sql": "CREATE TABLE a (b datetime(6));\n",
        "mysql/1_a.down.sql": "DROP TABLE a;\n",
        "postgres/1_a.up.sql": "CREATE TABLE a (b timestamptz);\n",
        "sqlite/1_a.up.sql": "CREATE TABLE a (b text);\n",
    }
    for name, text in texts.items():
        path = tmp_path / "migrations" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    lab.execute(texts["mysql/1_a.up.sql"])
    said = status(tmp_path / "migrations", lab.url, "--tool", "sql")
    assert [Path(one["path"]).parent.name for one in said.documents] == ["mysql"]
    assert said.code == 0
    assert [one["state"] for one in said.documents[0]["operations"]] == ["applied"]
    # Who names a file is answered.
    alone = status(tmp_path / "migrations" / "postgres" / "1_a.up.sql", lab.url)
    assert alone.documents[0]["operations"][0]["state"] == "different"


@pytest.mark.parametrize("engine", ["sqlite", "mariadb", "postgresql18"])
def test_a_file_for_all_databases_gives_way_to_one_for_this_one(
    engine: str, labs: Labs, status: Status, tmp_path: Path
) -> None:
    """As pop runs one file for each number: the one that names the database, else the one that names none."""
    lab = labs(engine)
    lab.fresh()
    (tmp_path / ".git").mkdir()
    (tmp_path / "migrations").mkdir()
    texts = {
        "1_a.up.sql": "CREATE TABLE a (b int);\n",
        "2_b.up.sql": "ALTER TABLE a ADD COLUMN c int;\nALTER TABLE a ADD COLUMN d int;\n",
        "2_b.sqlite3.up.sql": "ALTER TABLE a ADD COLUMN c text;\n",
        "2_b.mysql.autocommit.up.sql": "ALTER TABLE a ADD COLUMN c date;\n",
        "2_b.cockroach.up.sql": "ALTER TABLE a ADD COLUMN c time;\n",
        "2_b.sqlite3.down.sql": "DROP TABLE a;\n",
    }
    for name, text in texts.items():
        (tmp_path / "migrations" / name).write_text(text)
    second = {
        "sqlite": "2_b.sqlite3.up.sql",
        "mariadb": "2_b.mysql.autocommit.up.sql",
        "postgresql18": "2_b.up.sql",
    }[engine]
    lab.script(texts["1_a.up.sql"])
    lab.script(texts[second])
    said = status(tmp_path / "migrations", lab.url)
    assert [Path(one["path"]).name for one in said.documents] == ["1_a.up.sql", second]
    assert [one["failure_point"]["before"] for one in said.documents] == [
        one["operation_count"] for one in said.documents
    ]
    assert said.code == 0
    # Who names a file is answered.
    (alone,) = status(tmp_path / "migrations" / "2_b.up.sql", lab.url).documents
    assert alone["operation_count"] == 2


def test_what_is_on_a_table_that_unread_code_makes_cannot_be_told_when_it_is_gone(
    labs: Labs, status: Status, tmp_path: Path
) -> None:
    case = (
        "postgresql18",
        "DO $$ BEGIN EXECUTE format('CREATE TABLE %I (b int)', 'made'); END $$;\n",
        "CREATE INDEX made_b ON made (b);\n",
        "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'made'); END $$;\nCREATE TABLE other (b int);\n",
    )
    said = ran(labs, status, tmp_path, case, "dbmate")
    assert said.verdicts() == {"1_step": "complete", "2_step": "unclear", "3_step": "complete"}
    assert said.code == 2
    assert (
        "there is no table made (operation 0); what made that table could not be read"
        in (said.of("2_step")["sentence"])
    )


def ran(labs: Labs, status: Status, folder: Path, case: tuple[str, ...], tool: str) -> Said:
    """What the command says of a project that has been run to its end."""
    engine, *texts = case
    lab = labs(engine)
    lab.fresh()
    (folder / ".git").mkdir()
    (folder / "migrations").mkdir()
    paths = []
    for number, text in enumerate(texts, 1):
        path = folder / "migrations" / f"{number}_step.sql"
        path.write_text(f"-- migrate:up\n{text}" if tool == "dbmate" else text)
        paths.append(str(path))
        lab.script(text)
    if tool == "dbmate":
        record(lab, tool, paths)
    return status(folder, lab.url, "--tool", tool)


@pytest.mark.parametrize("name", WITH_BOOKS)
def test_with_books(name: str, labs: Labs, status: Status, tmp_path: Path) -> None:
    said = ran(labs, status, tmp_path, WITH_BOOKS[name], "dbmate")
    assert set(said.verdicts().values()) == {"complete"}, said.documents
    assert said.code == 0


def test_what_a_block_asks_for_is_held_to_it(labs: Labs, status: Status, tmp_path: Path) -> None:
    case = (
        "postgresql18",
        (
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_tables WHERE tablename = 'a') THEN CREATE TABLE a (b int); "
            "END IF; BEGIN CREATE TABLE c (d int); EXCEPTION WHEN duplicate_table THEN NULL; END; END $$;\n"
        ),
        "CREATE TABLE e (f int);\n",
    )
    assert ran(labs, status, tmp_path, case, "dbmate").code == 0
    lab = labs(case[0])
    for table in ("a", "c"):
        lab.execute(f"ALTER TABLE {table} RENAME TO other")
        assert status(tmp_path, lab.url).verdicts() == {"1_step": "incomplete", "2_step": "complete"}
        lab.execute(f"ALTER TABLE other RENAME TO {table}")


@pytest.mark.parametrize("name", UNKEPT)
def test_without_books(name: str, labs: Labs, status: Status, tmp_path: Path) -> None:
    said = ran(labs, status, tmp_path, UNKEPT[name], "sql")
    assert [one["half_way"] for one in said.documents] == [False] * len(said.documents), said.documents
    whole = [one["failure_point"]["after"] + 1 == one["operation_count"] for one in said.documents]
    assert all(whole), said.documents
    assert said.code == 0
