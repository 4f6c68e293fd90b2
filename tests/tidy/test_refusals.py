"""Codes of refusals: one each, well named, with a status."""

from tools.generated import refusals_page
from tools.tidy.refusals import refusals_are_answerable, rows_are_used, statuses_in
from tools.tidy.source import Source

HERE = "src/solvent/ledger/domain.py"
GOOD = 'class Unbalanced(Refusal):\n    code = "ledger.unbalanced"\n'


def messages(*texts: str, statuses: dict[str, int]) -> list[str]:
    sources = [Source(HERE, text) for text in texts]
    return [finding.message for finding in refusals_are_answerable(sources, statuses)]


def test_a_refusal_with_a_code_and_a_status_is_fine() -> None:
    assert not messages(GOOD, statuses={"ledger.unbalanced": 422})


def test_a_refusal_without_a_status_is_found() -> None:
    said = "ledger.unbalanced has no row in a table of HTTP statuses"
    assert messages(GOOD, statuses={}) == [said]


def test_two_refusals_with_one_code_are_found() -> None:
    twin = GOOD.replace("Unbalanced", "Lopsided")
    said = "Lopsided has the code of Unbalanced: ledger.unbalanced"
    assert messages(GOOD, twin, statuses={"ledger.unbalanced": 422}) == [said]


def test_a_refusal_without_a_code_is_found_unless_others_derive_from_it() -> None:
    bare = "class Unbalanced(errors.Refusal): ...\n"
    assert messages(bare, statuses={}) == ["Unbalanced has no code of its own"]
    near = 'class Lopsided(Unbalanced):\n    code: ClassVar[str] = "ledger.lopsided"\n'
    assert not messages(bare, near, statuses={"ledger.lopsided": 422})


def test_a_code_is_named_after_its_slice() -> None:
    for code in ("budgets.unbalanced", "ledger.UnBalanced", "unbalanced", "ledger.a.b"):
        text = GOOD.replace("ledger.unbalanced", code)
        assert len(messages(text, statuses={code: 422})) == 1


def test_the_kernel_refuses_without_a_slice() -> None:
    kernel = Source("src/solvent/kernel/errors.py", GOOD.replace("ledger.unbalanced", "not_found"))
    assert not list(refusals_are_answerable([kernel], {"not_found": 404}))


def test_a_class_that_is_no_refusal_is_left_alone() -> None:
    assert not messages('class Account:\n    code = "x"\n', statuses={})


def test_statuses_are_read_as_they_are_written() -> None:
    table = Source("src/solvent/a.py", 'STATUSES: Final[dict[str, int]] = {"a.b": 404}\n')
    added = Source("src/solvent/b.py", 'declare({"c.d": 409})\n')
    other = Source("src/solvent/c.py", 'OTHER = {"e.f": 409}\n')
    assert statuses_in([table, added, other]) == {"a.b": 404, "c.d": 409}


def test_a_status_that_nothing_is_refused_with_is_found() -> None:
    table = Source(
        "src/solvent/a.py", 'STATUSES = {"ledger.unbalanced": 422, "ledger.gone": 410}\n'
    )
    found = list(rows_are_used([table, Source(HERE, GOOD)], statuses_in([table])))
    assert [finding.message for finding in found] == [
        "ledger.gone has a status, and nothing is refused with it"
    ]


def test_the_page_of_refusals_has_a_row_for_each_code() -> None:
    text = GOOD.replace("    code", '    """It does ``not``\n    balance."""\n\n    code')
    page = refusals_page([Source(HERE, text), Source("src/solvent/a.py", "STATUSES = {}\n")])
    assert page.splitlines()[-1] == "| `ledger.unbalanced` |  | It does `not` balance. |"
