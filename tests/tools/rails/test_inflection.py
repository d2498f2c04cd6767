"""Plurals and singulars as ActiveSupport makes them, and a project's own rules."""

from __future__ import annotations

import pytest

from partway.tools.rails.inflection import inflector
from partway.tools.rails.names import check_name, foreign_key_name, join_table

# As ActiveSupport 6.1 gives them.
PAIRS = {
    "user": "users", "person": "people", "child": "children", "status": "statuses", "box": "boxes", "wolf": "wolves",
    "category": "categories", "day": "days", "shelf": "shelves", "knife": "knives", "movie": "movies", "series":
    "series", "news": "news", "analysis": "analyses", "octopus": "octopi", "quiz": "quizzes", "ox": "oxen", "matrix":
    "matrices", "index": "indices", "vertex": "vertices", "bus": "buses", "mouse": "mice", "datum": "data", "medium":
    "media", "address": "addresses", "alias": "aliases", "sheep": "sheep", "move": "moves", "zombie": "zombies",
    "man": "men", "photo": "photos", "tomato": "tomatoes", "hive": "hives", "crisis": "crises", "database":
    "databases", "line_item": "line_items", "admin_user": "admin_users", "half": "halves", "archive": "archives",
}  # fmt: skip


@pytest.mark.parametrize(("one", "many"), PAIRS.items())
def test_plurals_and_singulars(one: str, many: str) -> None:
    assert inflector().pluralize(one) == many
    assert inflector().singularize(many) == one


def test_a_models_table() -> None:
    assert inflector().table_of("Admin::LineItem") == "line_items"
    assert inflector().table_of("HTMLPage") == "html_pages"


def test_own_rules() -> None:
    own = inflector(
        """
        ActiveSupport::Inflector.inflections(:en) do |inflect|
          # inflect.irregular "cow", "kine"
          inflect.irregular 'leaflet', 'leafs'
          inflect.uncountable %w( staff )
          inflect.plural /^(foo)$/i, '\\1en'
          inflect.acronym 'RESTful'
        end
        """
    )
    assert own.pluralize("leaflet") == "leafs"
    assert own.singularize("leafs") == "leaflet"
    assert own.pluralize("staff") == "staff"
    assert own.pluralize("foo") == "fooen"
    assert own.pluralize("cow") == "cows"


def test_names() -> None:
    """As ActiveRecord 6.1 makes them."""
    assert join_table("users", "posts") == "posts_users"
    assert join_table("shop_users", "shop_items") == "shop_items_users"
    assert foreign_key_name("posts", ["user_id"]) == "fk_rails_5b5ddfd518"
    assert check_name("posts", "position > 0").startswith("chk_rails_")
