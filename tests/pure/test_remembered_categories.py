"""What is remembered of a person's choices: the newest wins, agreement makes surer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.categorisation.domain import Choice, Memory, Reason, remember, suggest

FOOD, FUN = UUID(int=1), UUID(int=2)
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)

CHOICES = st.lists(
    st.builds(
        Choice,
        category=st.sampled_from([FOOD, FUN, UUID(int=3)]),
        at=st.integers(0, 10**6).map(lambda second: MONDAY + timedelta(seconds=second)),
    ),
    min_size=1,
    unique_by=lambda choice: choice.at,
)


def _memory_of(choices: list[Choice]) -> Memory | None:
    memory = None
    for choice in choices:
        memory = remember(memory, choice)
    return memory


def test_nothing_is_offered_for_an_unknown_payee() -> None:
    assert suggest(None) is None


def test_a_category_set_by_hand_is_offered_next_time() -> None:
    suggestion = suggest(remember(None, Choice(FOOD, MONDAY)))
    assert suggestion is not None
    assert (suggestion.category, suggestion.reason) == (FOOD, Reason.REMEMBERED)


def test_a_contradiction_wins_at_once_and_is_less_sure() -> None:
    often = _memory_of([Choice(FOOD, MONDAY + timedelta(hours=hour)) for hour in range(5)])
    before, after = suggest(often), suggest(remember(often, Choice(FUN, TUESDAY)))
    assert before is not None
    assert after is not None
    assert after.category == FUN
    assert after.confidence_percent < before.confidence_percent


def test_an_older_choice_that_arrives_late_changes_nothing() -> None:
    memory = remember(None, Choice(FUN, TUESDAY))
    assert remember(memory, Choice(FOOD, MONDAY)) == memory


def test_of_two_choices_at_one_instant_the_later_told_wins() -> None:
    assert remember(remember(None, Choice(FOOD, MONDAY)), Choice(FUN, MONDAY)).category == FUN


def test_a_memory_of_no_choice_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="0"):
        Memory(FOOD, MONDAY, agreed=0)


@given(CHOICES)
def test_the_newest_choice_is_offered_in_whatever_order_they_come(choices: list[Choice]) -> None:
    newest = max(choices, key=lambda choice: choice.at)
    suggestion = suggest(_memory_of(choices))
    assert suggestion is not None
    assert suggestion.category == newest.category


@given(st.integers(1, 10**6))
def test_confidence_grows_with_agreement_and_never_becomes_certainty(agreed: int) -> None:
    fewer = suggest(Memory(FOOD, MONDAY, agreed))
    more = suggest(Memory(FOOD, MONDAY, agreed + 1))
    assert fewer is not None
    assert more is not None
    assert 50 < fewer.confidence_percent <= more.confidence_percent < 100
