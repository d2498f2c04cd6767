"""The words of a migration that have a meaning here: its calls, those that only look or talk, those that run blocks."""

from __future__ import annotations

from typing import Final

#: The calls that run SQL.
RUN_SQL: Final = frozenset(
    (
        "execute", "exec_query", "exec_update", "exec_delete", "exec_insert", "update", "insert", "delete",
        "execute_batch", "internal_exec_query",
    )
)  # fmt: skip
#: The connection's own words for a transaction, with what they send whether Rails has opened one or not.
OF_TRANSACTIONS: Final = {
    "begin_db_transaction": "BEGIN",
    "commit_db_transaction": "COMMIT",
    "rollback_db_transaction": "ROLLBACK",
}
#: The calls of a migration: what ActiveRecord's recorder knows, and the rest of its schema statements.
METHODS: Final = frozenset(
    (
        "add_belongs_to", "add_check_constraint", "add_column", "add_columns", "add_enum_value",
        "add_exclusion_constraint", "add_foreign_key", "add_index", "add_reference", "add_timestamps",
        "add_unique_constraint", "change_column", "change_column_comment", "change_column_default",
        "change_column_null", "change_table", "change_table_comment", "create_enum", "create_join_table",
        "create_schema", "create_table", "create_virtual_table", "delete", "disable_extension", "disable_index",
        "drop_enum", "drop_join_table", "drop_schema", "drop_table", "drop_virtual_table", "enable_extension",
        "enable_index", "exec_query", "execute", "exec_delete", "exec_insert", "exec_update", "insert",
        "remove_belongs_to", "remove_check_constraint", "remove_column", "remove_columns",
        "remove_exclusion_constraint", "remove_foreign_key", "remove_index", "remove_reference",
        "remove_timestamps", "remove_unique_constraint", "rename_column", "rename_enum", "rename_enum_value",
        "rename_index", "rename_schema", "rename_table", "truncate", "truncate_tables", "update",
        "validate_check_constraint", "validate_constraint", "validate_foreign_key", "change_primary_key",
        "execute_batch", "internal_exec_query", "begin_db_transaction", "commit_db_transaction",
        "rollback_db_transaction",
    )
)  # fmt: skip
#: The calls that a recorder takes for the way back of `change`; any other one runs at once, in either direction.
RECORDED: Final = frozenset(
    (
        "add_belongs_to", "add_check_constraint", "add_column", "add_enum_value", "add_exclusion_constraint",
        "add_foreign_key", "add_index", "add_reference", "add_timestamps", "add_unique_constraint", "change_column",
        "change_column_comment", "change_column_default", "change_column_null", "change_table_comment", "create_enum",
        "create_join_table", "create_schema", "create_table", "create_virtual_table", "disable_extension",
        "disable_index", "drop_enum", "drop_join_table", "drop_schema", "drop_table", "drop_virtual_table",
        "enable_extension", "enable_index", "execute", "irreversible", "remove_belongs_to", "remove_check_constraint",
        "remove_column", "remove_columns", "remove_exclusion_constraint", "remove_foreign_key", "remove_index",
        "remove_reference", "remove_timestamps", "remove_unique_constraint", "rename_column", "rename_enum",
        "rename_enum_value", "rename_index", "rename_table",
    )
)  # fmt: skip
#: Calls that change nothing in the database.
QUIET: Final = frozenset(
    (
        "say", "puts", "p", "pp", "print", "warn", "require", "require_relative", "require_dependency", "sleep",
        "include", "extend", "attr_accessor", "private", "reset_column_information", "clear_cache!", "reload",
        "raise", "fail", "abort", "exit", "logger", "printf", "clear!", "announce", "write", "load",
        "reset_sequence_name", "quote", "quote_column_name", "quote_table_name", "quote_string", "binding",
        "freeze", "set_lock_timeout", "connection", "lease_connection", "table_exists?", "column_exists?",
        "index_exists?", "foreign_key_exists?", "index_name_exists?", "check_constraint_exists?",
        "select_value", "select_values", "select_all", "select_one", "select_rows", "indexes", "columns",
        "tables", "foreign_keys", "data_source_exists?", "view_exists?", "extension_enabled?", "adapter_name",
        "reset_primary_key", "load_target", "begin_db_transaction", "reverting?", "mysql?", "postgresql?",
        "sqlite?", "clear_cache", "clear_data_source_cache!",
    )
)  # fmt: skip
#: Calls that run their block, with nothing around it that the database would notice.
RUNS_BLOCK: Final = frozenset(
    (
        "safety_assured", "say_with_time", "suppress_messages", "suppress_output", "silence", "unscoped",
        "with_lock_retries", "disable_statement_timeout", "without_statement_timeout", "tap", "then",
        "silence_stream", "with_connection", "uncached", "without_timeout", "with_timeout", "no_touching",
        "skip_callbacks", "record_timestamps", "suppress", "with_lock", "no_locale",
        "disable_referential_integrity", "disable_query_cache", "measure", "realtime", "with_locale",
        "synchronize", "loop",
    )
)  # fmt: skip
#: What goes over many things one by one.
EACH: Final = frozenset(
    (
        "each", "map", "collect", "each_with_index", "each_pair", "each_key", "each_value", "find_each",
        "in_batches", "find_in_batches", "times", "upto", "downto", "each_slice", "each_with_object",
        "reverse_each", "flat_map", "select", "filter", "reject", "step", "inject", "reduce", "filter_map",
        "each_batch", "each_record", "group_by", "sort_by", "sum", "any?", "all?", "none?", "partition",
        "index_by", "to_h", "each_entry", "detect", "find",
    )
)  # fmt: skip
#: What gives records of the same model again.
CHAIN: Final = frozenset(
    (
        "where", "not", "all", "unscoped", "order", "limit", "offset", "includes", "joins", "left_joins",
        "left_outer_joins", "preload", "eager_load", "references", "distinct", "group", "having", "reorder",
        "rewhere", "select", "lock", "readonly", "with_deleted", "find", "find_by", "find_by!", "first",
        "first!", "last", "last!", "take", "take!", "new", "build", "find_or_initialize_by",
        "first_or_initialize", "in_batches", "in_order_of", "merge", "or", "and", "none", "from", "unscope",
        "extending", "only_deleted", "with_discarded", "kept", "to_a", "reload", "becomes", "find_each", "load",
        "each_batch", "second", "only", "except", "reverse", "sole",
    )
)  # fmt: skip
#: Constants whose methods have nothing to do with the database.
NO_DATABASE: Final = frozenset(
    (
        "Rails", "File", "Dir", "FileUtils", "Logger", "Rake", "Process", "Kernel", "Benchmark", "STDOUT",
        "STDERR", "GC", "Time", "ENV", "I18n", "PaperTrail", "Thread",
    )
)  # fmt: skip
#: What a method of a model does to its table's rows.
WRITES: Final = {
    **dict.fromkeys(("create", "create!", "insert", "insert!", "insert_all", "insert_all!", "import", "import!"),
    "insert"), **dict.fromkeys( ( "update", "update!", "update_all", "update_attribute", "update_attributes",
    "update_attributes!", "update_column", "update_columns", "update_counters", "save", "save!", "touch", "touch_all",
    "increment!", "decrement!", "toggle!", "increment_counter", "upsert", "upsert_all", "reset_counters", "set!",
    "find_or_create_by", "find_or_create_by!", "first_or_create", "first_or_create!", "create_or_find_by",
    "create_or_find_by!", ), "update", ), **dict.fromkeys(("delete", "delete_all", "destroy", "destroy!",
    "destroy_all", "delete_by", "destroy_by"), "delete"),
}  # fmt: skip
#: Those of them that leave what is there as it is, or make it what it should be.
ONCE: Final = frozenset(
    (
        "find_or_create_by", "find_or_create_by!", "create_or_find_by", "create_or_find_by!", "first_or_create",
        "first_or_create!", "reset_counters", "upsert", "upsert_all",
    )
)  # fmt: skip
#: What a table's calls are in the migration's own words, inside change_table.
CHANGED: Final = {
    "change": "change_column",
    "change_default": "change_column_default",
    "change_null": "change_column_null",
    "remove": "remove_columns",
    "rename": "rename_column",
    "index": "add_index",
    "remove_index": "remove_index",
    "rename_index": "rename_index",
    "timestamps": "add_timestamps",
    "remove_timestamps": "remove_timestamps",
    "references": "add_reference",
    "belongs_to": "add_reference",
    "remove_references": "remove_reference",
    "remove_belongs_to": "remove_reference",
    "foreign_key": "add_foreign_key",
    "remove_foreign_key": "remove_foreign_key",
    "check_constraint": "add_check_constraint",
    "remove_check_constraint": "remove_check_constraint",
    "exclusion_constraint": "add_exclusion_constraint",
    "remove_exclusion_constraint": "remove_exclusion_constraint",
    "unique_constraint": "add_unique_constraint",
    "remove_unique_constraint": "remove_unique_constraint",
    "validate_constraint": "validate_constraint",
    "validate_check_constraint": "validate_check_constraint",
    "column": "add_column",
    "primary_key": "add_column",
}
