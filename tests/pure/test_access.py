"""What a member may do follows from role and grants, and two members of the same access are alike."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.access import LEVEL_OF_ROLE, NO_ACCESS, PLAIN, Access, Level, Role

SHARED, SECRET, NEW = UUID(int=1), UUID(int=2), UUID(int=3)
GRANTS = st.dictionaries(st.sampled_from([SHARED, SECRET]), st.sampled_from(Level))
ACCESSES = st.builds(Access.of, st.sampled_from(Role), st.none() | st.sampled_from(Level), GRANTS)


def test_every_role_has_a_level_and_a_plain_access() -> None:
    assert set(LEVEL_OF_ROLE) == set(PLAIN) == set(Role)


def test_nobody_may_do_nothing() -> None:
    assert not NO_ACCESS.reads_all
    assert NO_ACCESS.level(SHARED) is Level.NOTHING


def test_an_owner_is_never_narrowed() -> None:
    assert Access.of(Role.OWNER, Level.NOTHING, {SECRET: Level.NOTHING}) == PLAIN[Role.OWNER]


def test_a_grant_narrows_an_editor_and_widens_a_viewer() -> None:
    editor = Access.of(Role.EDITOR, None, {SECRET: Level.NOTHING})
    viewer = Access.of(Role.VIEWER, None, {SHARED: Level.EDIT})
    assert (editor.level(SHARED), editor.level(SECRET)) == (Level.EDIT, Level.NOTHING)
    assert (viewer.level(SHARED), viewer.level(SECRET)) == (Level.EDIT, Level.READ)
    assert not editor.reads([SHARED, SECRET])
    assert viewer.reads([SHARED, SECRET])


def test_accounts_still_to_come_are_like_the_others() -> None:
    adviser = Access.of(Role.ADVISER, Level.NOTHING, {SHARED: Level.READ, SECRET: Level.NOTHING})
    assert adviser.level(NEW) is Level.NOTHING
    assert not adviser.reads_all


@given(ACCESSES, ACCESSES)
def test_the_digest_is_the_same_for_the_same_access_only(one: Access, other: Access) -> None:
    assert (one.digest == other.digest) == (one == other)


@pytest.mark.parametrize("role", Role)
def test_a_role_alone_has_one_level_for_all(role: Role) -> None:
    access = PLAIN[role]
    assert access.lowest == access.highest == access.level(NEW) == role.level
    assert access.reads_all
