"""Functions of RunPython of which nobody can plainly say that they can be run again."""

from __future__ import annotations

from tests.tools.django.settled_cases import HEAD, PLACE, TEAM

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
