"""Rings that follow their files: a new key counts at once, a damaged file changes nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from solvent.runtime import keywatch
from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.ids import new_id
from solvent.runtime.keys import KeyRing, generate_key
from solvent.runtime.keywatch import KeyWatch, following
from solvent.runtime.scope import NotLoggedIn
from solvent.runtime.secretfiles import create_secret_file, replace_secret_file, rotated
from solvent.runtime.systemclock import SystemClock

LIFETIME = timedelta(minutes=15)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file that holds a ring of one key."""
    path = tmp_path / "ring"
    create_secret_file(path, generate_key() + "\n")
    return path


def ring_in(file: Path) -> KeyRing:
    return KeyRing.parse(file.read_text().strip(), file=file)


def grown(file: Path) -> str:
    """Return the ring of ``file`` with a new key before its own."""
    return rotated(file.read_text().strip(), kept=1)


def change(file: Path, text: str) -> None:
    replace_secret_file(file, text, now=SystemClock().now()).unlink()


def test_nobody_is_logged_out_by_a_new_key(file: Path) -> None:
    ring = ring_in(file)
    watch, tokens, session = KeyWatch([ring]), Tokens(ring, SystemClock()), new_id()
    before = tokens.access_token(session, lifetime=LIFETIME)
    page = tokens.csrf_token("cookie")
    change(file, grown(file))
    watch.look()
    assert tokens.session_of(before) == session
    after = tokens.access_token(session, lifetime=LIFETIME)
    assert after != before
    assert tokens.session_of(after) == session
    assert tokens.csrf_token("cookie") != page
    assert tokens.csrf_token("cookie", ring.kids[1]) == page


def test_a_dropped_key_opens_nothing_any_more_even_if_it_was_believed_before(file: Path) -> None:
    ring = ring_in(file)
    watch, tokens = KeyWatch([ring]), Tokens(ring, SystemClock())
    token = tokens.access_token(new_id(), lifetime=LIFETIME)
    tokens.session_of(token)
    change(file, generate_key())
    watch.look()
    with pytest.raises(NotLoggedIn):
        tokens.session_of(token)


@pytest.mark.parametrize("text", ["", "k1:short", "\u00e9"])
def test_a_damaged_file_changes_nothing(file: Path, text: str) -> None:
    ring = ring_in(file)
    watch, kids = KeyWatch([ring]), ring.kids
    change(file, text)
    watch.look()
    file.unlink()
    watch.look()
    assert (ring.kids, ring.version) == (kids, 0)


def test_a_ring_without_a_file_is_left_alone() -> None:
    ring = KeyRing.parse(generate_key())
    KeyWatch([ring]).look()
    assert ring.version == 0


async def test_a_process_follows_while_it_runs(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keywatch, "LOOK_S", 0.01)
    ring, newer = ring_in(file), grown(file)
    async with following(ring):
        await asyncio.sleep(0.03)
        assert ring.version == 0
        await asyncio.to_thread(change, file, newer)
        for _ in range(1_000):
            if ring.version:
                break
            await asyncio.sleep(0.01)
    assert len(ring.kids) == 2
