"""What PostgreSQL's catalog tells of things besides their shape: how they are stored, run, numbered and guarded."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.live.helper import stand

ENGINES = ("postgresql18", "postgresql15")
#: What people write in a policy, or in a check, and the server prints in its own way.
EXPRESSIONS = (
    "auth.uid() = user_id",
    "(SELECT auth.uid()) = user_id",
    "EXISTS (SELECT 1 FROM members m WHERE m.org_id = orgs.id AND m.user_id = auth.uid())",
    "id IN (SELECT org_id FROM members WHERE user_id = auth.uid())",
    "role IN ('a', 'b') AND deleted_at IS NULL",
    "role <> 'x' OR NOT (tenant > 3)",
    "(auth.jwt() ->> 'role') = 'admin'",
    "tenant = current_setting('app.tenant', true)::integer OR current_user = 'admin'",
    "tenant BETWEEN 1 AND 5",
    "CASE WHEN role = 'a' THEN tenant = 1 ELSE false END",
    "user_id::text = (auth.jwt() ->> 'sub')",
    "NOT EXISTS (SELECT FROM members)",
)
ORGS = """
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT null::uuid';
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql AS 'SELECT null::jsonb';
CREATE TABLE orgs (id uuid, user_id uuid, role text, tenant int, deleted_at timestamptz);
CREATE TABLE members (org_id uuid, user_id uuid);
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_policy_is_the_one_that_was_made(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    for number, expression in enumerate(EXPRESSIONS):
        lab.fresh()
        lab.script(ORGS)
        words = f"USING ({expression})" if number % 2 else f"FOR INSERT WITH CHECK ({expression})"
        sql = f"CREATE POLICY p ON orgs {words}"
        assert stand(lab, sql).states[0].state == "pending"
        lab.execute(sql)
        state = stand(lab, sql).states[0]
        assert (state.state, state.reason) == ("applied", "policy orgs.p is there"), expression


#: What is there, and statements of which each one changes what the one before it said.
CHANGES = {
    "sequence": (
        "CREATE SEQUENCE s; CREATE TABLE t (a int)",
        [
            "ALTER SEQUENCE s INCREMENT BY 5 CACHE 7",
            "ALTER SEQUENCE s OWNED BY t.a",
            "ALTER TABLE t RENAME COLUMN a TO b",
            "ALTER SEQUENCE s INCREMENT -2 MINVALUE -100 NO CYCLE",
            "ALTER TABLE t ALTER COLUMN b SET DEFAULT nextval('s')",
            "ALTER SEQUENCE s RENAME TO z",
            "ALTER TABLE t RENAME TO u",
            "ALTER TABLE u DROP COLUMN b",
        ],
    ),
    "storage": (
        "CREATE TABLE t (a text, b int); CREATE UNIQUE INDEX i ON t (b)",
        [
            "ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = off)",
            "ALTER TABLE t ALTER COLUMN a SET STORAGE external, ALTER COLUMN a SET STATISTICS 300",
            "ALTER TABLE t RESET (fillfactor)",
            "ALTER INDEX i SET (fillfactor = 60)",
            "ALTER TABLE t ALTER COLUMN a SET STATISTICS -1",
            "ALTER TABLE t ALTER COLUMN b SET NOT NULL",
            "ALTER TABLE t REPLICA IDENTITY USING INDEX i",
            "ALTER TABLE t CLUSTER ON i",
            "ALTER TABLE t REPLICA IDENTITY FULL",
            "ALTER TABLE t SET WITHOUT CLUSTER",
        ],
    ),
    "function": (
        """
        CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'
        """,
        [
            "ALTER FUNCTION f(int) STABLE STRICT",
            "ALTER FUNCTION f() SECURITY DEFINER SET search_path = public, pg_temp",
            "ALTER FUNCTION f(int) IMMUTABLE PARALLEL SAFE COST 7",
            "ALTER FUNCTION f() RESET search_path",
        ],
    ),
    "policy": (
        "CREATE TABLE t (a int); CREATE POLICY p ON t USING (a > 0)",
        [
            "ALTER POLICY p ON t USING (a > 1)",
            "ALTER POLICY p ON t WITH CHECK (a > 2)",
            "ALTER TABLE t RENAME COLUMN a TO b",
            "ALTER POLICY p ON t USING (b > 3) WITH CHECK (b > 4)",
        ],
    ),
    "checks and triggers": (
        """
        CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT k REFERENCES u);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        [
            "ALTER TABLE t ALTER CONSTRAINT k DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE t DISABLE TRIGGER g",
            "ALTER TABLE t ALTER CONSTRAINT k DEFERRABLE INITIALLY IMMEDIATE",
            "ALTER TABLE t ENABLE ALWAYS TRIGGER g",
            "ALTER TABLE t ALTER CONSTRAINT k NOT DEFERRABLE",
        ],
    ),
    "all triggers": (
        """
        CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT k REFERENCES u);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER h BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()
        """,
        [
            "ALTER TABLE t DISABLE TRIGGER ALL",
            "ALTER TABLE t ADD COLUMN c int",
            "ALTER TABLE t ENABLE TRIGGER ALL",
            "CREATE TRIGGER i BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "ALTER TABLE t DISABLE TRIGGER USER",
            "ALTER TABLE t ADD COLUMN b int",
        ],
    ),
    "types": (
        """
        CREATE DOMAIN d AS text;
        ALTER DOMAIN d ADD CONSTRAINT k CHECK (value <> '') NOT VALID;
        CREATE TYPE c AS (x int, y int)
        """,
        [
            "ALTER DOMAIN d SET DEFAULT 'a'",
            "ALTER DOMAIN d VALIDATE CONSTRAINT k",
            "ALTER DOMAIN d SET NOT NULL",
            "ALTER TYPE c ALTER ATTRIBUTE y TYPE bigint CASCADE",
            "ALTER DOMAIN d DROP DEFAULT",
        ],
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CHANGES)
def test_the_point_is_exact_after_every_change(engine: str, name: str, labs: Labs) -> None:
    setup, statements = CHANGES[name]
    lab = labs(engine)
    for count in range(len(statements) + 1):
        lab.fresh()
        lab.script(setup)
        lab.execute(*statements[:count])
        assert stand(lab, ";\n".join(statements)).point == (count - 1, count)


CHANGED = """
CREATE TABLE t (a int); CREATE ROLE bob; CREATE INDEX i ON t (a);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()
"""
#: Pairs of statements of which the second one says again what was so before the first.
TOGGLED = (
    ("ALTER TABLE t DISABLE TRIGGER g", "ALTER TABLE t ENABLE TRIGGER g"),
    ("ALTER TABLE t DISABLE TRIGGER ALL", "ALTER TABLE t ENABLE TRIGGER ALL"),
    ("ALTER TABLE public.t DISABLE TRIGGER USER", "ALTER TABLE t ENABLE TRIGGER USER"),
    ("ALTER TABLE t ENABLE ROW LEVEL SECURITY", "ALTER TABLE t DISABLE ROW LEVEL SECURITY"),
    ("ALTER TABLE t REPLICA IDENTITY FULL", "ALTER TABLE t REPLICA IDENTITY DEFAULT"),
    ("ALTER ROLE bob SET work_mem = '1MB'", "ALTER ROLE bob RESET work_mem"),
    ("ALTER ROLE bob CREATEDB", "ALTER ROLE bob NOCREATEDB"),
    ("GRANT USAGE ON SCHEMA public TO bob", "REVOKE USAGE ON SCHEMA public FROM bob"),
    ("GRANT SELECT ON t TO bob", "REVOKE SELECT ON t FROM bob"),
    (
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO bob",
        "REVOKE SELECT ON ALL TABLES IN SCHEMA public FROM bob",
    ),
    ("COMMENT ON TABLE t IS 'x'", "COMMENT ON TABLE t IS NULL"),
    ("COMMENT ON INDEX i IS 'x'", "COMMENT ON INDEX i IS NULL"),
    ("ALTER TABLE t SET (autovacuum_enabled = off)", "ALTER TABLE t RESET (autovacuum_enabled)"),
    ("ALTER TABLE t ALTER a SET STATISTICS 500", "ALTER TABLE t ALTER a SET STATISTICS -1"),
)


def test_triggers_are_disabled_and_enabled_by_other_words(labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(CHANGED)
    for there, back in (("g", "ALL"), ("ALL", "USER"), ("USER", "g")):
        text = (
            f"ALTER TABLE t DISABLE TRIGGER {there}; UPDATE t SET a = 1; ALTER TABLE t ENABLE TRIGGER {back}"
        )
        assert stand(lab, text).fits == (0, 3)
        lab.execute(f"ALTER TABLE t DISABLE TRIGGER {there}")
        assert stand(lab, text).fits == (1, 2)
        lab.execute(f"ALTER TABLE t ENABLE TRIGGER {back}")


@pytest.mark.parametrize("pair", TOGGLED, ids=lambda pair: pair[0])
def test_what_is_said_and_taken_back_may_not_have_run_at_all(pair: tuple[str, str], labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.script(CHANGED)
    there, back = pair
    text = f"{there}; UPDATE t SET a = 1; {back}"
    assert stand(lab, text).fits == (0, 3)
    lab.execute(there)
    assert stand(lab, text).fits == (1, 2)
    lab.execute(back)
    assert stand(lab, text).fits == (0, 3)


@pytest.mark.parametrize(
    "sql",
    ["ALTER TABLE t SET ACCESS METHOD DEFAULT", "ALTER TABLE t ALTER COLUMN a SET STORAGE DEFAULT"],
)
def test_what_the_server_chooses_is_not_claimed(sql: str, labs: Labs) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    lab.execute("CREATE TABLE t (a text)", sql)
    assert stand(lab, sql).states[0].state == "unknown"
