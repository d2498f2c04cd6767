"""A schema as one flat table, in the same words for each engine: "column users.email" -> "text not null".

For comparing what two ways of migrating made, and for asking what an object is called. The kinds are table, view,
column, index, constraint (by name; key columns as "constraint users.id" where SQLite has no name), type, sequence and
extension. A schema other than the current one stands before the table, as in "table audit.events". Where columns stand
in their table, owners, privileges and storage options are left out; `Lab.dump` has all that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.engines.lab import Lab, Session
from tests.runners.sqlite_schema import read_sqlite

Schema = dict[str, str]
Row = tuple[str, str]


def read_schema(lab: Lab, without: Iterable[str] = ()) -> Schema:
    """The current database's schema, but for those tables."""
    with lab.connect() as session:
        found = READERS[lab.dialect](session)
    return {
        key: value
        for key, value in sorted(found)
        if not any(key.split(" ", 1)[1].split(".")[0] == table for table in without)
        and not any(key == f"sequence {table}_id_seq" for table in without)
    }


# Names are written without the schema `public`, and without quotes.
_POSTGRESQL = """
WITH mine AS (
  SELECT c.oid, c.relkind, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid > 16383 AND n.nspname !~ '^pg_(temp|toast)' AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view ' ELSE 'table ' END || name,
  CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid)
    ELSE concat_ws('', pg_get_partkeydef(oid), obj_description(oid, 'pg_class')) END
  FROM mine WHERE relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL SELECT 'column ' || name || '.' || attname, format_type(atttypid, atttypmod)
  || CASE WHEN attnotnull THEN ' not null' ELSE '' END
  || CASE WHEN attidentity <> '' THEN ' identity' ELSE '' END
  || coalesce(CASE WHEN attgenerated <> '' THEN ' generated ' ELSE ' default ' END
    || pg_get_expr(adbin, adrelid), '') || coalesce(' ' || col_description(attrelid, attnum), '')
  FROM mine JOIN pg_attribute ON attrelid = oid LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
  WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL SELECT 'index ' || name || '.' || relname, pg_get_indexdef(indexrelid)
  || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END
  FROM pg_index JOIN mine ON mine.oid = indrelid JOIN pg_class c ON c.oid = indexrelid
UNION ALL SELECT 'constraint ' || name || '.' || conname, pg_get_constraintdef(c.oid)
  FROM pg_constraint c JOIN mine ON mine.oid = conrelid WHERE contype <> 'n' OR NOT convalidated
UNION ALL SELECT 'type ' || typname, coalesce(
    (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
    format_type(typbasetype, typtypmod))
  FROM pg_type t WHERE t.oid > 16383 AND typtype IN ('e', 'd') AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL SELECT 'sequence ' || name, format_type(seqtypid, NULL) || ' by ' || seqincrement
  FROM mine JOIN pg_sequence ON seqrelid = oid
UNION ALL SELECT 'extension ' || extname, extversion FROM pg_extension WHERE oid > 16383
"""


def _postgresql(session: Session) -> list[Row]:
    return [(str(key), str(value)) for key, value in session.run(_POSTGRESQL)]


# CONCAT_WS leaves out what is NULL.
_MYSQL = """
SELECT CONCAT('table ', table_name), CONCAT_WS(' ', engine, table_collation, NULLIF(table_comment, ''))
  FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
UNION ALL SELECT CONCAT('view ', table_name), view_definition FROM information_schema.views
  WHERE table_schema = DATABASE()
UNION ALL SELECT CONCAT('column ', table_name, '.', column_name), CONCAT_WS(' ', column_type,
    IF(is_nullable = 'NO', 'not null', NULL), CONCAT('default ', NULLIF(column_default, 'NULL')), NULLIF(extra, ''),
    NULLIF(generation_expression, ''), NULLIF(column_comment, ''), collation_name)
  FROM information_schema.columns WHERE table_schema = DATABASE()
UNION ALL SELECT CONCAT('index ', table_name, '.', index_name), CONCAT(IF(MIN(non_unique), '', 'unique '),
    MIN(index_type), ' (', GROUP_CONCAT(CONCAT_WS(' ', {column}, sub_part, IF(collation = 'D', 'desc', NULL))
    ORDER BY seq_in_index SEPARATOR ', '), ')')
  FROM information_schema.statistics WHERE table_schema = DATABASE() GROUP BY table_name, index_name
UNION ALL SELECT CONCAT('constraint ', k.table_name, '.', k.constraint_name), CONCAT('foreign key (',
    GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position SEPARATOR ', '), ') references ',
    MIN(k.referenced_table_name), ' (', GROUP_CONCAT(k.referenced_column_name ORDER BY k.ordinal_position
    SEPARATOR ', '), ') on delete ', MIN(r.delete_rule), ' on update ', MIN(r.update_rule))
  FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name
    AND r.constraint_name = k.constraint_name
  WHERE k.table_schema = DATABASE() GROUP BY k.table_name, k.constraint_name
UNION ALL SELECT CONCAT('constraint ', t.table_name, '.', t.constraint_name), CONCAT('check ', c.check_clause)
  FROM information_schema.table_constraints t JOIN information_schema.check_constraints c
    ON c.constraint_schema = t.constraint_schema AND c.constraint_name = t.constraint_name {same_table}
  WHERE t.table_schema = DATABASE() AND t.constraint_type = 'CHECK'
"""
# On MariaDB two tables may have checks of one name; MySQL alone has indexes of expressions.
_OF_MARIADB = _MYSQL.format(column="column_name", same_table="AND c.table_name = t.table_name")
_OF_MYSQL = _MYSQL.format(column="COALESCE(column_name, expression)", same_table="")


def _mariadb(session: Session) -> list[Row]:
    return [(str(key), str(value)) for key, value in session.run(_OF_MARIADB)]


def _mysql(session: Session) -> list[Row]:
    return [(str(key), str(value)) for key, value in session.run(_OF_MYSQL)]


READERS: dict[str, Callable[[Session], list[Row]]] = {
    "postgresql": _postgresql,
    "mariadb": _mariadb,
    "mysql": _mysql,
    "sqlite": read_sqlite,
}
