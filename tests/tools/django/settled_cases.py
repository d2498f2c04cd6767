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

OPEN = {
    "a setting that is set": "settings.TIME_ZONE = made\nPerson.objects.update(nick=settings.TIME_ZONE)",
    "a class of its own": "Kind = made()\nPerson.objects.update(nick=Kind.DONE)",
    "a class's name": "Person.objects.update(nick=Kind.name)",
    "chosen by what it writes, and by a manager": "Person.people.filter(age=1).update(age=2)",
    "chosen by another row": "Person.objects.filter(team__name='t').update(team=1)",
    "chosen by what it writes, in a loop": (
        "for person in Person.objects.all():\n    Person.objects.filter(age=1).update(age=2)"
    ),
    "chosen by what it writes, on a condition": (
        "if Person.objects.filter(age=2):\n    Person.objects.filter(age=1).update(age=2)"
    ),
    "of all, by chance": (
        "for person in Person.objects.all():\n    person.nick = person.email + uuid.uuid4().hex\n    person.save()"
    ),
    "of all, by what it says": (
        "for person in Person.objects.all():\n    person.nick = person.described()\n    person.save()"
    ),
    "of all, by the row": (
        "for person in Person.objects.all():\n    person.nick = str(person)\n    person.save()"
    ),
    "of all, by a function of its own": (
        "len = made\nfor person in Person.objects.all():\n    person.note = len(person.email)\n    person.save()"
    ),
    "of all, by what it writes": (
        "for person in Person.objects.all():\n    person.nick = person.nick.strip()\n    person.save()"
    ),
    "of all, by what saving moves": (
        "for person in Person.objects.all():\n    person.nick = str(person.updated_at.date())\n    person.save()"
    ),
    "of all, by a query of the row": (
        "for person in Person.objects.all():\n    person.nick = person.teams.get(name='t').name\n    person.save()"
    ),
    "of all, by a query": (
        f"{TEAM}for person in Person.objects.all():\n    person.nick = Team.objects.get(name=person.code).name\n"
        "    person.save()"
    ),
    "made by the time": f"{TEAM}Team.objects.get_or_create(name=timezone.now())",
    "made by chance": f"{TEAM}Team.objects.get_or_create(name=uuid.uuid4().hex)",
    "made and renamed": f"{TEAM}Team.objects.get_or_create(name='x')\nTeam.objects.filter(pk=1).update(name='y')",
    "made and met": "Person.objects.filter(nick=None).update(nick='x')\nPerson.objects.get_or_create(email='z')",
    "made among its own": f"{TEAM}for team in Team.objects.all():\n    Team.objects.get_or_create(name=team.pk)",
    "made among others of any": (
        f"from shop.models import Card\n{TEAM}for card in Card.objects.all():\n"
        "    Team.objects.get_or_create(name=card.name)"
    ),
    "made of any": "from shop.models import Card\nCard.objects.get_or_create(name='x')",
    "made by two keys": f"{TEAM}Team.objects.get_or_create(name='x')\nTeam.objects.get_or_create(pk=9)",
    "made by no column": f"{TEAM}Team.objects.get_or_create(name__iexact='x')",
    "made of nothing": f"{TEAM}Team.objects.get_or_create()",
    "made among some": f"{TEAM}Team.objects.filter(name='x').get_or_create(name='y')",
    "made for other rows": (
        "for person in Person.objects.exclude(team=None):\n    Person.objects.get_or_create(email='x')"
    ),
    "made for what is chosen": (
        f"{TEAM}for person in Person.objects.filter(nick=None):\n    Team.objects.get_or_create(name=person.code)"
    ),
    "made on a condition of rows": (
        f"{TEAM}if Person.objects.filter(age=3).exists():\n    Team.objects.get_or_create(name='x')"
    ),
    "where it was made": (
        f"{TEAM}team, made = Team.objects.get_or_create(name='x')\nif made:\n    Person.objects.update(age=3)"
    ),
    "changed by its key": f"{PLACE}Place.objects.update_or_create(town='a', defaults={{'town': 'b'}})",
    "changed by the time": f"{PLACE}Place.objects.update_or_create(town='a', defaults={{'street': timezone.now()}})",
    "changed by more": f"{PLACE}Place.objects.update_or_create(town='a', defaults=made)",
    "made and taken": f"{TEAM}team = Team.objects.get_or_create(name='x')\nPerson.objects.update(team=team)",
    "made for a row": (
        f"{TEAM}for person in Person.objects.all():\n    team, _ = Team.objects.get_or_create(name=person.code)\n"
        "    person.team = team\n    person.save()"
    ),
    "says it in its own way": "print = made\nprint(Person)",
    "raises what it makes": "raise made(Person)",
    "makes a row": "person = Person.objects.create(age=1)",
    "changes a row in hand": "person = Person.objects.first()\nperson.age = 3",
    "runs what it is given": "schema_editor.execute('UPDATE app_person SET age = age + 1')",
    "a list of changes": "[person.save() for person in Person.objects.all()]",
    "deletes alone": "Person.objects.all().delete()",
    "counts up": 'Person.objects.filter(email="e").update(age=F("age") + 1)',
    "reads what it writes": 'Person.objects.update(nick=F("email"), email="x")',
    "reads itself": 'Person.objects.update(age=F("age"), note=2)\nPerson.objects.filter(age=2).update(age=3)',
    "a chain": "Person.objects.filter(age=2).update(age=3)\nPerson.objects.filter(age=1).update(age=2)",
    "chosen by another's work": (
        'Person.objects.filter(nick=None).update(nick="x")\nPerson.objects.filter(nick="y").update(age=3)'
    ),
    "emptied again": (
        'Person.objects.filter(nick=None).update(nick="x")\nPerson.objects.filter(age=1).update(nick=None)'
    ),
    "fills another": "Person.objects.filter(nick=None).update(note=F('note') + 1)",
    "a value of the time": "Person.objects.filter(email='e').update(nick=timezone.now())",
    "chosen by the time": "Person.objects.filter(born__lt=timezone.now()).update(age=3)",
    "either, filled": (
        "for person in Person.objects.filter(Q(nick=None) | Q(age=1)):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "not all of it": (
        "for person in Person.objects.filter(~Q(nick__isnull=False, age=1)):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "not nothing": (
        "for person in Person.objects.filter(~Q(nick=None)):\n"
        "    person.nick = person.nick.upper()\n    person.save()"
    ),
    "none of those": (
        "for person in Person.objects.exclude(Q(nick=None)):\n    person.nick = person.email.upper()\n    person.save()"
    ),
    "a Q that is turned": (
        "for person in Person.objects.filter(Q(nick=None, _negated=True)):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "a Q of nothing": (
        "for person in Person.objects.filter(Q(nick=None) & Q()):\n    person.nick = person.code * 2\n    person.save()"
    ),
    "one or the other alone": (
        "for person in Person.objects.filter(Q(nick=None) ^ Q(age=1)):\n"
        "    person.nick = person.email.upper()\n    person.save()"
    ),
    "by a Q of the time": "Person.objects.filter(Q(born__lt=timezone.now())).update(age=3)",
    "by a Q of a name": "Person.objects.filter(missing).update(nick=F('email'))",
    "by a Q of its own": "Q = made\nPerson.objects.filter(Q(nick=None)).update(nick=F('email'))",
    "some of them": "for person in Person.objects.filter(nick=None)[:5]:\n    person.nick = 'x'\n    person.save()",
    "a helper": "for person in Person.objects.filter(nick=None):\n    person.nick = made(person)\n    person.save()",
    "own name": "for person in Person.objects.filter(nick=None):\n    person.nick = slugify(person)\n    person.save()",
    "creates": (
        'Team = apps.get_model("app", "Team")\nfor person in Person.objects.filter(team=None):\n'
        "    person.team = Team.objects.create(name='x')\n    person.save()"
    ),
    "creates beside": "Person.objects.filter(nick=None).update(nick='x')\nPerson.objects.create(age=4)",
    "raises": "Person.objects.filter(nick=None).update(nick='x')\nraise ValueError",
    "counts in the loop": (
        "number = 0\nfor person in Person.objects.filter(nick=None):\n    number += 1\n"
        "    person.age = number\n    person.save()"
    ),
    "leaves": "if Person.objects.exists():\n    return\nPerson.objects.update(age=3)",
    "chosen by rows": "if Person.objects.filter(note=1).exists():\n    Person.objects.update(note=2)",
    "chosen by a local": (
        "for person in Person.objects.all():\n    old = person.age\n"
        "    if old == 1:\n        person.age = 2\n    person.save()"
    ),
    "another's row": (
        "for person in Person.objects.filter(nick=None):\n"
        "    Person.objects.filter(pk=person.age).update(nick=person.email)"
    ),
    "another's model": (
        'Team = apps.get_model("app", "Team")\nfor person in Person.objects.filter(name=None):\n'
        "    Team.objects.filter(pk=person.pk).update(name=person.email)"
    ),
    "a while": (
        "while Person.objects.filter(nick=None).exists():\n    Person.objects.filter(nick=None).update(nick='x')"
    ),
    "a name of two": (
        "Person.objects.update(age=3)\nPerson = apps.get_model('app', 'Team')\nPerson.objects.update(age=4)"
    ),
    "no model": "from shop.cards import Card\nCard.objects.update(age=3)",
    "a model of two": "from shop.models import Person\nPerson.objects.update(age=3)",
    "an imported model saves": (
        "from shop.models import Card\nfor card in Card.objects.all():\n    card.age = 3\n    card.save()"
    ),
    "an imported model in bulk": (
        "from shop.models import Card\ncards = []\nfor card in Card.objects.all():\n    card.age = 3\n"
        "    cards.append(card)\nCard.objects.bulk_update(cards, ['age'])"
    ),
    "two changes by managers": "Person.people.update(age=3)\nPerson.others.update(note=3)",
    "a manager in a loop": "for person in Person.people.all():\n    person.age = 3\n    person.save()",
    "a manager's method": "Person.people.made().update(age=3)",
    "a manager by what is there": "Person.people.update(age=F('age') + 1)",
    "moves on": (
        "for person in Person.objects.all():\n    person.nick = person.email\n    person.email = 'x'\n"
        "    person.save()"
    ),
    "turns round": (
        "for person in Person.objects.all():\n    person.nick = person.email\n    person.email = person.nick\n"
        "    person.save()"
    ),
    "keeps a time that saving moves": (
        "for person in Person.objects.all():\n    person.born = person.updated_at\n    person.save()"
    ),
    "of another row": (
        "for person in Person.objects.all():\n    for other in Person.objects.all():\n"
        "        other.nick = person.email\n        other.save()"
    ),
    "of nothing in hand": (
        "other = Person.objects.first()\nfor person in Person.objects.all():\n    person.nick = other.email\n"
        "    person.save()"
    ),
    "a bulk update of one's own": (
        "people = []\nfor person in Person.objects.all():\n    person.note = person.age\n"
        "    people.append(person)\nbulk_update(people, update_fields=['note'])"
    ),
    "a try that goes on": (
        "try:\n    Person.objects.update(age=3)\nexcept ValueError:\n    Person.objects.update(note=F('age'))"
    ),
    "a try that helps": "try:\n    Person.objects.update(age=3)\nexcept ValueError:\n    mend(Person)",
    "a try that goes on well": (
        "try:\n    Person.objects.update(age=3)\nexcept ValueError:\n    pass\nelse:\n    mend(Person)"
    ),
    "a try in the end": "try:\n    Person.objects.update(age=3)\nfinally:\n    mend()",
    "a try in a loop": (
        "for person in Person.objects.filter(nick=None):\n    try:\n        person.nick = 'x'\n"
        "        person.save()\n    except ValueError:\n        break"
    ),
    "no constant": "Person.objects.update(age=TWICE)",
    "deletes": "Person.objects.filter(age=1).delete()\nPerson.objects.update(note=1)",
    "half typed": "Person.objects.update(age=",
}
OPEN_HEAD = HEAD + "TWICE = 1\nTWICE += 1\n\n\ndef slugify(person):\n    return person.save()\n\n\n"
_FILL = "def fill(people, age=1):\n    people.update(age=age)\n\n\n"
#: The same with functions of the file that it calls.
UNHELPED = {
    "by what it writes": (
        _FILL,
        "fill(Person.objects.filter(age=2), 3)\nfill(Person.objects.filter(age=1), 2)",
    ),
    "counts up": (_FILL, "fill(Person.objects, F('age') + 1)"),
    "a value of a row": (_FILL, "other = Person.objects.first()\nfill(Person.objects.all(), other.age)"),
    "too many": (_FILL, "fill(Person.objects.all(), 1, 2)"),
    "a name that it has not": (_FILL, "fill(Person.objects.all(), year=2)"),
    "too few": (_FILL, "fill()"),
    "given twice": (_FILL, "fill(Person.objects.all(), people=Person.objects.all())"),
    "a list": (_FILL, "fill(*[Person.objects.all(), 1])"),
    "decorated": (f"@each_day\n{_FILL}", "fill(Person.objects.all())"),
    "defined again": (f"{_FILL}fill = None\n", "fill(Person.objects.all())"),
    "of two": (_FILL + _FILL.replace("=age", "=F('age') + 1"), "fill(Person.objects.all())"),
    "another's": ("from shop import fill\n\n\n", "fill(Person.objects.all())"),
    "under this name": (_FILL, "fill = made\nfill(Person.objects.all())"),
    "of any": (_FILL.replace("people, age", "*people, age"), "fill(Person.objects.all())"),
    "itself": (
        "def fill(people):\n    people.update(age=1)\n    fill(people)\n\n\n",
        "fill(Person.objects.all())",
    ),
    "the first itself": (
        "def fill(apps):\n    run(apps, None)\n\n\n",
        "fill(apps)\nPerson.objects.update(age=1)",
    ),
    "leaves": (
        "def fill(people):\n    if people.exists():\n        return\n    people.update(age=1)\n\n\n",
        "fill(Person.objects.all())",
    ),
    "reads what the first writes": (
        "def fill(people):\n    people.filter(nick='x').update(age=1)\n\n\n",
        "fill(Person.objects.all())\nPerson.objects.filter(age=2).update(nick='x')",
    ),
    "on a condition of what it writes": (
        "def fill(person):\n    person.age = 2\n    person.save()\n\n\n",
        "for person in Person.objects.all():\n    if person.age == 1:\n        fill(person)",
    ),
    "a list that it fills": (
        "def fill(people, person):\n    person.age = 2\n    people.append(person)\n\n\n",
        (
            "people = []\nfor person in Person.objects.all():\n    fill(people, person)\n"
            "Person.objects.bulk_update(people, ['age'])"
        ),
    ),
    "no plain value": (
        "def made(person):\n    person.age = 2\n    return 'x'\n\n\n",
        "for person in Person.objects.filter(nick=None):\n    person.nick = made(person)\n    person.save()",
    ),
    "a value that saves": (
        "def made(person):\n    for each in person.team.people.all():\n        each.save()\n    return 'x'\n\n\n",
        "for person in Person.objects.filter(nick=None):\n    person.nick = made(person)\n    person.save()",
    ),
    "a value of itself": (
        "def made(person):\n    return made(person)\n\n\n",
        "for person in Person.objects.filter(nick=None):\n    person.nick = made(person)\n    person.save()",
    ),
    "a value of the world": (
        "def made(person):\n    global COUNT\n    COUNT = 1\n    return 'x'\n\n\n",
        "for person in Person.objects.filter(nick=None):\n    person.nick = made(person)\n    person.save()",
    ),
    "a value for a constant": (
        "def made(person):\n    return person.age + 1\n\n\n",
        "for person in Person.objects.all():\n    person.age = made(person)\n    person.save()",
    ),
}
