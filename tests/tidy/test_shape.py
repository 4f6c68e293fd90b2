"""Sizes, names of modules, packages that are maps, no stubs, no skips."""

from tools.tidy.shape import (
    FILE_LINES_MAX,
    FUNCTION_LINES_MAX,
    TEST_FILE_LINES_MAX,
    files_are_short,
    functions_are_short,
    modules_are_nouns,
    no_test_looks_away,
    nothing_is_a_stub,
    packages_are_maps,
)
from tools.tidy.source import Source


def test_a_file_may_fill_its_limit_and_no_line_more() -> None:
    full = Source("src/solvent/ledger/domain.py", "x = 1\n" * FILE_LINES_MAX)
    over = Source("src/solvent/ledger/domain.py", "x = 1\n" * (FILE_LINES_MAX + 1))
    assert not list(files_are_short(full))
    assert [finding.line for finding in files_are_short(over)] == [FILE_LINES_MAX]


def test_a_test_file_may_be_longer() -> None:
    full = Source("tests/pure/test_money.py", "x = 1\n" * TEST_FILE_LINES_MAX)
    over = Source("tests/pure/test_money.py", "x = 1\n" * (TEST_FILE_LINES_MAX + 1))
    assert not list(files_are_short(full))
    assert list(files_are_short(over))


def test_a_function_may_fill_its_limit_and_no_line_more() -> None:
    def of(lines: int) -> Source:
        return Source("src/solvent/x.py", "def f():\n" + "    x = 1\n" * (lines - 1))

    assert not list(functions_are_short(of(FUNCTION_LINES_MAX)))
    assert list(functions_are_short(of(FUNCTION_LINES_MAX + 1)))


def test_a_method_that_is_too_long_is_found_at_any_depth() -> None:
    body = "        x = 1\n" * FUNCTION_LINES_MAX
    text = f"class A:\n    async def f(self):\n{body}"
    assert [finding.line for finding in functions_are_short(Source("src/solvent/x.py", text))] == [
        2
    ]


def test_a_module_is_called_after_what_it_holds() -> None:
    assert not list(modules_are_nouns(Source("src/solvent/kernel/money.py", "")))
    assert list(modules_are_nouns(Source("src/solvent/kernel/utils.py", "")))
    assert list(modules_are_nouns(Source("src/solvent/common/money.py", "")))
    assert list(modules_are_nouns(Source("frontend/src/helpers.ts", "")))
    assert not list(modules_are_nouns(Source("frontend/css/base.css", "")))


def test_a_package_is_a_docstring() -> None:
    path = "src/solvent/kernel/__init__.py"
    assert not list(packages_are_maps(Source(path, '"""A map."""\n')))
    assert list(packages_are_maps(Source(path, '"""A map."""\nfrom a import b\n')))
    assert not list(packages_are_maps(Source("src/solvent/kernel/money.py", "from a import b\n")))


def test_a_stub_is_found_raised_or_called() -> None:
    assert not list(nothing_is_a_stub(Source("src/solvent/x.py", "raise ValueError\n")))
    assert list(nothing_is_a_stub(Source("src/solvent/x.py", "raise NotImplementedError\n")))
    assert list(nothing_is_a_stub(Source("src/solvent/x.py", "raise NotImplementedError('x')\n")))


def test_a_test_that_looks_away_is_found() -> None:
    for way_out in ("@pytest.mark.skip", "@pytest.mark.skipif(x)", "@pytest.mark.xfail"):
        text = f"{way_out}\ndef test_x(): ...\n"
        assert list(no_test_looks_away(Source("tests/pure/test_x.py", text)))
    assert list(no_test_looks_away(Source("tests/pure/test_x.py", "pytest.importorskip('x')\n")))
    assert not list(no_test_looks_away(Source("tests/pure/test_x.py", "parser.skipped(row)\n")))
