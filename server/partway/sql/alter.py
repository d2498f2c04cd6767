"""ALTER statements to actions, tables' apart."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.sql import of_server
from partway.sql.alter_table import read_alter_table
from partway.sql.alter_types import read_domain, read_type
from partway.sql.altered import Altered, string
from partway.sql.characteristics import characteristics
from partway.sql.context import Context, if_exists
from partway.sql.cursor import Cursor, Unread
from partway.sql.defaults import database, default_privileges, extension, role
from partway.sql.likeness import depends, likeness
from partway.sql.objects import MOVED, ROUTINES, read_object
from partway.sql.policies import policy
from partway.sql.routine_options import routine_options
from partway.sql.sayings import Subject, ownership
from partway.sql.sequence_options import sequence_options
from partway.sql.storage import storage
from partway.sql.table_options import only_sets, option_facts


def read_alter(cursor: Cursor, context: Context) -> list[Action]:
    """The actions of an ALTER statement; the cursor stands at its first word."""
    cursor.expect("ALTER")
    if cursor.accept("SYSTEM"):
        return [context.action("alter-system", cursor.word(1).lower(), cursor.span(0, cursor.count))]
    if cursor.accept("DEFAULT", "PRIVILEGES"):
        facts = default_privileges(cursor) if cursor.dialect.privileges_in_table else []
        span = cursor.span(0, cursor.count)
        return [context.action("alter-default-privileges", "default privileges", span, *facts)]
    if cursor.accept("INSTANCE"):
        return [context.action("alter-instance", "instance", cursor.span(0, cursor.count))]
    while cursor.word() in ("ONLINE", "OFFLINE", "IGNORE", "PROCEDURAL") or _skip_view_words(cursor):
        cursor.i += 1
    object_ = read_object(cursor)
    if object_ is None:
        raise Unread(f"ALTER {cursor.word()} is not known")
    if object_ in ("table", "foreign-table"):
        return read_alter_table(cursor, context, object_)
    return [_Other(cursor, context, object_).read()]


def _skip_view_words(cursor: Cursor) -> bool:
    """MySQL's ALTER ALGORITHM = x DEFINER = y SQL SECURITY z VIEW: step up to VIEW or EVENT."""
    if cursor.word() not in ("ALGORITHM", "DEFINER", "SQL"):
        return False
    at = cursor.find("VIEW", "EVENT")
    if at < 0:
        return False
    cursor.i = at - 1
    return True


#: Kinds of things that are listed with their owner, by name alone.
_LISTED = frozenset({"view", "materialized-view", "sequence", "foreign-table"})


#: Kinds of things of which the catalog tells what else was said.
_SAYING = {"role": role, "database": database, "extension": extension}


#: What MySQL and MariaDB say more of than a name.
_DESCRIBED = frozenset({"database", "schema", "event", "procedure", "function"})


class _Other(Altered):
    """ALTER of anything but a table."""

    def read(self) -> Action:
        """The one action of the statement."""
        cursor, object_ = self.cursor, self.object
        self.insert_at = cursor.end
        if cursor.accept("ALL", "IN", "TABLESPACE"):
            return self.action("set-tablespace", cursor.identifier())
        self.guard = if_exists(cursor)
        self.read_name()
        if cursor.word() == "RENAME" and object_ != "role":
            return self._rename()
        if cursor.word() == "OWNER" and cursor.word(1) == "TO":
            return self.action("set-owner", self.target, *self._option_facts("set-owner"))
        if cursor.word() == "SET" and cursor.word(1) == "SCHEMA":
            return self.action("set-schema", self.target, *self._option_facts("set-schema"), trait=object_)
        if (dependence := depends(cursor, self._subject)) is not None:
            return self.action(f"alter-{object_}", self.target, *dependence)
        special = getattr(self, f"_{object_.replace('-', '_')}", None)
        found: Action | None = special() if special is not None else None
        return found or self.action(f"alter-{object_}", self.target, *self._sayings())

    def _sayings(self) -> Sequence[Postcondition]:
        """What the rest of the statement says of a role, database or extension, or on MySQL of a schema, event or
        routine."""
        if self.cursor.dialect.indexes_in_table:
            return characteristics(self.cursor, self.object, self.name) if self.object in _DESCRIBED else ()
        if not self.cursor.dialect.privileges_in_table:
            return []
        reader = _SAYING.get(self.object)
        return reader(self.cursor, self.name) if reader is not None else self._like()

    @property
    def _subject(self) -> Subject:
        return Subject(self.object, self.known_as, self.table, dict(self.signature).get("arguments"))

    def _like(self) -> list[Postcondition]:
        """What the rest of the statement says of a rarer thing; the cursor stays."""
        return likeness(self.cursor, self._subject)

    def _option_facts(self, kind: str) -> tuple[Postcondition, ...]:
        """What a change of owner or schema leaves behind."""
        if kind == "set-schema" and self.object == "extension":
            place = self.cursor.part(self.cursor.i + 2, self.cursor.count).identifier()
            more = (("key", "schema"), ("value", place))
            return (self._subject.said("setting", more, "schema of"),)
        if kind == "set-schema" and self.object in ROUTINES | MOVED:
            moved = option_facts(self.cursor, kind, self.object, self.known_as)
            return tuple(fact._replace(attributes=self.signature) for fact in moved)
        if kind == "set-owner" and self.object not in _LISTED and self.cursor.dialect.privileges_in_table:
            owner = self.cursor.part(self.cursor.i + 2, self.cursor.count)
            return tuple(ownership(self._subject, owner))
        if self.object not in _LISTED or self.table is not None:
            return ()
        return option_facts(self.cursor, kind, self.object, self.name)

    def _rename(self) -> Action:
        cursor, object_, table = self.cursor, self.object, self.table
        cursor.i += 1
        inner = cursor.accept_any("VALUE", "ATTRIBUTE", "CONSTRAINT", "COLUMN")
        if inner == "VALUE":
            old_value = string(cursor)
            cursor.expect("TO")
            values = (
                absent("enum-value", Name(old_value), self.name),
                exists("enum-value", Name(string(cursor)), self.name),
            )
            return self.action("rename-enum-value", self.name, *values)
        if inner or cursor.word() != "TO":
            old = cursor.identifier()
            cursor.expect("TO")
            new = cursor.identifier()
            kind = (inner or "COLUMN").lower()
            facts = (
                absent(kind, Name(old), self.name),
                exists(kind, Name(new), self.name),
            )
            trait = "domain" if object_ == "domain" else ""
            return self.action(f"rename-{kind}", f"{self.name}.{old}", *facts, trait=trait)
        cursor.expect("TO")
        new_name = Name(cursor.identifier() + self.method, self.name.schema)
        facts = (
            absent(object_, self.known_as, table, self.signature),
            exists(object_, new_name, table, self.signature),
        )
        return self.action(f"rename-{object_}", self.target, *facts)

    def _type(self) -> Action | None:
        return read_type(self)

    def _domain(self) -> Action | None:
        return read_domain(self)

    def _index(self) -> Action | None:
        if self.cursor.accept("ATTACH", "PARTITION"):
            part = self.cursor.name()
            return self.action("attach-index", self.name, exists("inheritance", part, self.name))
        return self._stored()

    def _stored(self) -> Action | None:
        """How it is stored, where the words say that."""
        said = () if self.cursor.dialect.indexes_in_table else storage(self.cursor)
        facts = [exists(self.object, self.name, None, said)] if said else []
        return self.action(f"alter-{self.object}", self.name, *facts) if facts else None

    def _view(self) -> Action | None:
        cursor = self.cursor
        if cursor.word() in ("AS", "(") or cursor.dialect.indexes_in_table:
            at = cursor.find("AS")
            said = cursor.said(at + 1, cursor.count) if at >= 0 else ""
            facts = [exists("view", self.name, None, (("definition", said),))] if said else []
            return self.action("alter-view", self.name, *facts)
        return self._stored()

    def _materialized_view(self) -> Action | None:
        return self._stored()

    def _function(self) -> Action | None:
        if self.cursor.dialect.indexes_in_table:
            return None
        said = routine_options(self.cursor)
        facts = [exists(self.object, self.name, None, (*self.signature, *said))] if said else []
        return self.action(f"alter-{self.object}", self.name, *facts)

    _procedure = _function
    _routine = _function

    def _policy(self) -> Action | None:
        said = policy(self.cursor)
        facts = [exists("policy", self.name, self.table, tuple(said.items()))] if said else []
        return self.action("alter-policy", self.target, *facts)

    def _sequence(self) -> Action | None:
        said = sequence_options(self.cursor)
        facts = [exists("sequence", self.name, None, said)] if said else []
        return self.action("alter-sequence", self.name, *facts)

    def _publication(self) -> Action | None:
        return self._membership("publication")

    def _extension(self) -> Action | None:
        return self._membership("extension")

    def _statistics(self) -> Action | None:
        return None

    def _operator_family(self) -> Action | None:
        return self._membership("operator-family")

    def _server(self) -> Action | None:
        facts = (
            of_server.server(self.cursor, self.name, whole=True)
            if self.cursor.dialect.indexes_in_table
            else []
        )
        return self._options(*facts)

    def _tablespace(self) -> Action | None:
        facts = of_server.tablespace(self.cursor, self.name) if self.cursor.dialect.indexes_in_table else []
        return self.action("alter-tablespace", self.name, *facts) if facts else None

    def _foreign_data_wrapper(self) -> Action | None:
        return self._options()

    def _user_mapping(self) -> Action | None:
        return self._options()

    def _subscription(self) -> Action | None:
        facts = self._like()
        words = [token[3] for token in self.cursor.tokens[self.cursor.i :]]
        if "SLOT_NAME" in words and "NONE" in words:
            return self.action("alter-subscription", self.name, *facts, trait="no-slot")
        word = self.cursor.word().lower()
        trait = {"refresh": "refresh", "add": "add", "drop": "drop"}.get(word, "")
        if word in ("set", "add", "drop") and self.cursor.word(1) == "PUBLICATION":
            off = any(token[3] == "REFRESH" for token in self.cursor.tokens[self.cursor.i :])
            trait = trait if off else f"{word}-publication"
        return self.action("alter-subscription", self.name, *facts, trait=trait)

    def _text_search_configuration(self) -> Action | None:
        return self._membership("text-search-configuration")

    def _database(self) -> Action | None:
        if self.cursor.accept("SET", "TABLESPACE"):
            return self.action("alter-database", self.name, trait="tablespace")
        if self.cursor.accept("REFRESH"):
            return self.action("alter-database", self.name, trait="refresh")
        return None

    def _role(self) -> Action | None:
        cursor = self.cursor
        if cursor.accept("RENAME", "TO"):
            new = Name(cursor.identifier())
            return self.action("rename-role", self.name, absent("role", self.name), exists("role", new))
        verb = cursor.accept_any("ADD", "DROP")
        if verb and cursor.accept("USER"):
            return self.action("alter-role", self.name, trait="membership")
        if not cursor.dialect.accounts_have_hosts:
            return None
        first = cursor.part(2, cursor.count)
        if_exists(first)
        return self.action("alter-role", self.name, *of_server.accounts(first))

    def _membership(self, object_: str) -> Action | None:
        """ADD or DROP of a member, which names the verb; anything else sets something."""
        said = self._like()
        verb = self.cursor.accept_any("ADD", "DROP")
        if not verb:
            return None
        self.insert_at = None
        words = [token[3] for token in self.cursor.tokens[self.cursor.i :]]
        guard = None
        if verb == "DROP" and "IF" in words:
            self.cursor.i = self.cursor.i + words.index("IF")
            guard = if_exists(self.cursor)
        facts = self._published(verb) if object_ == "publication" else said
        return self.action(f"alter-{object_}", self.name, *facts, trait=verb.lower(), guard=guard)

    def _published(self, verb: str) -> list[Postcondition]:
        """The tables of ALTER PUBLICATION name ADD TABLE a, b; none where whole schemas are among them."""
        cursor, found = self.cursor, []
        for piece in cursor.pieces():
            part = cursor.part(*piece)
            part.accept("TABLE")
            part.accept("ONLY")
            if part.word() in ("TABLES", "SEQUENCES", "ALL"):
                return []
            found.append(Postcondition("published", self.name, verb == "ADD", part.name()))
        return found

    def _options(self, *facts: Postcondition) -> Action | None:
        """OPTIONS (ADD a 'x', b 'y', SET c 'z', DROP d): adding and dropping cannot be repeated, setting can."""
        if not any(token[3] == "OPTIONS" for token in self.cursor.tokens[self.cursor.i :]):
            return None
        trait = "" if only_sets(self.cursor) else "options"
        return self.action(f"alter-{self.object}", self.name, *facts, *self._like(), trait=trait)
