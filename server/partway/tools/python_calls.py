"""Calls of Python's own functions and methods whose result follows from their arguments."""

from __future__ import annotations

from collections.abc import Callable

from partway.tools.python_strings import Text, dedented, formatted, joined, made, stripped
from partway.tools.python_values import UNKNOWN, Call, Ref, is_known, listed

#: `range` gives no more than so many numbers.
_MOST = 500


def known_call(call: Call) -> object | None:
    """What a call gives; None where Python's own functions do not tell."""
    function = call.function
    if isinstance(function, Ref):
        return _function(call, function.path)
    receiver = call.receiver
    if isinstance(receiver, Text):
        return _of_text(call, receiver)
    if isinstance(receiver, dict) and not call.arguments:
        if call.name == "items":
            return [tuple(pair) for pair in receiver.items()]
        if call.name in ("keys", "values"):
            return list(receiver if call.name == "keys" else receiver.values())
        if call.name == "copy":
            return dict(receiver)
    if isinstance(receiver, dict) and call.name == "get" and call.positional and is_known(call.positional[0]):
        key = call.positional[0]
        default = call.positional[1] if len(call.positional) > 1 else None
        return receiver.get(key, default) if isinstance(key, Text | int) else UNKNOWN
    return None


def _function(call: Call, path: str) -> object | None:
    if path == "textwrap.dedent":
        value = call.get("text", 0)
        return dedented(value) if isinstance(value, Text) else None
    reader = _BUILTINS.get(path)
    return reader(call) if reader is not None and call.complete else None


def _listed(call: Call) -> object | None:
    if not call.arguments:
        return {} if call.name == "dict" else [] if call.name == "list" else ()
    items = listed(call.positional[0]) if call.positional else None
    if items is None:
        return None
    return items if call.name in ("list", "reversed", "sorted") else tuple(items)


def _dict(call: Call) -> object | None:
    if not call.positional:
        return dict(call.keywords)
    first = call.positional[0]
    return {**first, **call.keywords} if isinstance(first, dict) else None


def _reversed(call: Call) -> object | None:
    items = _listed(call)
    return items[::-1] if isinstance(items, list) else None


def _sorted(call: Call) -> object | None:
    items = _listed(call)
    if not isinstance(items, list) or call.keywords or not all(isinstance(item, Text) for item in items):
        return None
    return sorted(items)


def _enumerated(call: Call) -> object | None:
    items = listed(call.positional[0]) if call.positional else None
    start = call.get("start", 1, 0)
    if items is None or not isinstance(start, int):
        return None
    return [(start + number, item) for number, item in enumerate(items)]


def _zipped(call: Call) -> object | None:
    lists = [listed(value) for value in call.positional]
    if not lists or any(each is None for each in lists):
        return None
    return [tuple(each) for each in zip(*(each or [] for each in lists), strict=False)]


def _range(call: Call) -> object | None:
    numbers = [value for value in call.positional if isinstance(value, int)]
    if len(numbers) != len(call.positional) or not 1 <= len(numbers) <= 3 or numbers[2:] == [0]:
        return None
    return list(range(*numbers)[:_MOST])


def _str(call: Call) -> object | None:
    value = call.positional[0] if len(call.positional) == 1 else None
    if isinstance(value, Text):
        return value
    return made(str(value), call.span) if isinstance(value, int | float) else None


def _length(call: Call) -> object | None:
    items = call.positional[0] if call.positional else None
    if isinstance(items, Text):
        return len(items) if items.known else None
    found = listed(items)
    return None if found is None else len(found)


_BUILTINS: dict[str, Callable[[Call], object | None]] = {
    "list": _listed,
    "tuple": _listed,
    "set": _listed,
    "frozenset": _listed,
    "dict": _dict,
    "reversed": _reversed,
    "sorted": _sorted,
    "enumerate": _enumerated,
    "zip": _zipped,
    "range": _range,
    "str": _str,
    "len": _length,
}


def _of_text(call: Call, text: Text) -> object | None:
    name = call.name
    if name == "format":
        found = formatted(text, call.positional, call.keywords, call.span) if call.complete else None
        return UNKNOWN if found is None else found
    if name == "join" and len(call.positional) == 1:
        items = listed(call.positional[0])
        if items is None or not all(isinstance(item, Text) for item in items):
            return UNKNOWN
        parts = [(item, call.span) for item in items if isinstance(item, Text)]
        found = joined(parts, text)
        return UNKNOWN if found is None else found
    if name in ("strip", "lstrip", "rstrip") and not call.arguments:
        return stripped(text, name)
    if name in ("lower", "upper", "title", "capitalize") and not call.arguments and text.known:
        return made(getattr(str(text), name)(), call.span)
    if name == "replace" and len(call.positional) == 2 and text.known:
        old, new = call.positional
        if isinstance(old, Text) and isinstance(new, Text) and old.known and new.known and old:
            return made(str(text).replace(str(old), str(new))[:100_000], call.span)
    if name == "split" and text.known:
        between = call.positional[0] if call.positional else None
        if between is None or (isinstance(between, Text) and between.known and between):
            return [made(part, call.span) for part in str(text).split(between and str(between))[:_MOST]]
    if name in ("startswith", "endswith") and len(call.positional) == 1 and text.known:
        what = call.positional[0]
        if isinstance(what, Text) and what.known:
            return bool(getattr(str(text), name)(str(what)))
    return UNKNOWN
