"""Ids sort by time whatever the clock does; bulk prefixes make ids of the same shape."""

import base64
import threading
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.ids import (
    COUNTER_BITS,
    COUNTER_HEX_DIGITS,
    TAIL_BITS,
    IdSource,
    id_prefix,
    new_id,
    new_token,
)
from solvent.runtime.systemclock import SystemClock


def numbered(prefix: str, counter: int) -> UUID:
    """Return the id that the database makes of a prefix and its counter."""
    return UUID(hex=f"{prefix}{counter:0{COUNTER_HEX_DIGITS}x}")


def is_version_7(value: UUID) -> bool:
    return value.version == 7 and value.variant == RFC_4122


def test_an_id_is_a_uuid_of_version_7_that_tells_its_millisecond() -> None:
    before = SystemClock().now().timestamp() * 1000
    made = new_id()
    after = SystemClock().now().timestamp() * 1000
    assert is_version_7(made)
    assert before - 1 <= made.int >> 80 <= after + 1_000


def test_ids_of_one_process_only_grow() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_ids_grow_when_the_clock_goes_back() -> None:
    ticks = iter([5_000, 4_000, 4_999, 1, 5_001])
    source = IdSource(milliseconds=lambda: next(ticks))
    made = [source.new_id() for _ in range(5)]
    assert made == sorted(set(made))
    assert [value.int >> 80 for value in made] == [5_000, 5_000, 5_000, 5_000, 5_001]


def test_a_full_millisecond_flows_into_the_next() -> None:
    room_for_two = (1 << TAIL_BITS) - (3 << COUNTER_BITS)
    source = IdSource(milliseconds=lambda: 7, random_bits=lambda _: room_for_two)
    made = [source.new_id(), *(numbered(source.prefix(), 0) for _ in range(4))]
    assert made == sorted(set(made))
    assert [value.int >> 80 for value in made] == [7, 7, 7, 8, 8]
    assert all(map(is_version_7, made))


@given(st.integers(min_value=0, max_value=2**48 - 1))
def test_a_prefix_and_any_counter_are_an_id_between_the_ids_around(counter: int) -> None:
    source = IdSource()
    before = source.new_id()
    prefix = source.prefix()
    after = source.new_id()
    made = numbered(prefix, counter)
    assert len(prefix) == 20
    assert is_version_7(made)
    assert before < made < after


def test_prefixes_never_repeat() -> None:
    made = [id_prefix() for _ in range(5_000)]
    assert made == sorted(set(made))


def test_threads_never_share_an_id() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(into: list[UUID]) -> None:
        into.extend(new_id() for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({value for into in made for value in into}) == 8_000
    assert all(into == sorted(into) for into in made)


def test_a_token_holds_32_bytes_and_is_never_the_same() -> None:
    tokens = {new_token() for _ in range(1_000)}
    assert len(tokens) == 1_000
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in tokens} == {32}
