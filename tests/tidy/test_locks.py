"""Lock files without addresses, and fragments with names."""

import json

import pytest

from tools.tidy.locks import (
    fragments_are_named_right,
    npm_lock_names_no_address,
    pins_agree,
    requirements_are_hashed,
    requirements_name_no_address,
)
from tools.tidy.source import Source

GOOD = "babel==2.18.0 ; python_version < '4' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"


def lock(text: str) -> Source:
    return Source("requirements/dev.txt", text)


def test_pins_with_hashes_are_fine() -> None:
    assert not list(requirements_name_no_address(lock(GOOD)))
    assert not list(requirements_are_hashed(lock(GOOD * 2)))


@pytest.mark.parametrize("bad", ["--index-url x\n", "babel @ https://example.org/babel.whl\n"])
def test_an_address_in_a_requirements_file_is_found(bad: str) -> None:
    assert list(requirements_name_no_address(lock(GOOD + bad)))


def test_a_pin_without_a_hash_is_found() -> None:
    found = list(requirements_are_hashed(lock(GOOD + "jinja2==3.1.6\n" + GOOD)))
    assert [(finding.line, finding.message) for finding in found] == [
        (4, "jinja2==3.1.6 has no hash")
    ]


def test_two_lock_files_agree_on_what_both_pin() -> None:
    other = lock("babel==2.18.0 \\\njinja2==3.1.6 \\\n")
    assert not list(pins_agree(lock("babel==2.18.0 \\\nlxml==6.0.0 \\\n"), other))
    assert list(pins_agree(lock("granian[uvloop]==1.0 \\\n"), lock("granian[uvloop]==2.0 \\\n")))


def test_a_library_may_have_one_version_for_each_kind_of_machine() -> None:
    pins = "six==1.0 ; python_version < '3.12' \\\nsix==2.0 ; python_version >= '3.12' \\\n"
    assert not list(pins_agree(lock(pins), lock(pins)))
    assert list(pins_agree(lock(pins), lock(pins.replace("1.0", "1.1"))))


def test_an_address_in_the_lock_file_of_the_front_end_is_found() -> None:
    def locked(**package: str) -> Source:
        packages = {"": {}, "node_modules/htmx.org": package}
        return Source("frontend/package-lock.json", json.dumps({"packages": packages}))

    assert not list(npm_lock_names_no_address(locked(integrity="sha512-x")))
    assert list(npm_lock_names_no_address(locked(integrity="sha512-x", resolved="x")))
    assert list(npm_lock_names_no_address(locked(version="4.0.0")))


def test_a_fragment_says_what_and_of_which_kind() -> None:
    good = ["changes.d/README.md", "changes.d/import-ofx.added.md"]
    bad = ["changes.d/Import.added.md", "changes.d/import.md", "changes.d/import.broken.md"]
    assert not list(fragments_are_named_right(good))
    assert [finding.path for finding in fragments_are_named_right(bad)] == bad
