"""The drawn graph of packages."""

import pytest

from tools.graph import drawn, redrawn, without_shortcuts


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    arrows = {("web", "ledger"), ("ledger", "kernel"), ("web", "kernel")}
    assert without_shortcuts(arrows) == {("web", "ledger"), ("ledger", "kernel")}


def test_two_ways_down_are_both_drawn() -> None:
    arrows = {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}
    assert without_shortcuts(arrows) == arrows


def test_a_package_without_imports_is_drawn_too() -> None:
    expected = "```mermaid\nflowchart TD\n    garage\n    web --> kernel\n```"
    assert drawn({"web", "kernel", "garage"}, {("web", "kernel")}) == expected


def test_the_graph_is_put_between_its_markers_and_nothing_else_changes() -> None:
    old = "before\n<!-- graph -->\nold\n<!-- /graph -->\nafter\n"
    assert redrawn(old, "new") == old.replace("old", "new")
    assert redrawn(redrawn(old, "new"), "new") == redrawn(old, "new")


def test_a_document_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        redrawn("before <!-- graph --> after", "new")
