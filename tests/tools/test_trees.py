"""Programs parsed: spans count code points, whatever the text holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from partway.tools import trees


def test_a_node_behind_characters_of_several_bytes_is_at_its_place() -> None:
    tree = trees.Tree("python", "# 表 😀 é\nname = 1\n")
    assert [tree.said(node) for node in tree.root.children] == ["# 表 😀 é", "name = 1"]
    start, end = tree.span(tree.root.children[1])
    assert tree.text[start:end] == "name = 1"


@given(st.text(max_size=60))
def test_every_span_lies_in_the_text_and_holds_what_the_node_says(text: str) -> None:
    for language in ("python", "ruby"):
        tree = trees.Tree(language, text)
        for node in (tree.root, *tree.root.children):
            start, end = tree.span(node)
            assert 0 <= start <= end <= len(text)
            assert tree.text[start:end] == tree.said(node)
