"""ALTER TYPE and ALTER DOMAIN to actions."""

from __future__ import annotations

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.sql.altered import Altered, string
from partway.sql.context import if_exists, if_not_exists


def read_type(alter: Altered) -> Action | None:
    """ALTER TYPE name ADD VALUE, or ADD, DROP or ALTER of an attribute; None where it is something else."""
    cursor = alter.cursor
    if cursor.accept("ADD", "VALUE"):
        alter.insert_at = cursor.end
        guard = if_not_exists(cursor)
        value = string(cursor)
        fact = exists("enum-value", Name(value), alter.name)
        return alter.action("add-enum-value", alter.name, fact, guard=guard)
    verb = cursor.accept_any("ADD", "DROP", "ALTER")
    if verb and cursor.accept("ATTRIBUTE"):
        alter.insert_at = cursor.end
        guard = if_exists(cursor) if verb == "DROP" else None
        attribute = cursor.identifier()
        kind = {"ADD": "add-attribute", "DROP": "drop-attribute", "ALTER": "alter-attribute"}[verb]
        return alter.action(
            kind, f"{alter.name}.{attribute}", *_attribute(alter, verb, attribute), guard=guard
        )
    return None


def _attribute(alter: Altered, verb: str, attribute: str) -> list[Postcondition]:
    """What becomes of an attribute; of ALTER ATTRIBUTE a TYPE x, where nothing follows but CASCADE or RESTRICT."""
    cursor = alter.cursor
    if verb != "ALTER":
        return [Postcondition("attribute", Name(attribute), verb == "ADD", alter.name)]
    cursor.accept("SET", "DATA")
    if not cursor.accept("TYPE"):
        return []
    end = cursor.find("COLLATE", "CASCADE", "RESTRICT", ",")
    end = cursor.count if end < 0 else end
    if cursor.word(end - cursor.i) in ("COLLATE", ","):
        return []
    said = (("type", cursor.said(cursor.i, end)),)
    return [exists("attribute", Name(attribute), alter.name, said)]


def read_domain(alter: Altered) -> Action | None:
    """ALTER DOMAIN name with what is set or added; None where it is something else."""
    cursor = alter.cursor
    if cursor.accept("ADD"):
        named = cursor.accept("CONSTRAINT")
        name = cursor.identifier() if named else ""
        facts = [exists("constraint", Name(name), alter.name)] if name else []
        target = f"{alter.name}.{name}" if name else alter.name
        not_null = cursor.word() == "NOT"
        trait = "not-null" if not_null else "" if named else "unnamed"
        return alter.action("add-domain-constraint", target, *facts, trait=trait)
    if cursor.accept("DROP", "CONSTRAINT"):
        alter.insert_at = cursor.end
        guard = if_exists(cursor)
        name = cursor.identifier()
        fact = absent("constraint", Name(name), alter.name)
        return alter.action("drop-domain-constraint", f"{alter.name}.{name}", fact, guard=guard)
    if cursor.accept("VALIDATE", "CONSTRAINT"):
        name = cursor.identifier()
        fact = exists("constraint", Name(name), alter.name, (("valid", "yes"),))
        return alter.action("validate-domain-constraint", f"{alter.name}.{name}", fact)
    said: tuple[str, str] | None = None
    if cursor.accept("SET", "DEFAULT"):
        said = ("default", cursor.said(cursor.i, cursor.count))
    elif cursor.accept("DROP", "DEFAULT"):
        said = ("default", "")
    elif (verb := cursor.accept_any("SET", "DROP")) and cursor.accept("NOT", "NULL"):
        said = ("nullable", "no" if verb == "SET" else "yes")
    facts = [exists("domain", alter.name, None, (said,))] if said else []
    return alter.action("alter-domain", alter.name, *facts)
