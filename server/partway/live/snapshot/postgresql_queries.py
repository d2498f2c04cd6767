"""The queries that PostgreSQL's snapshot is made of, each with all names bound."""

from __future__ import annotations

#: What `TRIGGERS` and `RULES` give after the first columns, in the words of attributes.
TRIGGER_ATTRIBUTES = ("definition", "fires")

#: What `RELATIONS` gives after the first columns, in the words of attributes.
RELATION_ATTRIBUTES = (
    "persistence",
    "row-security",
    "forced-row-security",
    "owner",
    "comment",
    "privileges",
    "options",
    "tablespace",
    "access-method",
    "replica-identity",
    "cluster",
    "partitioned",
    "bounds",
)
#: How a relation is stored.
_STORAGE = """
  coalesce(array_to_string(c.reloptions, ', '), ''),
  (SELECT spcname::text FROM pg_catalog.pg_tablespace s WHERE s.oid = coalesce(nullif(c.reltablespace, 0),
     (SELECT dattablespace FROM pg_catalog.pg_database WHERE datname = current_database()))),
  (SELECT amname::text FROM pg_catalog.pg_am m WHERE m.oid = c.relam),
  CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' ELSE 'index ' ||
    (SELECT x.relname FROM pg_catalog.pg_index y JOIN pg_catalog.pg_class x ON x.oid = y.indexrelid
     WHERE y.indrelid = c.oid AND y.indisreplident) END,
  coalesce((SELECT x.relname::text FROM pg_catalog.pg_index y JOIN pg_catalog.pg_class x ON x.oid = y.indexrelid
     WHERE y.indrelid = c.oid AND y.indisclustered), ''),
  CASE c.relkind WHEN 'p' THEN 'yes' ELSE 'no' END,
  pg_catalog.pg_get_expr(c.relpartbound, 0)
"""

RELATIONS = """
SELECT c.oid, n.nspname, c.relname, c.relkind,
  EXISTS (
    SELECT FROM pg_catalog.pg_locks l
    WHERE l.locktype = 'relation' AND l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
      AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
      AND l.pid IS DISTINCT FROM pg_backend_pid()),
  pn.nspname, p.relname, i.detaching,
  c.relpersistence::text,
  CASE WHEN c.relrowsecurity THEN 'yes' ELSE 'no' END,
  CASE WHEN c.relforcerowsecurity THEN 'yes' ELSE 'no' END,
  pg_catalog.pg_get_userbyid(c.relowner)::text,
  coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), ''),
  coalesce(c.relacl::text, ''),
  {storage}
FROM unnest(%(schemas)s::text[], %(names)s::text[]) AS wanted (schema_name, object_name)
JOIN pg_catalog.pg_class c ON c.relname = wanted.object_name
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (
  SELECT inhrelid, min(inhparent) AS parent, bool_or({detach}) AS detaching
  FROM pg_catalog.pg_inherits GROUP BY inhrelid) i ON i.inhrelid = c.oid
LEFT JOIN pg_catalog.pg_class p ON p.oid = i.parent
LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE n.nspname = wanted.schema_name
  OR wanted.schema_name IS NULL AND n.nspname = ANY (%(path)s::text[])
""".replace("{storage}", _STORAGE.strip())

COLUMNS = """
SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, d.oid IS NOT NULL,
  CASE WHEN a.attrelid = ANY (%(locked)s::oid[]) THEN NULL ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
  a.attidentity::text, a.attgenerated <> '', pg_catalog.col_description(a.attrelid, a.attnum),
  (SELECT collname FROM pg_catalog.pg_collation l, pg_catalog.pg_type t
   WHERE l.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation),
  coalesce(nullif(to_jsonb(a) ->> 'attstattarget', '-1'), 'default'),
  CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END,
  CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE 'default' END,
  coalesce(array_to_string(a.attoptions, ', '), '')
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY (%(tables)s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

INDEXES = """
SELECT n.nspname, c.relname, tn.nspname, t.relname, pg_catalog.pg_get_indexdef(c.oid), i.indisunique,
  i.indisvalid AND i.indisready, coalesce(array_to_string(c.reloptions, ', '), ''),
  (SELECT spcname::text FROM pg_catalog.pg_tablespace s WHERE s.oid = coalesce(nullif(c.reltablespace, 0),
     (SELECT dattablespace FROM pg_catalog.pg_database WHERE datname = current_database())))
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE i.indrelid = ANY (%(oids)s::oid[])
  OR i.indrelid IN (SELECT o.indrelid FROM pg_catalog.pg_index o WHERE o.indexrelid = ANY (%(oids)s::oid[]))
ORDER BY c.relname
"""

CONSTRAINTS = """
SELECT CASE WHEN conrelid <> 0 THEN conrelid ELSE contypid END, conname, contype,
  pg_catalog.pg_get_constraintdef(oid), convalidated
FROM pg_catalog.pg_constraint
WHERE conrelid <> 0 AND conrelid = ANY (%(tables)s::oid[]) OR contypid <> 0 AND contypid = ANY (%(types)s::oid[])
ORDER BY conname
"""

#: What `SEQUENCES` gives after the first column, in the words of attributes.
SEQUENCE_ATTRIBUTES = ("increment", "minimum", "maximum", "start", "cache", "cycle", "type", "owned-by")

SEQUENCES = """
SELECT s.seqrelid, s.seqincrement::text, s.seqmin::text, s.seqmax::text, s.seqstart::text, s.seqcache::text,
  CASE WHEN s.seqcycle THEN 'yes' ELSE 'no' END, pg_catalog.format_type(s.seqtypid, NULL),
  coalesce((SELECT t.relname || '.' || a.attname
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = s.seqrelid
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')), '')
FROM pg_catalog.pg_sequence s WHERE s.seqrelid = ANY (%(sequences)s::oid[])
"""

VIEWS = """
SELECT oid, pg_catalog.pg_get_viewdef(oid) FROM pg_catalog.pg_class WHERE oid = ANY (%(views)s::oid[])
"""

TRIGGERS = """
SELECT tgrelid, tgname, pg_catalog.pg_get_triggerdef(oid), tgenabled::text FROM pg_catalog.pg_trigger
WHERE tgrelid = ANY (%(tables)s::oid[]) AND NOT tgisinternal
"""

#: What `POLICIES` gives after the first columns, in the words of attributes.
POLICY_ATTRIBUTES = ("permissive", "for", "to", "using", "check")

POLICIES = """
SELECT polrelid, polname, CASE WHEN polpermissive THEN 'yes' ELSE 'no' END,
  CASE polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete'
    ELSE 'all' END,
  CASE WHEN polroles = '{0}' THEN 'public' ELSE
    (SELECT string_agg(rolname, ', ' ORDER BY rolname COLLATE "C") FROM pg_catalog.pg_roles WHERE oid = ANY (polroles))
  END,
  CASE WHEN NOT polrelid = ANY (%(locked)s::oid[]) THEN coalesce(pg_catalog.pg_get_expr(polqual, polrelid), '') END,
  CASE WHEN NOT polrelid = ANY (%(locked)s::oid[]) THEN coalesce(pg_catalog.pg_get_expr(polwithcheck, polrelid), '') END
FROM pg_catalog.pg_policy WHERE polrelid = ANY (%(tables)s::oid[])
"""

RULES = """
SELECT ev_class, rulename,
  CASE WHEN ev_class = ANY (%(locked)s::oid[]) THEN NULL ELSE pg_catalog.pg_get_ruledef(oid) END, ev_enabled::text
FROM pg_catalog.pg_rewrite WHERE ev_class = ANY (%(tables)s::oid[]) AND rulename <> '_RETURN'
"""

TYPES = """
SELECT t.oid, n.nspname, t.typname, t.typtype, (SELECT relkind FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid),
  CASE WHEN t.typtype = 'e' THEN
    (SELECT array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END,
  CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
  t.typnotnull, t.typdefault
FROM unnest(%(schemas)s::text[], %(names)s::text[]) AS wanted (schema_name, object_name)
JOIN pg_catalog.pg_type t ON t.typname = wanted.object_name
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = wanted.schema_name
  OR wanted.schema_name IS NULL AND n.nspname = ANY (%(path)s::text[])
"""

ATTRIBUTES = """
SELECT t.oid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid
WHERE t.oid = ANY (%(types)s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY t.oid, a.attnum
"""

#: What `ROUTINES` gives after the first columns, in the words of attributes.
ROUTINE_ATTRIBUTES = (
    *("arguments", "body", "language", "result"),
    *("strict", "volatility", "leakproof", "security", "parallel", "cost", "rows", "settings"),
)

ROUTINES = """
SELECT n.nspname, p.proname, p.prokind,
  (SELECT coalesce(string_agg(pg_catalog.format_type(kind, NULL), ', ' ORDER BY place), '')
   FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS argument (kind, place)),
  CASE WHEN p.prosrc = '' THEN NULL ELSE p.prosrc END, l.lanname, pg_catalog.pg_get_function_result(p.oid),
  CASE WHEN p.proisstrict THEN 'yes' ELSE 'no' END,
  CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
  CASE WHEN p.proleakproof THEN 'yes' ELSE 'no' END,
  CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END,
  CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END,
  p.procost::text, p.prorows::text, coalesce(array_to_string(p.proconfig, chr(10)), '')
FROM unnest(%(schemas)s::text[], %(names)s::text[]) AS wanted (schema_name, object_name)
JOIN pg_catalog.pg_proc p ON p.proname = wanted.object_name
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE n.nspname = wanted.schema_name
  OR wanted.schema_name IS NULL AND n.nspname = ANY (%(path)s::text[])
"""
