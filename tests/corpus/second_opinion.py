"""What libpg_query (PostgreSQL's own parser) says a statement is, in Partway's words: kind and target.

A second opinion for tests only: pglast is GPL, and no part of what Partway ships.
"""

from __future__ import annotations

from typing import Any

from pglast import parse_sql, parser
from pglast.ast import (
    AlterEnumStmt,
    AlterTableStmt,
    CommentStmt,
    CreateEnumStmt,
    CreateExtensionStmt,
    CreateFunctionStmt,
    CreatePolicyStmt,
    CreateSchemaStmt,
    CreateSeqStmt,
    CreateStmt,
    CreateTableAsStmt,
    CreateTrigStmt,
    DropStmt,
    IndexStmt,
    IntoClause,
    RenameStmt,
    ViewStmt,
)
from pglast.enums import AlterTableType as T
from pglast.enums import ConstrType, ObjectType

Opinion = tuple[str, str]

_OBJECTS = {
    ObjectType.OBJECT_TABLE: "table", ObjectType.OBJECT_INDEX: "index", ObjectType.OBJECT_VIEW: "view",
    ObjectType.OBJECT_MATVIEW: "materialized-view",
    ObjectType.OBJECT_SEQUENCE: "sequence", ObjectType.OBJECT_TYPE: "type",
    ObjectType.OBJECT_SCHEMA: "schema",
    ObjectType.OBJECT_EXTENSION: "extension", ObjectType.OBJECT_FUNCTION: "function",
    ObjectType.OBJECT_PROCEDURE: "procedure",
    ObjectType.OBJECT_TRIGGER: "trigger", ObjectType.OBJECT_POLICY: "policy",
    ObjectType.OBJECT_RULE: "rule",
    ObjectType.OBJECT_DOMAIN: "domain", ObjectType.OBJECT_AGGREGATE: "aggregate",
    ObjectType.OBJECT_COLUMN: "column",
    ObjectType.OBJECT_TABCONSTRAINT: "constraint", ObjectType.OBJECT_ATTRIBUTE: "attribute",
    ObjectType.OBJECT_FOREIGN_TABLE: "foreign-table",
}  # fmt: skip
_ACTIONS = {
    T.AT_AddColumn: "add-column", T.AT_DropColumn: "drop-column", T.AT_DropConstraint: "drop-constraint",
    T.AT_ValidateConstraint: "validate-constraint",
    T.AT_ColumnDefault: "alter-column", T.AT_DropNotNull: "alter-column",
    T.AT_SetNotNull: "alter-column",
    T.AT_AlterColumnType: "alter-column", T.AT_AddIdentity: "alter-column",
    T.AT_DropIdentity: "alter-column",
    T.AT_SetStatistics: "alter-column", T.AT_SetStorage: "alter-column",
    T.AT_ChangeOwner: "set-owner",
    T.AT_EnableRowSecurity: "set-row-security", T.AT_DisableRowSecurity: "set-row-security",
    T.AT_ForceRowSecurity: "set-row-security",
    T.AT_NoForceRowSecurity: "set-row-security", T.AT_AttachPartition: "attach-partition",
    T.AT_DetachPartition: "detach-partition",
    T.AT_SetRelOptions: "set-table-option", T.AT_ResetRelOptions: "set-table-option",
    T.AT_AlterConstraint: "alter-constraint",
    T.AT_EnableTrig: "set-trigger-state", T.AT_DisableTrig: "set-trigger-state",
    T.AT_SetLogged: "set-logged",
    T.AT_SetUnLogged: "set-logged", T.AT_ReplicaIdentity: "set-table-option",
    T.AT_AddInherit: "add-inheritance",
    T.AT_DropInherit: "drop-inheritance", T.AT_SetTableSpace: "set-tablespace",
    T.AT_DropExpression: "alter-column",
    T.AT_EnableTrigAll: "set-trigger-state", T.AT_DisableTrigAll: "set-trigger-state",
}  # fmt: skip


def opinion(sql: str) -> list[Opinion] | None:
    """(kind, target) of each action of one statement; None where it does not parse, or is of a kind not compared."""
    try:
        tree = parse_sql(sql)
    except parser.ParseError:
        return None
    return _statement(tree[0].stmt) if len(tree) == 1 else None


def _relation(node: Any) -> str:
    return f"{node.schemaname}.{node.relname}" if node.schemaname else str(node.relname)


def _dotted(names: Any) -> str:
    parts = [part.sval for part in names]
    return ".".join(parts[-2:])


def _statement(node: Any) -> list[Opinion] | None:
    match node:
        case CreateStmt():
            return [("create-table", _relation(node.relation))]
        case CreateTableAsStmt(into=IntoClause(rel=relation)) if node.objtype == ObjectType.OBJECT_MATVIEW:
            return [("create-materialized-view", _relation(relation))]
        case CreateTableAsStmt(into=IntoClause(rel=relation)):
            return [("create-table", _relation(relation))]
        case IndexStmt():
            return [("create-index", node.idxname or _relation(node.relation))]
        case ViewStmt():
            return [("create-view", _relation(node.view))]
        case CreateSeqStmt():
            return [("create-sequence", _relation(node.sequence))]
        case CreateSchemaStmt():
            return [("create-schema", str(node.schemaname))] if node.schemaname else None
        case CreateExtensionStmt():
            return [("create-extension", str(node.extname))]
        case CreateEnumStmt():
            return [("create-type", _dotted(node.typeName))]
        case CreateFunctionStmt():
            return [("create-procedure" if node.is_procedure else "create-function", _dotted(node.funcname))]
        case CreateTrigStmt():
            return [("create-trigger", f"{_relation(node.relation)}.{node.trigname}")]
        case CreatePolicyStmt():
            return [("create-policy", f"{_relation(node.table)}.{node.policy_name}")]
        case AlterEnumStmt():
            return [("rename-enum-value" if node.oldVal else "add-enum-value", _dotted(node.typeName))]
        case CommentStmt():
            return None
        case DropStmt():
            return _dropped(node)
        case RenameStmt():
            return _renamed(node)
        case AlterTableStmt() if node.objtype == ObjectType.OBJECT_TABLE:
            found = [_action(command, _relation(node.relation)) for command in node.cmds or ()]
            return None if None in found else [one for one in found if one is not None]
    return None


def _dropped(node: Any) -> list[Opinion] | None:
    object_ = _OBJECTS.get(node.removeType)
    if object_ is None:
        return None
    found = []
    for one in node.objects:
        if object_ in ("trigger", "policy", "rule"):
            parts = [part.sval for part in one]
            found.append((f"drop-{object_}", f"{'.'.join(parts[:-1])}.{parts[-1]}"))
        elif hasattr(one, "objname"):
            found.append((f"drop-{object_}", _dotted(one.objname)))
        elif hasattr(one, "names"):
            found.append((f"drop-{object_}", _dotted(one.names)))
        elif hasattr(one, "sval"):
            found.append((f"drop-{object_}", one.sval))
        else:
            found.append((f"drop-{object_}", _dotted(one)))
    return found


def _renamed(node: Any) -> list[Opinion] | None:
    object_ = _OBJECTS.get(node.renameType)
    if object_ in ("column", "constraint"):
        return [(f"rename-{object_}", f"{_relation(node.relation)}.{node.subname}")]
    if object_ in ("table", "index", "view", "materialized-view", "sequence"):
        return [(f"rename-{object_}", _relation(node.relation))]
    return None


def _action(command: Any, table: str) -> Opinion | None:
    if command.subtype == T.AT_AddConstraint:
        name = command.def_.conname or (
            command.def_.indexname if command.def_.contype == ConstrType.CONSTR_UNIQUE else None
        )
        return ("add-constraint", f"{table}.{name}" if name else table)
    if command.subtype == T.AT_AlterConstraint:
        return ("alter-constraint", f"{table}.{command.def_.conname}")
    kind = _ACTIONS.get(command.subtype)
    if kind is None:
        return None
    if command.subtype == T.AT_AddColumn:
        return (kind, f"{table}.{command.def_.colname}")
    if kind in ("attach-partition", "detach-partition"):
        return (kind, _relation(command.def_.name))
    return (
        (kind, f"{table}.{command.name}") if kind.split("-")[1] in ("column", "constraint") else (kind, table)
    )
