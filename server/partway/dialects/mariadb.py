"""MariaDB's table: MySQL's family, with IF [NOT] EXISTS and OR REPLACE nearly everywhere. Measured on 10.11."""

from __future__ import annotations

from partway.core.operation import Repeat
from partway.dialects.dialect import Dialect, Row, Way
from partway.dialects.mysql import COMMON, LEXIS, row, rows

_SAME, _FAILS, _CHANGES = Repeat.SAME, Repeat.FAILS, Repeat.CHANGES
_REPLACE = (Way.OR_REPLACE,)

_OWN: tuple[Row, ...] = (
    row("create-table", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("create-view", _FAILS, Way.OR_REPLACE, also=(Way.IF_NOT_EXISTS,)),
    row("create-schema", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("create-database", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("create-role", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("add-column", _FAILS, Way.IF_NOT_EXISTS),
    row("drop-column", _FAILS, Way.IF_EXISTS),
    row("rename-column", _FAILS, Way.IF_EXISTS),
    row("rename-table", _FAILS, Way.IF_EXISTS),
    row("rename-index", _FAILS, Way.IF_EXISTS),
    row("create-index", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    # ADD INDEX IF NOT EXISTS (a) looks for the name that it would give, which is the first column's.
    row("create-index", _CHANGES, Way.NAME_IT, "unnamed in-table", also=(Way.IF_NOT_EXISTS,)),
    row("drop-index", _FAILS, Way.IF_EXISTS),
    row("add-constraint", _FAILS, Way.IF_NOT_EXISTS),
    row("add-constraint", _FAILS, Way.BLOCK, "primary-key"),
    row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed foreign-key", ignores=(Way.IF_NOT_EXISTS,)),
    row("add-constraint", _CHANGES, Way.NAME_IT, "unnamed check"),
    row("drop-constraint", _FAILS, Way.IF_EXISTS),
    row("drop-constraint", _FAILS, Way.BLOCK, "primary-key"),
    row("add-partition", _FAILS, Way.IF_NOT_EXISTS),
    row("drop-partition", _FAILS, Way.IF_EXISTS),
    *rows(
        "create-trigger create-procedure create-function create-event",
        _FAILS,
        Way.IF_NOT_EXISTS,
        also=_REPLACE,
    ),
    row("create-package", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("create-package-body", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    *rows("drop-package drop-package-body", _FAILS, Way.IF_EXISTS),
    row("create-sequence", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("drop-sequence", _FAILS, Way.IF_EXISTS),
    row("alter-sequence", _SAME),
    row("create-server", _FAILS, Way.IF_NOT_EXISTS, also=_REPLACE),
    row("revoke", _FAILS, traits="role"),
    row("add-system-versioning", _FAILS),
    row("drop-system-versioning", _FAILS),
    row("add-period", _FAILS, also=(Way.IF_NOT_EXISTS,)),
    row("drop-period", _FAILS, also=(Way.IF_EXISTS,)),
)
_OVERRIDDEN = {(own.kind, own.traits) for own in _OWN}

ROWS: tuple[Row, ...] = (
    *(common for common in COMMON if (common.kind, common.traits) not in _OVERRIDDEN),
    *_OWN,
)

DIALECT = Dialect(
    name="mariadb",
    title="MariaDB",
    lexis=LEXIS._replace(executable_comments="/*! /*M!"),
    rows=ROWS,
    assumed=(10, 6),
    case_sensitive=False,
    namespaces={"table": "relation", "view": "relation", "sequence": "relation"},
    indexes_in_table=True,
    accounts_have_hosts=True,
    prepares_everything=(10, 6, 2),  # https://mariadb.com/kb/en/prepare-statement/
    transactional_ddl=False,
)
