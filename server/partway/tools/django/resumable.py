"""Operations that look at the database before they act, as text for a migration's file.

Django guards nothing. What a run that failed half way has left makes the next one fail, and what Django puts off to the
end of a migration (foreign keys, indexes) is lost with it: an operation that only skipped what is there would leave
that out for ever. So each class here does what is missing, that included, and nothing else.

Written against the methods that migrations' operations and schema editors have had since Django 4.2. In the texts
`{base}` is what the file calls the operation, and `{name}` the class.
"""

from __future__ import annotations

from textwrap import indent

from partway.tools.django.resume_keys import is_there, lacks_key

_FORWARDS = "def database_forwards(self, app_label, schema_editor, from_state, to_state):"
_BACKWARDS = "def database_backwards(self, app_label, schema_editor, from_state, to_state):"
_HEAD = '''\
class {name}({base}):
    """Looks at the database first: a run that failed half way may have left its work."""
'''

#: What several of the classes call, by name.
HELPERS = {
    "put_off_missing": '''\
def put_off_missing(schema_editor, work):
    """Put off to the end of the migration what `work` does and the database lacks."""
    connection = schema_editor.connection
    planned = connection.SchemaEditorClass(connection, collect_sql=True, atomic=False)
    planned.deferred_sql = []
    work(planned)
    waiting = {str(statement) for statement in schema_editor.deferred_sql}
    for statement in planned.deferred_sql:
        name = str(statement.parts["name"]).strip('`"')
        if str(statement) not in waiting and not has_key(schema_editor, statement.parts["table"].table, name):
            schema_editor.deferred_sql.append(statement)
    return planned.collected_sql
''',
    "has_key": '''\
def has_key(schema_editor, table, name):
    """Whether a table has an index or constraint of this name; one that is gone has none."""
    introspection = schema_editor.connection.introspection
    with schema_editor.connection.cursor() as cursor:
        there = table in introspection.table_names(cursor)
        return there and name in introspection.get_constraints(cursor, table)
''',
    "has_column": '''\
def has_column(schema_editor, model, field):
    """Whether the model's table has the field's column, or the table that it makes between two models is there."""
    introspection = schema_editor.connection.introspection
    with schema_editor.connection.cursor() as cursor:
        there = introspection.table_names(cursor)
        if field.many_to_many:
            return field.remote_field.through._meta.db_table in there
        if model._meta.db_table not in there:
            return False
        table = introspection.get_table_description(cursor, model._meta.db_table)
    return field.column in {{column.name for column in table}}
''',
}

_CREATE_MODEL = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = to_state.apps.get_model(app_label, self.name)
        there = schema_editor.connection.introspection.table_names()
        if model._meta.db_table not in there:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            for field in model._meta.local_many_to_many:
                through = field.remote_field.through
                if through._meta.auto_created and through._meta.db_table not in there:
                    schema_editor.create_model(through)
            put_off_missing(schema_editor, lambda editor: editor.create_model(model))

    {_BACKWARDS}
        model = from_state.apps.get_model(app_label, self.name)
        if model._meta.db_table in schema_editor.connection.introspection.table_names():
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)
_DELETE_MODEL = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = from_state.apps.get_model(app_label, self.name)
        if model._meta.db_table in schema_editor.connection.introspection.table_names():
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = to_state.apps.get_model(app_label, self.name)
        if model._meta.db_table not in schema_editor.connection.introspection.table_names():
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)
_ADD_FIELD = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = to_state.apps.get_model(app_label, self.model_name)
        if not has_column(schema_editor, model, model._meta.get_field(self.name)):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        forwards = super().database_forwards
        planned = put_off_missing(
            schema_editor, lambda editor: forwards(app_label, editor, from_state, to_state)
        )
        for statement in planned[1:]:  # behind ADD COLUMN
            if statement.startswith("ALTER TABLE"):
                schema_editor.execute(statement, params=None)

    {_BACKWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_column(schema_editor, model, model._meta.get_field(self.name)):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)
_REMOVE_FIELD = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_column(schema_editor, model, model._meta.get_field(self.name)):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = to_state.apps.get_model(app_label, self.model_name)
        if not has_column(schema_editor, model, model._meta.get_field(self.name)):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)
_RENAME_FIELD = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_column(schema_editor, model, model._meta.get_field(self.old_name)):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_column(schema_editor, model, model._meta.get_field(self.new_name)):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)

_LACKS_KEY = indent(lacks_key("schema_editor", "field"), " " * 12)
_ALTER_FIELD = (
    _HEAD
    + f"""
    {_FORWARDS}
        execute = schema_editor.execute

        def execute_unless_there(statement, params=()):
            makes = getattr(statement, "template", "")
            if makes.startswith("CREATE ") or " ADD CONSTRAINT " in makes:
                name = str(statement.parts["name"]).strip('`"')
                if has_key(schema_editor, statement.parts["table"].table, name):
                    return
            execute(statement, params)

        schema_editor.execute = execute_unless_there
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            del schema_editor.execute
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        if (
            self.allow_migrate_model(schema_editor.connection.alias, model)
            and field.remote_field
{_LACKS_KEY}        ):  # taken away by a run that failed before it could bring it back
            execute(schema_editor._create_fk_sql(model, field, "_fk_%(to_table)s_%(to_column)s"))
"""
)


def _adds(what: str) -> str:
    return (
        _HEAD
        + f"""
    {_FORWARDS}
        model = to_state.apps.get_model(app_label, self.model_name)
        if not has_key(schema_editor, model._meta.db_table, self.{what}.name):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_key(schema_editor, model._meta.db_table, self.{what}.name):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
    )


_REMOVES = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_key(schema_editor, model._meta.db_table, self.name):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = to_state.apps.get_model(app_label, self.model_name)
        if not has_key(schema_editor, model._meta.db_table, self.name):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)
_RENAME_INDEX = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = to_state.apps.get_model(app_label, self.model_name)
        if not has_key(schema_editor, model._meta.db_table, self.new_name):
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = from_state.apps.get_model(app_label, self.model_name)
        if has_key(schema_editor, model._meta.db_table, self.new_name):
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)
_RENAMES_TABLE = (
    _HEAD
    + f"""
    {_FORWARDS}
        model = from_state.apps.get_model(app_label, self.old)
        if model._meta.db_table in schema_editor.connection.introspection.table_names():
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    {_BACKWARDS}
        model = from_state.apps.get_model(app_label, self.new)
        if model._meta.db_table in schema_editor.connection.introspection.table_names():
            super().database_backwards(app_label, schema_editor, from_state, to_state)
"""
)


def _renames_table(old: str, new: str) -> str:
    return _RENAMES_TABLE.replace("self.old", f"self.{old}").replace("self.new", f"self.{new}")


_CONCURRENTLY = "".join(
    (
        _HEAD,
        """
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        names = [schema_editor.quote_name(name) for name in (self.index.name, model._meta.db_table)]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT indisvalid FROM pg_index"
                " WHERE indexrelid = to_regclass(%s) AND indrelid = to_regclass(%s)",
                names,
            )
            found = cursor.fetchone()
        if found == (False,):  # left by a build that failed: it enforces nothing and is in the way
            super().database_backwards(app_label, schema_editor, to_state, from_state)
        if found != (True,):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
""",
    )
)


def _in_braces(text: str) -> str:
    """A text as `str.format` gives it back."""
    return text.replace("{", "{{").replace("}", "}}")


def _together(option: str) -> str:
    return (
        _HEAD
        + f"""
    {_FORWARDS}
        model = to_state.apps.get_model(app_label, self.name)
        option = self.option_name
        before, wanted = (
            {{{{tuple(fields) for fields in state.models[app_label, self.name_lower].options.get(option) or ()}}}}
            for state in (from_state, to_state)
        )
        connection = schema_editor.connection
        if not self.allow_migrate_model(connection.alias, model):
            return
        if model._meta.db_table not in connection.introspection.table_names():
            return  # taken away by a later operation

{_in_braces(indent(is_there("schema_editor", option), " " * 8))}
        schema_editor.alter_{option}(
            model,
            {{{{fields for fields in before if is_there(fields)}}}},
            {{{{fields for fields in wanted if fields in before or not is_there(fields)}}}},
        )
"""
    )


#: The class's text by the operation that it derives from, with the helpers that it calls.
CLASSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "CreateModel": (_CREATE_MODEL, ("has_key", "put_off_missing")),
    "DeleteModel": (_DELETE_MODEL, ()),
    "AddField": (_ADD_FIELD, ("has_column", "has_key", "put_off_missing")),
    "AlterField": (_ALTER_FIELD, ("has_key",)),
    "RemoveField": (_REMOVE_FIELD, ("has_column",)),
    "RenameField": (_RENAME_FIELD, ("has_column",)),
    "AddIndex": (_adds("index"), ("has_key",)),
    "AddConstraint": (_adds("constraint"), ("has_key",)),
    "AddConstraintNotValid": (_adds("constraint"), ("has_key",)),
    "RemoveIndex": (_REMOVES, ("has_key",)),
    "RemoveConstraint": (_REMOVES, ("has_key",)),
    "RenameIndex": (_RENAME_INDEX, ("has_key",)),
    "RenameModel": (_renames_table("old_name", "new_name"), ()),
    "AlterModelTable": (_renames_table("name", "name"), ()),
    "AddIndexConcurrently": (_CONCURRENTLY, ()),
    "AlterUniqueTogether": (_together("unique_together"), ()),
    "AlterIndexTogether": (_together("index_together"), ()),
}
