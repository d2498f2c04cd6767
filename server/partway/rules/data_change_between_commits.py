"""A data change between commit points of which nobody can tell whether it has run.

## What it does
In a migration that also changes the schema and does not run in one transaction, reports an `INSERT`,
`UPDATE`, `DELETE`, `MERGE` or `COPY` that is kept when the migration stops later, if the text does not show
what a second run of it does. What is known to add rows again or to change values again is reported by
`repeated-insert` and `compounding-update`.

## Why it matters
After a failure, a look at the catalog tells which schema changes are done. It does not tell whether rows
have been changed: whoever has to go on must know the data to say if the statement may run once more.

## Bad
```sql mysql setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40), score int);
CREATE TABLE rates (id bigint PRIMARY KEY, factor int);
```
```sql mysql bad tool=flyway at=1
UPDATE users SET score = (SELECT factor FROM rates WHERE rates.id = users.score);
ALTER TABLE users MODIFY name varchar(80);
```

```python postgresql setup tool=django
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "User",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40)),
                ("nick", models.CharField(max_length=40, null=True)),
                ("score", models.IntegerField(default=0)),
            ],
        ),
    ]
```
What a `RunPython` does is told where its function is plain; this one makes a second name of the first:

```python postgresql bad tool=django at=16
from django.db import migrations, models


def rename(apps, schema_editor):
    for user in apps.get_model("shop", "User").objects.all():
        user.name = user.name.removesuffix("x")
        user.save()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("user", "name", models.CharField(max_length=80)),
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.AlterField("user", "name", models.TextField()),
    ]
```

## Good
```sql mysql good tool=flyway
UPDATE users SET score = 0 WHERE score IS NULL;
ALTER TABLE users MODIFY name varchar(80);
```
An `UPDATE` whose condition reads what it assigns most likely selects what is not done yet:

```sql mysql good tool=flyway
UPDATE users SET score = (SELECT factor FROM rates WHERE rates.id = users.id) WHERE score IS NULL OR score < 0;
ALTER TABLE users MODIFY name varchar(80);
```
So does a `RunPython` that fills what has nothing, or gives constants to rows chosen by another column:

```python postgresql good tool=django
from django.db import migrations, models


def fill(apps, schema_editor):
    User = apps.get_model("shop", "User")
    User.objects.filter(name="old").update(score=1)
    for user in User.objects.filter(nick=None):
        user.nick = user.name.upper()
        user.save()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("user", "name", models.CharField(max_length=80)),
        migrations.AlterField("user", "nick", models.CharField(max_length=80, null=True)),
    ]
```
PostgreSQL rolls it all back together:

```sql postgresql good tool=flyway run=no
UPDATE users SET score = (SELECT factor FROM rates WHERE rates.id = users.score);
ALTER TABLE users ALTER name TYPE varchar(80);
```

## Fix
None: put the data change into a migration of its own, or let it select only the rows that are not
done yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import CHOSEN, NOT_REACHED_AGAIN, SETTLED, Repeat
from partway.rules._exposed import head, said
from partway.rules._transactions import DATA, is_block, lasting_operations
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.RECOVERY
SEVERITY = Severity.WARNING


#: What is said of a change that a second run does not make again, or most likely does not.
_AT_REST = frozenset((NOT_REACHED_AGAIN, SETTLED, CHOSEN))
_ASSIGNED = re.compile(r"(?:\bSET|,)\s*(?:\w+\.)?[\"`]?(\w+)[\"`]?\s*=", re.IGNORECASE)


def _looks_at_its_work(text: str) -> bool:
    """Whether the condition of an UPDATE reads what it assigns: most likely it selects what is not done yet."""
    at = _last_where(text)
    words = {word.lower() for word in re.findall(r"\w+", text[at:])}
    return any(name.lower() in words for name in _ASSIGNED.findall(text, 0, at))


def _last_where(text: str) -> int:
    """The offset of the last WHERE that stands in no parentheses; the text's end when there is none."""
    depth = 0
    for match in reversed(list(re.finditer(r"[()]|\bWHERE\b", text, re.IGNORECASE))):
        depth += {")": 1, "(": -1}.get(match[0], 0)
        if depth == 0 and len(match[0]) > 1:
            return match.start()
    return len(text)


def check(case: Case) -> Iterator[Finding]:
    """Every data change of unknown repetition that is kept while other operations are still to come."""
    if case.flow.units < 2 or not case.flow.commit_points:
        return
    if not any(one.kind in DATA and one.repeat is Repeat.UNKNOWN for one in case.operations):
        return  # nearly always
    found = list(lasting_operations(case))
    if all(operation.kind in DATA or operation.kind == "opaque" for _, operation in found):
        return  # of code that is not read nobody knows that it changes the schema
    for index, operation in found[:-1]:
        if operation.kind not in DATA or operation.repeat is not Repeat.UNKNOWN:
            continue
        if any(action.traits & _AT_REST for action in operation.actions):
            continue
        if is_block(case, operation) or _looks_at_its_work(case.text(operation.span)):
            continue  # a loop that goes on until nothing is left to do looks the same as one that does not
        stop = next((point for point in case.flow.commit_points if point.after >= index), None)
        if stop is None or stop.after >= found[-1][0]:
            continue
        action = next(a for a in operation.actions if a.repeat is Repeat.UNKNOWN)
        yield Finding(
            head(case, operation, action),
            f"{said(action)} is kept if the migration stops later, and nothing shows afterwards whether it ran: what a "
            "second run of it does depends on the data",
            "Put it into a migration of its own, or let it select only the rows that are not done yet",
        )
