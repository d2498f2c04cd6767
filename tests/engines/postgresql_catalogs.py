"""What a PostgreSQL database holds, as one query over its catalogs: no object numbers, no statistics, no file names.

A column that only newer servers have is read through `to_jsonb(row) ->> 'column'`, which is null on older ones.
"""

# Objects of the system, of temporary schemas and of extensions are not what a migration makes.
_OURS = (
    "{oid} > 16383 AND NOT EXISTS (SELECT FROM pg_depend member WHERE member.classid = '{catalog}'::regclass"
    " AND member.objid = {oid} AND member.deptype = 'e')"
)


def _ours(alias: str, catalog: str) -> str:
    return _OURS.format(oid=f"{alias}.oid", catalog=catalog)


_NOT_TEMPORARY = "n.nspname !~ '^pg_(temp|toast_temp|toast)'"

_SECTIONS = {
    "schemas": "SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace n"
    f" WHERE {_NOT_TEMPORARY} AND (nspname = 'public' OR {_ours('n', 'pg_namespace')})",
    "roles": "SELECT to_jsonb(r) - 'oid' - 'rolpassword' FROM pg_roles r WHERE oid > 16383",
    "members": "SELECT roleid::regrole::text, member::regrole::text, admin_option, to_jsonb(m) ->> 'inherit_option',"
    " to_jsonb(m) ->> 'set_option' FROM pg_auth_members m WHERE member > 16383",
    "databases": "SELECT CASE WHEN datname = current_database() THEN '' ELSE datname END, datdba::regrole::text,"
    " datacl::text, datconnlimit, datistemplate, datallowconn, dattablespace <> 1663 FROM pg_database",
    "settings": "SELECT CASE WHEN setdatabase = 0 THEN NULL WHEN datname = current_database() THEN '' ELSE datname END,"
    " setrole::regrole::text, setconfig FROM pg_db_role_setting s LEFT JOIN pg_database d ON d.oid = setdatabase",
    "system settings": "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'",
    "parameter privileges": "SELECT to_jsonb(p) - 'oid' FROM pg_parameter_acl p",
    "tablespaces": "SELECT spcname, spcowner::regrole::text, spcacl::text, spcoptions FROM pg_tablespace",
    "relations": "SELECT c.oid::regclass::text, c.relkind, c.relowner::regrole::text, c.relacl::text, c.reloptions,"
    " c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.relispopulated, c.reltablespace <> 0, am.amname,"
    " CASE c.relreplident WHEN 'd' THEN NULL ELSE c.relreplident END, c.reloftype::regtype::text,"
    " pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),"
    " (SELECT array_agg(i.inhparent::regclass::text || i.inhdetachpending ORDER BY i.inhseqno) FROM pg_inherits i"
    "   WHERE i.inhrelid = c.oid),"
    " CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, (SELECT reloptions FROM pg_class t"
    "   WHERE t.oid = c.reltoastrelid), f.ftoptions, (SELECT srvname FROM pg_foreign_server WHERE oid = f.ftserver)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam"
    " LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid"
    f" WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND {_NOT_TEMPORARY} AND {_ours('c', 'pg_class')}",
    # Dropping a column leaves a hole in attnum; its rank does not.
    "columns": "SELECT c.oid::regclass::text, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,"
    " format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity,"
    " a.attgenerated, a.attcollation::regcollation::text, nullif(a.attstattarget, -1), a.attstorage, a.attcompression,"
    # 15.20 and its like keep a version there, new with each table.
    " (SELECT array_agg(o) FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg_attver=%'),"
    " a.attfdwoptions, a.attacl::text, a.attislocal, a.attinhcount"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')"
    f" AND {_NOT_TEMPORARY} AND {_ours('c', 'pg_class')}",
    "indexes": "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready,"
    " i.indislive, i.indisclustered, i.indisreplident, i.indisprimary, i.indimmediate, c.reloptions,"
    " (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = c.oid),"
    " (SELECT array_agg(nullif(attstattarget, -1) ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid)"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE {_NOT_TEMPORARY} AND {_ours('c', 'pg_class')}",
    "constraints": "SELECT conrelid::regclass::text, contypid::regtype::text, conname, contype,"
    " pg_get_constraintdef(c.oid), convalidated, condeferrable, condeferred, conislocal, coninhcount, connoinherit,"
    " to_jsonb(c) ->> 'conenforced', conindid::regclass::text FROM pg_constraint c"
    f" JOIN pg_namespace n ON n.oid = c.connamespace WHERE {_NOT_TEMPORARY} AND {_ours('c', 'pg_constraint')}",
    # DISABLE TRIGGER ALL reaches the hidden triggers of foreign keys too; their names carry an object number.
    "triggers": "SELECT tgrelid::regclass::text, CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE"
    " pg_get_triggerdef(t.oid) END, tgenabled, tgisinternal FROM pg_trigger t WHERE t.oid > 16383",
    "rules": "SELECT pg_get_ruledef(oid), ev_enabled FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid > 16383",
    "policies": "SELECT to_jsonb(p) FROM pg_policies p",
    "functions": "SELECT p.oid::regprocedure::text, p.prokind, CASE WHEN p.prokind <> 'a' THEN"
    " pg_get_functiondef(p.oid) END, (SELECT jsonb_build_array(aggtransfn::regproc::text, aggfinalfn::regproc::text,"
    " aggtranstype::regtype::text, agginitval) FROM pg_aggregate WHERE aggfnoid = p.oid), p.proowner::regrole::text,"
    f" p.proacl::text FROM pg_proc p WHERE {_ours('p', 'pg_proc')}",
    "types": "SELECT t.oid::regtype::text, typtype, typcategory, typbasetype::regtype::text, typnotnull, typdefault,"
    " typowner::regrole::text, typacl::text, typisdefined, typstorage,"
    " (SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),"
    " (SELECT rngsubtype::regtype::text FROM pg_range WHERE rngtypid = t.oid)"
    " FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
    f" WHERE {_NOT_TEMPORARY} AND {_ours('t', 'pg_type')}",
    "sequences": "SELECT seqrelid::regclass::text, seqtypid::regtype::text, seqstart, seqincrement, seqmax, seqmin,"
    " seqcache, seqcycle, (SELECT refobjid::regclass || '.' || refobjsubid::text FROM pg_depend d WHERE d.objid ="
    " seqrelid AND d.classid = 'pg_class'::regclass AND deptype IN ('a', 'i') AND refclassid = 'pg_class'::regclass)"
    " FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE {_NOT_TEMPORARY}",
    "extensions": "SELECT extname, extversion, extnamespace::regnamespace::text FROM pg_extension",
    "comments": "SELECT o.type, o.identity, d.description FROM pg_description d,"
    " pg_identify_object(d.classoid, d.objoid, d.objsubid) o"
    " WHERE d.objoid > 16383 OR d.objoid = 'public'::regnamespace"
    " UNION ALL SELECT o.type, o.identity, d.description FROM pg_shdescription d,"
    " pg_identify_object(d.classoid, d.objoid, 0) o WHERE d.objoid > 16383",
    "casts": "SELECT castsource::regtype::text, casttarget::regtype::text, castfunc::regprocedure::text, castcontext,"
    f" castmethod FROM pg_cast c WHERE {_ours('c', 'pg_cast')}",
    "operators": "SELECT o.oid::regoperator::text, oprcode::regproc::text, oprcom::regoperator::text,"
    " oprnegate::regoperator::text, oprowner::regrole::text, oprcanmerge, oprcanhash, oprrest::text, oprjoin::text"
    f" FROM pg_operator o WHERE {_ours('o', 'pg_operator')}",
    "operator classes": "SELECT opcname, opcnamespace::regnamespace::text, opcmethod, opcintype::regtype::text,"
    f" opcdefault, opcowner::regrole::text FROM pg_opclass o WHERE {_ours('o', 'pg_opclass')}",
    "operator families": "SELECT opfname, opfnamespace::regnamespace::text, opfmethod, opfowner::regrole::text,"
    " (SELECT count(*) FROM pg_amop WHERE amopfamily = o.oid), (SELECT count(*) FROM pg_amproc WHERE amprocfamily ="
    f" o.oid) FROM pg_opfamily o WHERE {_ours('o', 'pg_opfamily')}",
    "collations": "SELECT to_jsonb(c) - 'oid' - 'collowner' - 'collnamespace', collowner::regrole::text,"
    f" collnamespace::regnamespace::text FROM pg_collation c WHERE {_ours('c', 'pg_collation')}",
    "conversions": "SELECT conname, connamespace::regnamespace::text, conproc::regproc::text, condefault,"
    f" conowner::regrole::text FROM pg_conversion c WHERE {_ours('c', 'pg_conversion')}",
    "languages": "SELECT lanname, lanpltrusted, lanowner::regrole::text, lanacl::text FROM pg_language",
    "access methods": "SELECT amname, amhandler::text, amtype FROM pg_am WHERE oid > 16383",
    "text search": "SELECT 'configuration', c.oid::regconfig::text, cfgowner::regrole::text, (SELECT jsonb_agg("
    " jsonb_build_array(maptokentype, mapseqno, mapdict::regdictionary::text) ORDER BY maptokentype, mapseqno)"
    f" FROM pg_ts_config_map WHERE mapcfg = c.oid) FROM pg_ts_config c WHERE {_ours('c', 'pg_ts_config')}"
    " UNION ALL SELECT 'dictionary', d.oid::regdictionary::text, dictowner::regrole::text, to_jsonb(dictinitoption)"
    f" FROM pg_ts_dict d WHERE {_ours('d', 'pg_ts_dict')}"
    " UNION ALL SELECT 'template', tmplname, tmplnamespace::regnamespace::text, NULL FROM pg_ts_template t"
    f" WHERE {_ours('t', 'pg_ts_template')} UNION ALL SELECT 'parser', prsname, prsnamespace::regnamespace::text, NULL"
    f" FROM pg_ts_parser p WHERE {_ours('p', 'pg_ts_parser')}",
    "wrappers": "SELECT fdwname, fdwowner::regrole::text, fdwhandler::regproc::text, fdwacl::text, fdwoptions"
    f" FROM pg_foreign_data_wrapper w WHERE {_ours('w', 'pg_foreign_data_wrapper')}",
    "servers": "SELECT srvname, srvowner::regrole::text, srvtype, srvversion, srvacl::text, srvoptions"
    " FROM pg_foreign_server",
    "user mappings": "SELECT srvname, usename, umoptions FROM pg_user_mappings",
    "event triggers": "SELECT evtname, evtevent, evtfoid::regproc::text, evtenabled, evttags, evtowner::regrole::text"
    " FROM pg_event_trigger",
    "publications": "SELECT to_jsonb(p) - 'oid' - 'pubowner', pubowner::regrole::text,"
    " (SELECT array_agg(t::text ORDER BY t::text) FROM pg_publication_tables t WHERE t.pubname = p.pubname),"
    " (SELECT array_agg(pnnspid::regnamespace::text ORDER BY 1) FROM pg_publication_namespace WHERE pnpubid = p.oid)"
    " FROM pg_publication p",
    "subscriptions": "SELECT subname, subowner::regrole::text, subenabled, subconninfo, subslotname, subpublications,"
    " subsynccommit, subbinary, substream::text FROM pg_subscription",
    "slots": "SELECT slot_name, plugin FROM pg_replication_slots",
    "statistics": "SELECT pg_get_statisticsobjdef(s.oid), nullif(stxstattarget, -1),"
    f" stxowner::regrole::text FROM pg_statistic_ext s WHERE {_ours('s', 'pg_statistic_ext')}",
    "default privileges": "SELECT defaclrole::regrole::text, defaclnamespace::regnamespace::text, defaclobjtype,"
    " defaclacl::text FROM pg_default_acl",
    "transforms": "SELECT trftype::regtype::text, l.lanname, trffromsql::text, trftosql::text FROM pg_transform t JOIN"
    " pg_language l ON l.oid = t.trflang",
    "large objects": "SELECT m.lomowner::regrole::text, m.lomacl::text, (SELECT string_agg(data, '' ORDER BY pageno)"
    " FROM pg_largeobject WHERE loid = m.oid) FROM pg_largeobject_metadata m",
    "security labels": "SELECT objtype, objname, provider, label FROM pg_seclabels",
    "prepared transactions": "SELECT gid, owner FROM pg_prepared_xacts",
}

# One row per section: its name and its rows, sorted. ROW() numbers the columns, whose names are not unique.
CATALOGS = " UNION ALL ".join(
    f"SELECT '{section}', (SELECT jsonb_agg(to_jsonb(ROW(q.*)) ORDER BY to_jsonb(ROW(q.*))::text) FROM ({query}) q)"
    for section, query in _SECTIONS.items()
)

# What to select from for the data: tables and filled materialized views, with quoted and qualified names.
ROWS = (
    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE c.relkind IN ('r', 'm') AND c.relispopulated AND {_NOT_TEMPORARY} AND {_ours('c', 'pg_class')}"
)

POSITIONS = (
    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE c.relkind = 'S' AND {_NOT_TEMPORARY} AND {_ours('c', 'pg_class')} ORDER BY 1"
)

# What dropping everything that an account owns leaves of a test: objects of others, settings, privileges and comments
# of what was there before. A tenth of the time that a whole dump takes.
LEFTOVERS = (
    "SELECT (SELECT count(*) FROM pg_class WHERE oid > 16383), (SELECT count(*) FROM pg_proc WHERE oid > 16383),"
    " (SELECT count(*) FROM pg_type WHERE oid > 16383), (SELECT count(*) FROM pg_extension),"
    " (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM pg_subscription),"
    " (SELECT count(*) FROM pg_database),"
    " (SELECT count(*) FROM pg_tablespace), (SELECT count(*) FROM pg_default_acl), (SELECT count(*) FROM pg_cast),"
    " (SELECT count(*) FROM pg_operator), (SELECT count(*) FROM pg_am), (SELECT count(*) FROM pg_collation),"
    " (SELECT count(*) FROM pg_event_trigger), (SELECT count(*) FROM pg_foreign_data_wrapper),"
    " (SELECT count(*) FROM pg_ts_config), (SELECT count(*) FROM pg_ts_dict), (SELECT count(*) FROM pg_conversion),"
    " (SELECT count(*) FROM pg_ts_parser), (SELECT count(*) FROM pg_ts_template), (SELECT count(*) FROM pg_transform),"
    " (SELECT count(*) FROM pg_language), (SELECT count(*) FROM pg_largeobject_metadata),"
    " (SELECT array_agg(nspname || nspowner::text || coalesce(nspacl::text, '') ORDER BY oid) FROM pg_namespace"
    "   WHERE nspname !~ '^pg_(toast_)?temp_'), (SELECT array_agg(s::text) FROM pg_db_role_setting s),"
    " (SELECT array_agg(d::text ORDER BY d::text) FROM pg_database d WHERE datname = current_database()),"
    " (SELECT count(*) FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'),"
    " (SELECT count(*) FROM pg_shdescription), (SELECT description FROM pg_description"
    "   WHERE objoid = 'public'::regnamespace AND classoid = 'pg_namespace'::regclass)"
)
