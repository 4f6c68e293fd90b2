"""Hashing: every byte counts, however it was composed, and nobody's password takes as long."""

import asyncio
import time

import pytest

from solvent.runtime.passwords import WAITING_MAX, PasswordHash, Passwords, TooBusy


async def test_the_password_fits_its_hash_and_another_does_not() -> None:
    made = await Passwords(4).hash("a good password")
    assert await Passwords(4).match("a good password", made)
    assert not await Passwords(4).match("a good passworD", made)
    assert not await Passwords(4).match("a good password", None)


async def test_two_hashes_of_one_password_differ() -> None:
    its = Passwords(4)
    assert await its.hash("a good password") != await its.hash("a good password")


async def test_what_stands_behind_a_nul_or_the_72nd_byte_counts() -> None:
    its = Passwords(4)
    assert not await its.match("x" * 100 + "b", await its.hash("x" * 100 + "a"))
    assert not await its.match("a\0b", await its.hash("a\0c"))


async def test_a_password_is_the_same_on_every_keyboard() -> None:
    its = Passwords(4)
    assert await its.match("Zo\u00eb's password", await its.hash("Zoe\u0308's password"))


async def test_a_hash_of_another_cost_is_outdated() -> None:
    made = await Passwords(4).hash("a good password")
    assert not Passwords(4).is_outdated(made)
    assert Passwords(5).is_outdated(made)


async def test_checking_nobodys_password_takes_as_long() -> None:
    its = Passwords(9)
    made = await its.hash("a good password")

    async def quickest(known: PasswordHash | None) -> float:
        times: list[float] = []
        for _ in range(5):
            began = time.perf_counter()
            await its.match("a bad password", known)
            times.append(time.perf_counter() - began)
        return min(times)

    assert await quickest(None) > await quickest(made) / 3


async def test_the_queue_has_an_end() -> None:
    its = Passwords(4)
    waiting = [asyncio.create_task(its.hash("a good password")) for _ in range(WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await its.hash("one too many")
    await asyncio.gather(*waiting)
    assert await its.hash("a good password")
