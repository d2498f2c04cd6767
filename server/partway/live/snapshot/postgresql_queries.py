"""The queries that PostgreSQL's snapshot is made of, each with all names bound."""

from __future__ import annotations

#: What `RELATIONS` gives after the first columns, in the words of attributes.
RELATION_ATTRIBUTES = ("persistence", "row-security", "forced-row-security", "owner", "comment", "privileges")

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
  coalesce(c.relacl::text, '')
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
"""

COLUMNS = """
SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, d.oid IS NOT NULL,
  CASE WHEN a.attrelid = ANY (%(locked)s::oid[]) THEN NULL ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
  a.attidentity <> '', a.attgenerated <> '', pg_catalog.col_description(a.attrelid, a.attnum),
  (SELECT collname FROM pg_catalog.pg_collation l, pg_catalog.pg_type t
   WHERE l.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation)
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = ANY (%(tables)s::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

INDEXES = """
SELECT n.nspname, c.relname, tn.nspname, t.relname, pg_catalog.pg_get_indexdef(c.oid), i.indisunique,
  i.indisvalid AND i.indisready
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

VIEWS = """
SELECT oid, pg_catalog.pg_get_viewdef(oid) FROM pg_catalog.pg_class WHERE oid = ANY (%(views)s::oid[])
"""

TRIGGERS = """
SELECT tgrelid, tgname, pg_catalog.pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger
WHERE tgrelid = ANY (%(tables)s::oid[]) AND NOT tgisinternal
"""

POLICIES = """
SELECT polrelid, polname,
  CASE WHEN polrelid = ANY (%(locked)s::oid[]) THEN NULL ELSE concat_ws(' ',
    'AS', CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    'FOR', CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
      ELSE 'ALL' END,
    'TO', CASE WHEN polroles = '{0}' THEN 'public' ELSE
      (SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname)
       FROM pg_catalog.pg_roles WHERE oid = ANY (polroles)) END,
    'USING (' || pg_catalog.pg_get_expr(polqual, polrelid) || ')',
    'WITH CHECK (' || pg_catalog.pg_get_expr(polwithcheck, polrelid) || ')') END
FROM pg_catalog.pg_policy WHERE polrelid = ANY (%(tables)s::oid[])
"""

RULES = """
SELECT ev_class, rulename,
  CASE WHEN ev_class = ANY (%(locked)s::oid[]) THEN NULL ELSE pg_catalog.pg_get_ruledef(oid) END
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

ROUTINES = """
SELECT n.nspname, p.proname, p.prokind,
  (SELECT coalesce(string_agg(pg_catalog.format_type(kind, NULL), ', ' ORDER BY place), '')
   FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS argument (kind, place)),
  CASE WHEN p.prosrc = '' THEN NULL ELSE p.prosrc END, l.lanname, pg_catalog.pg_get_function_result(p.oid)
FROM unnest(%(schemas)s::text[], %(names)s::text[]) AS wanted (schema_name, object_name)
JOIN pg_catalog.pg_proc p ON p.proname = wanted.object_name
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE n.nspname = wanted.schema_name
  OR wanted.schema_name IS NULL AND n.nspname = ANY (%(path)s::text[])
"""
