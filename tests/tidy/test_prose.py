"""Docstrings where they are owed, and no notes left for later."""

from tools.tidy.prose import (
    modules_say_what_they_are,
    nothing_is_left_for_later,
    public_things_are_described,
)
from tools.tidy.source import Source

HERE = "src/solvent/ledger/domain.py"


def messages(text: str, path: str = HERE) -> list[str]:
    return [finding.message for finding in public_things_are_described(Source(path, text))]


def test_a_module_opens_with_what_it_is() -> None:
    assert not list(modules_say_what_they_are(Source(HERE, '"""Accounts."""\nx = 1\n')))
    assert list(modules_say_what_they_are(Source(HERE, "x = 1\n")))


def test_a_public_function_without_a_docstring_is_found() -> None:
    assert messages("def post(): ...\n") == ["post is public and has no docstring"]
    assert not messages('def post():\n    """Write a transaction down."""\n')


def test_a_public_method_is_public_too() -> None:
    text = 'class Book:\n    """What was spent."""\n\n    def close(self): ...\n'
    assert messages(text) == ["close is public and has no docstring"]


def test_private_and_nested_things_may_stay_silent() -> None:
    text = 'def _post(): ...\n\n\ndef post():\n    """Write it down."""\n    def inner(): ...\n'
    assert not messages(text)


def test_a_docstring_that_repeats_the_name_says_nothing() -> None:
    said = "the docstring of reverse_transaction only repeats its name"
    assert messages('def reverse_transaction():\n    """Reverse the transaction."""\n') == [said]
    assert not messages('def reverse_transaction():\n    """Post the mirror of a transaction."""\n')
    assert messages('class MixedCurrencies:\n    """Mixed currencies."""\n')


def test_tests_need_no_docstring_beside_their_names() -> None:
    assert not messages("def test_money(): ...\n", "tests/pure/test_money.py")


def test_a_note_to_oneself_is_found_in_any_language() -> None:
    for word in ("TO" + "DO", "FIX" + "ME", "HA" + "CK"):
        found = list(
            nothing_is_left_for_later(Source("frontend/src/grid.ts", f"x;\n// {word}: y\n"))
        )
        assert [finding.line for finding in found] == [2]


def test_the_code_for_no_currency_is_no_note() -> None:
    assert not list(nothing_is_left_for_later(Source(HERE, 'UNKNOWN = "XXX"\n')))
