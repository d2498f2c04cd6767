"""Rule pages as files that an editor can open: the rule's own documentation, so that a link works without a network."""

from __future__ import annotations

import os
from functools import cache

from partway.lsp.documents import uri_of
from partway.version import __version__


def markdown(rule: str) -> str | None:
    """A rule's page, None for a name that is no rule's."""
    from partway.rules import all_rules

    found = all_rules().get(rule)
    if found is None:
        return None
    when = "" if found.default else ", only when selected by name"
    shown, in_setup = [], False
    for line in found.documentation.strip().split("\n"):
        if line.startswith("```"):
            if in_setup:
                in_setup = False
                continue
            in_setup = "setup" in line.split()
            line = f"```{line[3:].split()[0]}" if line.strip("`") else line
        if not in_setup:
            shown.append(line)
    return f"# {rule}\n\n*{found.group}, {found.severity}{when}*\n\n" + "\n".join(shown) + "\n"


@cache
def page_uri(rule: str) -> str | None:
    """The URI of the page, written to the user's cache folder when first asked for; None where that cannot be."""
    from partway.cache import default_folder

    folder = default_folder()
    text = markdown(rule)
    if folder is None or text is None:
        return None
    path = os.path.join(folder, "rules", __version__, f"{rule}.md")
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return uri_of(path)
    except OSError:
        pass
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        temporary = f"{path}.{os.getpid()}"
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError:
        return None
    return uri_of(path)
