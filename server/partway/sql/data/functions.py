"""What the engines' own functions do when they are called again: facts from their manuals, checked by running them."""

from __future__ import annotations

from partway.sql.data.words import words

#: A new value at each call or in each transaction.
VOLATILE = words("""
    now current_timestamp current_date current_time localtime localtimestamp transaction_timestamp
    statement_timestamp clock_timestamp timeofday sysdate curdate curtime utc_timestamp utc_date utc_time
    unix_timestamp random rand randomblob gen_random_uuid uuid uuidv4 uuidv7 uuid_v4 uuid_v7 sys_guid
    uuid_short uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_random_bytes random_bytes
    random_normal nextval lastval last_insert_rowid gen_salt txid_current pg_current_xact_id
    pg_current_wal_lsn connection_id pg_backend_pid julianday_now
""")

#: Those of them that read the clock: a condition on them lets more rows in as time goes by, not when it is run again.
CLOCK = words("""
    now current_timestamp current_date current_time localtime localtimestamp transaction_timestamp
    statement_timestamp clock_timestamp timeofday sysdate curdate curtime utc_timestamp utc_date utc_time
    unix_timestamp
""")

#: Written without parentheses.
BARE = words("""
    CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME LOCALTIME LOCALTIMESTAMP CURRENT_USER SESSION_USER USER
    CURRENT_ROLE CURRENT_SCHEMA CURRENT_CATALOG SYSDATE UTC_TIMESTAMP UTC_DATE UTC_TIME
""")

#: Never NULL, whatever else they give.
NEVER_NULL = VOLATILE | frozenset({"current_user", "session_user", "user"})

#: NULL only for a NULL argument.
STRICT = words("""
    abs bin_to_uuid concat encode hex left length lower lpad ltrim md5 replace reverse right round rpad rtrim sha1 sha2
    sha224 sha256 sha384 sha512 substr substring to_base64 to_char to_hex trim upper uuid_to_bin
""")

#: SQLite's date functions, which read the clock when told "now" or nothing.
CLOCK_READERS = frozenset({"datetime", "date", "time", "julianday", "strftime", "unixepoch"})

#: f(f(x)) = f(x), and f leaves alone what is already in its form. Of one family, any two in a row keep that.
NORMALISERS = {
    **dict.fromkeys(("lower", "upper", "initcap", "lcase", "ucase"), "case"),
    **dict.fromkeys(("trim", "ltrim", "rtrim", "btrim"), "trim"),
    **dict.fromkeys(("abs",), "sign"),
    **dict.fromkeys(("round", "ceil", "ceiling", "floor", "trunc", "truncate"), "round"),
    **dict.fromkeys(("date", "datetime", "date_trunc", "last_day"), "date"),
    **dict.fromkeys(("unaccent",), "accent"),
    **dict.fromkeys(("normalize",), "form"),
}

#: Give one of their arguments, or NULL.
SELECTORS = frozenset({"coalesce", "ifnull", "nvl", "nullif", "greatest", "least"})

#: f(f(x, c), c) = f(x, c) for constant c: what is set, removed or cut once stays so.
SETTLING = words("""
    left right lpad rpad mod array_remove array_replace jsonb_set json_set json_replace json_insert
    json_remove jsonb_remove json_merge_patch jsonb_strip_nulls json_strip_nulls jsonb_patch json_patch
    jsonb_replace setweight set_byte set_bit
""")

#: Grow, shrink or turn what they are given each time.
COMPOUNDING = words("""
    json_build_object jsonb_build_object json_object json_array json_build_array jsonb_build_array
    format concat concat_ws array_append array_prepend array_cat json_array_append json_array_insert json_merge
    json_merge_preserve repeat reverse md5 sha1 sha sha2 sha224 sha256 sha384 sha512 encode hex to_hex
    date_add date_sub adddate subdate addtime subtime timestampadd power pow sqrt exp ln log insert
    convert_tz age quote quote_literal quote_ident to_base64 overlay lo_create
""")

#: Depend on their arguments alone, or on what stays put, and change nothing.
PURE = frozenset(
    set(NORMALISERS)
    | SELECTORS
    | SETTLING
    | COMPOUNDING
    | words("""
    jsonb_insert subpath subltree ltree2text text2ltree nlevel lca
    length char_length character_length octet_length bit_length substring substr substring_index split_part
    replace translate regexp_replace regexp_match regexp_matches regexp_substr regexp_like position strpos
    instr locate ascii chr char concat format printf to_char to_date to_timestamp to_number cast convert
    try_cast if iif row array extract date_part year month day hour minute second dayofweek quarter week
    weekday str_to_date date_format from_unixtime datetime time strftime julianday unixepoch timestamp
    timestampdiff datediff make_date make_timestamp make_interval interval json_build_object
    jsonb_build_object json_object jsonb_object json_array json_build_array jsonb_build_array to_json
    to_jsonb json_extract json_unquote json_value json_query jsonb_extract_path jsonb_extract_path_text
    json_extract_path_text json_contains json_valid json_type jsonb_typeof json_typeof json_length
    json_quote json_keys jsonb_array_length jsonb_array_elements jsonb_array_elements_text
    json_array_elements json_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys json_each
    json_tree jsonb_agg json_agg jsonb_object_agg json_object_agg json_arrayagg json_objectagg
    json_group_array json_group_object array_agg string_agg group_concat array_to_string string_to_array
    unnest generate_series array_length cardinality array_position count sum avg min max every bool_and
    bool_or bit_and bit_or bit_xor stddev variance any_value first_value last_value nth_value lag lead
    row_number rank dense_rank percent_rank cume_dist ntile sign sin cos tan pi degrees radians div decode
    unhex from_base64 crc32 uuid_to_bin bin_to_uuid quote_nullable elt field find_in_set soundex to_tsvector
    to_tsquery plainto_tsquery websearch_to_tsquery ts_rank similarity levenshtein num_nulls num_nonnulls
    isnull exists any all some typeof total zeroblob nvl2 current_user session_user user current_role
    current_schema current_catalog current_database database schema version sqlite_version pg_version
    current_setting inet_aton inet_ntoa host values greatest uuid_nil to_regclass to_regtype to_regproc
    to_regprocedure to_regrole to_regnamespace pg_get_serial_sequence pg_typeof format_type
    pg_get_constraintdef pg_get_indexdef pg_get_viewdef pg_get_functiondef pg_get_expr obj_description
    col_description has_table_privilege has_schema_privilege pg_relation_size pg_total_relation_size
    pg_table_size pg_size_pretty pg_is_in_recovery currval generate_subscripts starts_with int4range
    int8range numrange tsrange tstzrange daterange point box circle polygon st_setsrid st_makepoint st_point
    st_geomfromtext box2d hstore isfinite justify_days row_to_json width_bucket ordinality glob likely
    unlikely benchmark coercibility
""")
)

#: Functions that a SELECT is made for: what a second call does, and whether a rollback takes it back.
#: (repeat, in_transaction) as the public names say. A lock held by the session is no change of the database.
ACTS = {
    "setval": ("same", "commits"),
    "nextval": ("changes", "commits"),
    "set_config": ("same", "rolls-back"),
    "pg_notify": ("same", "rolls-back"),
    "pg_sleep": ("same", "rolls-back"),
    "sleep": ("same", "rolls-back"),
    "pg_advisory_lock": ("same", "rolls-back"),
    "pg_try_advisory_lock": ("same", "rolls-back"),
    "pg_advisory_unlock": ("same", "rolls-back"),
    "pg_advisory_unlock_all": ("same", "rolls-back"),
    "pg_advisory_xact_lock": ("same", "rolls-back"),
    "pg_try_advisory_xact_lock": ("same", "rolls-back"),
    "get_lock": ("same", "rolls-back"),
    "release_lock": ("same", "rolls-back"),
    "release_all_locks": ("same", "rolls-back"),
    "is_free_lock": ("same", "rolls-back"),
    "pg_reload_conf": ("same", "rolls-back"),
    "lo_creat": ("changes", "rolls-back"),
    "lo_create": ("changes", "rolls-back"),
    "lo_from_bytea": ("changes", "rolls-back"),
    "lo_unlink": ("fails", "rolls-back"),
    "pg_create_physical_replication_slot": ("fails", "commits"),
    "pg_drop_replication_slot": ("fails", "commits"),
    "addgeometrycolumn": ("fails", "rolls-back"),
    "dropgeometrycolumn": ("fails", "rolls-back"),
}

#: Words before a parenthesis that are not functions.
NOT_FUNCTIONS = words("""
    VALUES IN AND OR NOT ON USING SELECT WHERE FROM JOIN AS BY WHEN THEN ELSE SET INTO OVER FILTER WITHIN
    PARTITION LIMIT OFFSET EXISTS ANY ALL SOME HAVING CONFLICT LATERAL RETURNING BETWEEN LIKE ILIKE IS WITH
    TABLE MATERIALIZED UNION EXCEPT INTERSECT DISTINCT KEY UPDATE INSERT INTERVAL ROWS VARCHAR CHAR DECIMAL
    NUMERIC CHARACTER VARYING DOUBLE BIT BINARY VARBINARY FLOAT INT INTEGER BIGINT SIGNED UNSIGNED TEXT
    AGAINST ONLY RECURSIVE CASE END COLUMNS ROLLUP CUBE GROUPING SETS INDEX USE FORCE IGNORE DUPLICATE VALUE
    ORDINALITY TABLESAMPLE SYSTEM BERNOULLI
""")
