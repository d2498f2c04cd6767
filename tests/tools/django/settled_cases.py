"""Functions of RunPython over the people and teams of the tests with the real Django: which can plainly run again."""

from __future__ import annotations

PERSON = 'Person = apps.get_model("app", "Person")\n'


def function(lines: str, head: str = "") -> str:
    """A function of these lines, behind what the file's top says."""
    body = "".join(f"    {line}\n" if line else "\n" for line in (PERSON + lines).splitlines())
    return f"{head}def run(apps, schema_editor):\n{body}"


TEAM, PLACE = (f'{name} = apps.get_model("app", "{name}")\n' for name in ("Team", "Place"))
SETTLED = {
    "constant": "Person.objects.update(age=3)",
    "constant for some": 'Person.objects.filter(email="e").update(age=3, nick="x")',
    "constants for some": (
        'Person.objects.filter(email="e").update(age=3)\nPerson.objects.exclude(email="e").update(age=4)'
    ),
    "constant for a list": (
        "alias = schema_editor.connection.alias\n"
        'Person.objects.using(alias).filter(code__in=["a", "b"]).update(age=9)'
    ),
    "another column": 'Person.objects.filter(email="e").update(nick=models.F("email"))',
    "nothing there": 'Person.objects.filter(nick=None).update(nick="x")',
    "is null": 'Person.objects.filter(nick__isnull=True, email="e").update(nick=F("email"), age=4)',
    "not null excluded": "Person.objects.exclude(note__isnull=False).update(note=F('age'))",
    "fill by save": (
        "for person in Person.objects.filter(nick__isnull=True):\n"
        "    person.nick = person.email.upper() + str(person.age)\n    person.save()"
    ),
    "fill some columns": (
        "for person in Person.objects.filter(nick=None).iterator():\n"
        "    person.nick = uuid.uuid4().hex[:8]\n    person.save(update_fields=['nick'])"
    ),
    "fill on a condition": (
        "for person in Person.objects.filter(nick=None, note__isnull=True):\n    # why\n"
        "    name = person.email.strip()\n    if not name:\n        continue\n"
        "    if len(name) > 2:\n        person.nick = name\n    else:\n        person.nick = f'{name}!'\n"
        "    person.note = len(name)\n    person.save()"
    ),
    "fill in bulk": (
        "people = []\nfor person in Person.objects.filter(nick=None):\n    person.nick = person.email\n"
        '    people.append(person)\nPerson.objects.bulk_update(people, ["nick"], batch_size=100)'
    ),
    "fill row by row": (
        "for person in Person.objects.filter(nick=None):\n"
        "    Person.objects.filter(pk=person.pk).update(nick=person.email)"
    ),
    "fill a key": (
        'Team = apps.get_model("app", "Team")\nteam = Team.objects.first()\n'
        "for person in Person.objects.filter(team__isnull=True):\n    person.team_id = team.pk\n    person.save()"
    ),
    "chosen in the loop": (
        "for person in Person.objects.all():\n    if person.email == 'e':\n        person.age = 8\n"
        "    elif person.code == 'a':\n        person.age = 9\n    person.save()"
    ),
    "two columns": (
        "people = Person.objects.filter(nick=None)\npeople.update(nick='x')\n"
        "with transaction.atomic():\n    Person.objects.filter(note=None).update(note=F('age'))\nprint('done')\nreturn"
    ),
    "a constant by name": "Person.objects.filter(email='e').update(age=OLD)",
    "one column to another": (
        "for person in Person.objects.all():\n    person.note = person.age\n    person.save()"
    ),
    "another's column": (
        "for person in Person.objects.exclude(team=None).select_related('team'):\n"
        "    if person.age:\n        person.nick = person.team.name\n"
        "        person.save(update_fields=['nick'])"
    ),
    "one column to another in bulk": (
        "people = []\nfor person in Person.objects.all():\n    person.note = person.age\n"
        '    people.append(person)\nPerson.objects.bulk_update(people, ["note"])'
    ),
    "by a manager of its own": "Person.people.all().update(note=8)",
    "in a try": (
        "try:\n    Person.people.filter(age=5).update(note=8, nick=F('email'))\n"
        "except Exception as error:\n    print(f'not done: {error}')"
    ),
    "nothing there by Q": 'Person.objects.filter(Q(nick=None), email="e").update(nick=F("email"))',
    "nothing there in both": (
        "for person in Person.objects.filter(Q(nick=None, age=6) | (models.Q(nick__isnull=True) & Q(age__lt=3))):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "not those with something": (
        "for person in Person.objects.filter(~Q(nick__isnull=False) & ~Q(email='x')):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "not those with something, or else": (
        "for person in Person.objects.exclude(Q(nick__isnull=False) | Q(age=1)):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "neither": 'Person.objects.exclude(~Q(email="e") | Q(age=6)).update(note=9)',
    "either of two": 'Person.objects.filter(Q(email="e") | ~Q(code="c")).update(note=9, nick=F("email"))',
    "chosen by what it writes": "Person.objects.filter(age=1).update(age=2)",
    "either": 'Person.objects.filter(Q(nick=None) | Q(age=1)).update(nick="x")',
    "not both": 'Person.objects.exclude(nick__isnull=False, age=1).update(nick=F("email"))',
    "either, by what it writes": 'Person.objects.filter(Q(note=7) | Q(email="e")).update(note=F("age"))',
    "not, by what it writes": 'Person.objects.exclude(~Q(age=1)).update(age=F("note"))',
    "renamed": "Person.objects.filter(email='e', age__in=[5, 6]).exclude(nick='x').update(nick='x', age=7)",
    "of all": (
        "for person in Person.objects.all():\n    person.nick = person.email.upper()\n    person.save()"
    ),
    "of more of it": (
        "for person in Person.objects.select_related('team'):\n"
        "    person.nick = f'{person.email.strip()[:2]}-{person.age:03d}' if person.team else str(person.age * 2)\n"
        "    if len(person.email) > 1 and not person.code.startswith('x'):\n"
        "        person.note = max(len(person.email.replace('l', '')), int(person.age), Kind.YEARS)\n"
        "    person.save()"
    ),
    "made for what it is": (
        f"{TEAM}for person in Person.objects.all():\n    Team.objects.get_or_create(name=person.code.upper())"
    ),
    "a setting": "Person.objects.filter(email='e').update(nick=settings.TIME_ZONE)",
    "a constant of a class": (
        "Person.objects.filter(code=Kind.FIRST).update(nick=Kind.DONE)\n"
        "for person in Person.objects.filter(email='e'):\n    person.age = Kind.YEARS\n    person.save()"
    ),
    "made where it is missing": f"{TEAM}Team.objects.get_or_create(name='x')\nTeam.objects.get_or_create(name='y')",
    "made with more": f"{PLACE}_, made = Place.objects.get_or_create(town='a', defaults={{'street': 'b'}})",
    "made for values": f"{TEAM}for person in Person.objects.all():\n    Team.objects.get_or_create(name=person.code)",
    "made for rows": (
        f"{TEAM}for team in Team.objects.filter(name='t'):\n"
        "    Person.objects.get_or_create(team=team, email='new', defaults={'code': 'n'})"
    ),
    "made for rows by key": (
        f"{TEAM}for team in Team.objects.exclude(name='x'):\n    if team.name:\n"
        "        Person.objects.get_or_create(team_id=team.pk, email=team.name, defaults={'code': 'n'})"
    ),
    "given what was made": (
        f"{TEAM}team, _ = Team.objects.get_or_create(name='x')\nPerson.objects.update(team=team, age=3)"
    ),
    "given the key of what was made": (
        f"{TEAM}team = Team.objects.get_or_create(name='x')[0]\n"
        "for person in Person.objects.all():\n    person.team_id = team.pk\n    person.save()"
    ),
    "made or changed": f"{PLACE}Place.objects.update_or_create(town='a', defaults={{'street': 'b'}})",
    "made or changed for rows": (
        f"{PLACE}for person in Person.objects.all():\n"
        "    Place.objects.update_or_create(town=person.code, defaults={'street': person.email})"
    ),
    "in a try that tells": (
        "try:\n    Person.objects.update(age=3)\n"
        "except (KeyError, ValueError):\n    logger.exception('not %s', 'done')\nexcept LookupError:\n    pass"
    ),
}
#: The same with functions of the file that it calls: head and lines.
HELPED = {
    "a value": (
        (
            'def made(person, end=\'!\'):\n    """Why."""\n    name = person.email.strip()\n    if not name:\n'
            "        return end\n    for part in name.split('@'):\n        name = part\n"
            "    return name.upper() + end\n\n\n"
        ),
        "for person in Person.objects.filter(nick=None):\n    person.nick = made(person, end='?')\n    person.save()",
    ),
    "a value of values": (
        "def two(text):\n    return text * 2\n\n\ndef made(person):\n    return two(person.email)\n\n\n",
        "for person in Person.objects.filter(nick=None):\n    person.nick = made(person)\n    person.save()",
    ),
    "all of it": (
        (
            "def fill(registry):\n    people = registry.get_model('app', 'Person').objects.filter(nick=None)\n"
            "    for person in people:\n        person.nick = person.email.upper()\n        person.save()\n\n\n"
        ),
        "fill(apps)",
    ),
    "a model by name": (
        (
            "def fill(apps, name, age=3):\n    Model = apps.get_model('app', name)\n"
            "    Model.objects.filter(email='e').update(age=age)\n\n\n"
        ),
        "fill(apps, 'Person', age=9)\nprint('done')",
    ),
    "a model": (
        "def fill(model: object, age: int = 3) -> int:\n    model.objects.update(age=age)\n    return 1\n\n\n",
        "fill(Person)",
    ),
    "a selection": (
        "def fill(people, code):\n    people.filter(note=None).update(note=F('age'), nick=code)\n\n\n",
        "fill(Person.objects.filter(Q(email='e')), 'x')",
    ),
    "a row": (
        "def fill(person):\n    if person.code == 'a':\n        person.age = 9\n    person.save()\n\n\n",
        "for person in Person.objects.all():\n    if person.email == 'e':\n        fill(person)",
    ),
    "twice": (
        "def fill(model, email, age):\n    model.objects.filter(email=email).update(age=age)\n\n\n",
        "fill(Person, 'e', 9)\nfill(Person, age=8, email='long')",
    ),
}
#: Functions that change nothing, which a second run does as the first one did.
NOTHING = {
    "nothing": "pass",
    "says something": "print('This takes a while')\nlogger.warning('%s people', Person.objects.count())",
    "asserts": "assert not Person.objects.filter(email='x').exists(), 'there is one'",
    "checks": (
        "found = [one.email for one in Person.objects.all() if one.age > 300]\n"
        "if found:\n    raise ValueError(f'too old: {found}')\nelif Person.objects.count() > 9:\n    return"
    ),
    "checks each": (
        "for person in Person.objects.filter(nick=None).iterator():\n    if person.age > 300:\n"
        "        print(person.email)\n        raise RuntimeError('too old')"
    ),
}
_BULK = "from django_bulk_update.helper import bulk_update\n\n\n"
_CARD = "from shop.models import (\n    Card,\n    Shop,\n)\n\n\n"
#: The same with what the tests' project does not have: head and lines.
ELSEWHERE = {
    "bulk update": (
        _BULK,
        (
            "people = []\nfor person in Person.objects.all():\n    person.note = person.age\n"
            "    people.append(person)\nbulk_update(people, update_fields=['note'], batch_size=100)"
        ),
    ),
    "imported": (_CARD, "Card._objects.all().update(sla=None)"),
    "imported in the function": ("", "from shop.models.cards import Card\nCard.objects.update(sla=None)"),
    "imported in a try": (
        _CARD,
        "try:\n    Card._objects.filter(old=True).update(sla=None)\nexcept Exception as e:\n    print('no', e)",
    ),
}
HEAD = (
    "import logging\nimport uuid\n\nfrom django.conf import settings\n"
    "from django.db import transaction\nfrom django.db.models import F, Q\n\n"
    "logger = logging.getLogger(__name__)\nOLD = 70\n\n\n"
    "class Kind:\n    FIRST = 'a'\n    DONE = 'o'\n    YEARS = 80\n\n\n"
)
