"""A transaction balances, or there is none."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.currency import Currency
from solvent.kernel.money import AMOUNT_MINOR_MAX, AmountOutOfRange
from solvent.ledger.domain import (
    DAY_MAX,
    DAY_MIN,
    POSTINGS_PER_TRANSACTION_MAX,
    AccountKind,
    DayOutOfRange,
    Leg,
    Posting,
    PostingsOutOfRange,
    RateTable,
    Transaction,
    TransactionNotBalanced,
    WeightMissing,
    weigh,
)

EUR, USD, JPY = (Currency.of(code) for code in ("EUR", "USD", "JPY"))
DAY = date(2026, 3, 1)
ACCOUNTS = st.integers(1, 9).map(lambda number: UUID(int=number))
MINOR = st.integers(-(10**9), 10**9)
LEGS = st.builds(Leg, ACCOUNTS, MINOR, st.sampled_from([EUR, USD, JPY]), st.none() | MINOR)


def leg(minor: int, currency: Currency = EUR, weight: int | None = None) -> Leg:
    return Leg(UUID(int=1), minor, currency, weight)


def posting(weight: int) -> Posting:
    return Posting(UUID(int=1), weight, EUR, weight)


@st.composite
def balanced(draw: st.DrawFn) -> Transaction:
    weights = draw(st.lists(MINOR, min_size=1, max_size=6))
    weights.append(-sum(weights))
    postings = [
        Posting(draw(ACCOUNTS), weight, EUR, weight)
        if draw(st.booleans())
        else Posting(draw(ACCOUNTS), draw(MINOR), USD, weight)
        for weight in weights
    ]
    return Transaction(draw(st.dates(DAY_MIN, DAY_MAX)), EUR, tuple(postings))


@given(st.lists(LEGS, max_size=8))
def test_weighing_balances_or_refuses(legs: list[Leg]) -> None:
    try:
        value = weigh(DAY, tuple(legs))
    except (TransactionNotBalanced, WeightMissing, PostingsOutOfRange):
        return
    assert sum(each.weight_minor for each in value.postings) == 0
    assert value.currency == legs[0].currency
    for stated, kept in zip(legs, value.postings, strict=True):
        assert (kept.account, kept.amount_minor, kept.currency) == (
            stated.account,
            stated.amount_minor,
            stated.currency,
        )
        if stated.currency == value.currency:
            assert kept.weight_minor == kept.amount_minor
        elif stated.weight_minor is not None:
            assert kept.weight_minor == stated.weight_minor


@given(balanced())
def test_weighing_what_was_weighed_changes_nothing(value: Transaction) -> None:
    legs = tuple(Leg(p.account, p.amount_minor, p.currency, p.weight_minor) for p in value.postings)
    if legs[0].currency == value.currency:
        assert weigh(value.booked_on, legs) == value


@given(balanced(), st.dates(DAY_MIN, DAY_MAX))
def test_mirrored_twice_is_the_original(value: Transaction, on: date) -> None:
    mirror = value.mirrored(on=on)
    assert mirror.booked_on == on
    assert mirror.mirrored(on=value.booked_on) == value
    for one, other in zip(value.postings, mirror.postings, strict=True):
        assert one.amount_minor + other.amount_minor == 0
        assert one.account == other.account


@given(st.lists(MINOR, min_size=2, max_size=6))
def test_a_transaction_that_is_off_cannot_be_built(weights: list[int]) -> None:
    postings = tuple(posting(weight) for weight in weights)
    if off_by := sum(weights):
        with pytest.raises(TransactionNotBalanced) as refused:
            Transaction(DAY, EUR, postings)
        assert refused.value.off_by_minor == off_by
    else:
        assert Transaction(DAY, EUR, postings).postings == postings


def test_one_open_weight_is_what_balances_the_rest() -> None:
    value = weigh(DAY, (leg(-10_000), leg(300), leg(10_600, USD)))
    assert [each.weight_minor for each in value.postings] == [-10_000, 300, 9_700]


def test_two_open_weights_are_one_too_many() -> None:
    with pytest.raises(WeightMissing):
        weigh(DAY, (leg(-100), leg(50, USD), leg(60, JPY)))


def test_a_weight_in_the_transactions_own_currency_is_the_amount() -> None:
    with pytest.raises(TransactionNotBalanced):
        weigh(DAY, (leg(-100), leg(90, EUR, 100)))


@pytest.mark.parametrize("count", [0, 1, POSTINGS_PER_TRANSACTION_MAX + 1])
def test_a_transaction_has_two_to_five_hundred_postings(count: int) -> None:
    with pytest.raises(PostingsOutOfRange):
        Transaction(DAY, EUR, tuple(posting(0) for _ in range(count)))
    with pytest.raises(PostingsOutOfRange):
        weigh(DAY, tuple(leg(0) for _ in range(count)))


@pytest.mark.parametrize(
    "day", [date.min, DAY_MIN - timedelta(days=1), DAY_MAX + timedelta(days=1), date.max]
)
def test_books_begin_in_1900_and_end_in_2999(day: date) -> None:
    with pytest.raises(DayOutOfRange):
        Transaction(day, EUR, (posting(1), posting(-1)))


@pytest.mark.parametrize(("amount", "weight"), [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_posting_beyond_the_limit_cannot_be_built(amount: int, weight: int) -> None:
    too_much = AMOUNT_MINOR_MAX + 1
    with pytest.raises(AmountOutOfRange):
        Posting(UUID(int=1), amount * too_much, EUR, weight * too_much)


def test_the_balancing_weight_has_the_same_limit() -> None:
    legs = (leg(AMOUNT_MINOR_MAX), leg(AMOUNT_MINOR_MAX), leg(1, USD))
    with pytest.raises(AmountOutOfRange):
        weigh(DAY, legs)


def test_each_kind_of_account_holds_money_or_is_a_category_or_neither() -> None:
    assert [kind for kind in AccountKind if kind.holds_money] == ["asset", "liability"]
    assert [kind for kind in AccountKind if kind.is_category] == ["income", "expense"]


RATES = RateTable({("USD", DAY): Decimal("1.25"), ("JPY", DAY): Decimal(160)})


@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [
        ("EUR", "USD", Decimal("1.25")),
        ("USD", "EUR", Decimal("0.8")),
        ("USD", "JPY", Decimal(128)),
        ("GBP", "GBP", Decimal(1)),
        ("GBP", "EUR", None),
        ("EUR", "GBP", None),
    ],
)
def test_rates_go_by_way_of_the_euro(source: str, target: str, rate: Decimal | None) -> None:
    assert RATES.rate(source, target, DAY) == rate


def test_a_missing_rate_is_missing_and_never_one() -> None:
    other_day = DAY + timedelta(days=1)
    assert RATES.convert(100, "USD", "EUR", DAY) == 80
    assert RATES.convert(100, "USD", "JPY", DAY) == 128
    assert RATES.convert(100, "USD", "EUR", other_day) is None
    assert RATES.convert(100, "USD", "USD", other_day) == 100
