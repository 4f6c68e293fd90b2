"""This checkout, held to every rule."""

from tools.tidy.tree import code, documents, findings


def test_this_checkout_is_in_order() -> None:
    assert [str(finding) for finding in sorted(set(findings()))] == []


def test_the_rules_see_the_files_that_they_are_about() -> None:
    paths = {source.path for source in code()}
    assert {"src/solvent/kernel/money.py", "tools/tidy/tree.py", "tests/tidy/test_tree.py"} <= paths
    assert {"README.md", "ARCHITECTURE.md"} <= {source.path for source in documents()}
