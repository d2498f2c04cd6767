"""Kinds of operations that no catalog tells of, by dialect, and statements that say what is true already.

The guide lists the kinds (docs/reference/status.md); a test holds both lists together.
"""

from __future__ import annotations

_EVERYWHERE = """
    analyze begin commit copy delete insert prepare rollback savepoint select set truncate update deallocate call
    opaque execute merge release rollback-to
"""
_MYSQL = """
    check-table checksum-table coalesce-partition discard-tablespace
    exchange-partition flush handler import-tablespace lock-table maintain-partition optimize-table rebuild-table
    repair-table truncate-partition
    unlock-tables use xa
"""

#: Kinds of which no state can be told, unless what stands around them tells it.
UNSEEN: dict[str, frozenset[str]] = {
    "postgresql": frozenset(
        f"""
        {_EVERYWHERE} alter-collation alter-system checkpoint cluster discard do drop-owned notify
        reassign-owned refresh-materialized-view reindex vacuum
        """.split()
    ),
    "mysql": frozenset(
        f"""
        {_EVERYWHERE} {_MYSQL} alter-instance lock-instance unlock-instance
        """.split()
    ),
    "mariadb": frozenset(
        f"""
        {_EVERYWHERE} {_MYSQL}
        """.split()
    ),
    "sqlite": frozenset(f"{_EVERYWHERE} attach-database detach-database reindex vacuum".split()),
}

#: Kinds that the catalog tells of in most of their forms: temporary things, privileges on more than a table, storage
#: options and the like are not among them.
PARTLY: dict[str, frozenset[str]] = {
    "postgresql": frozenset(
        {
            "alter-subscription",
            "alter-text-search-configuration",
            "create-user-mapping",
            "alter-user-mapping",
            "grant",
            "revoke",
            "set-owner",
            "add-domain-constraint",
            "create-statistics",
            "alter-publication",
            "alter-database",
            "alter-extension",
            "alter-role",
        }
        | {"alter-column", "several", "create-table", "create-sequence", "create-view"}
        | {"alter-index", "alter-view", "alter-materialized-view", "alter-sequence", "set-tablespace"}
        | {"set-trigger-state"}
    ),
    "mysql": frozenset(
        {
            "alter-column",
            "grant",
            "alter-role",
            "alter-database",
            "alter-schema",
            "alter-event",
            "revoke",
        }
        | {"create-table", "drop-table", "rename-table", "set-table-option"}
    ),
    "mariadb": frozenset(
        {
            "grant",
            "revoke",
            "alter-database",
            "alter-schema",
            "alter-event",
            "alter-role",
            "alter-sequence",
        }
        | {"create-table", "drop-table", "rename-table", "set-table-option"}
    ),
    "sqlite": frozenset(["create-table", "create-view", "create-trigger", "pragma"]),
}

#: Statements whose effect is there before they run, so that they count as applied.
ALREADY = frozenset(
    {
        "types/alter-domain-zip-drop-default",
        "types/alter-domain-zip-drop-not-null",
        "access/revoke-all-on-users-from-app",
        "access/revoke-create-on-schema-public-from-public",
        "tables/comment-on-table-orders-is-null",
        "constraints/alter-table-orders-add-foreign-key-user-id-references-users-id",
        "columns/alter-table-users-alter-name-drop-not-null",
        # A change of the values alone: the type is what it was.
        "columns/alter-table-users-alter-column-score-type-int-using-dc8a0913",
        "functions/create-or-replace-language-plpgsql",
        "columns/alter-table-users-drop-column-if-exists-age-add-column-age-int",
        "tables/alter-table-orders-set-logged",
        "tables/alter-table-orders-disable-row-level-security",
        "tables/alter-table-orders-no-force-row-level-security",
        "columns/alter-table-users-alter-role-drop-default",
        "indexes/alter-table-orders-add-foreign-key-user-id-references-users-id",
        "tables/alter-table-orders-engine-innodb",
        "tables/drop-database-if-exists-other",
        "session/revoke-something-never-granted",
        "session/revoke-all-privileges-grant-option-from-bob",
        "indexes/alter-index-if-exists-orders-status-idx-reset-fillfactor",
        "indexes/alter-index-orders-status-idx-set-tablespace-pg-default",
        "tables/alter-table-orders-reset-fillfactor",
        "objects/drop-user-mapping-if-exists-for-public-server-remote",
        "tables/alter-table-orders-set-tablespace-pg-default",
        # A MariaDB server's own character set may be this one.
        "tables/alter-database-other-character-set-latin1",
        "tables/alter-schema-other-character-set-latin1",
    }
)
#: Statements that leave a healthy thing alone: what they would take away is there before and after.
CONDITIONAL = frozenset({"do_blocks/drop-index-if-invalid"})
