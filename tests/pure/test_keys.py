"""Key rings: what is taken, what is refused, and that made keys are made once."""

import base64
import contextlib
import hmac
import pickle
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path
from subprocess import PIPE

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from solvent.runtime.keys import (
    KEYS_PER_RING_MAX,
    BadKeys,
    KeyRing,
    UnknownKey,
    generate_key,
    load_or_make,
)


def encoded(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode("ascii")


def entry(kid: str) -> str:
    return f"{kid}:{generate_key().partition(':')[2]}"


def parsed(text: str) -> tuple[KeyRing | None, str]:
    """Return the ring that ``text`` is, or what its refusal says."""
    try:
        return KeyRing.parse(text), ""
    except BadKeys as refused:
        return None, refused.message


def test_a_generated_key_is_taken_and_holds_64_bytes() -> None:
    made = generate_key()
    kid, _, key = made.partition(":")
    assert KeyRing.parse(made).current_kid == kid
    assert len(base64.urlsafe_b64decode(key + "==")) == 64


def test_generated_keys_never_repeat_and_use_every_byte_alike() -> None:
    made = [base64.urlsafe_b64decode(generate_key().partition(":")[2] + "==") for _ in range(1_000)]
    assert len(set(made)) == 1_000
    counts = Counter(b"".join(made))
    expected = 64_000 / 256
    chi_square = sum((counts[byte] - expected) ** 2 / expected for byte in range(256))
    assert chi_square < 400  # 255 degrees of freedom: beyond 400 once in a hundred million


def test_the_first_key_is_the_current_one_and_the_others_still_derive() -> None:
    old, new = entry("old"), entry("new")
    ring = KeyRing.parse(f"{new},{old}")
    assert ring.current_kid == "new"
    assert ring.kids == ("new", "old")
    assert ring.derive("cookie", "old") == KeyRing.parse(old).derive("cookie")
    assert ring.derive("cookie") == ring.derive("cookie", "new")


def test_each_purpose_and_each_key_derives_another() -> None:
    ring = KeyRing.parse(f"{entry('a')},{entry('b')}")
    derived = {ring.derive(purpose, kid) for purpose in ("jwt", "csrf") for kid in ring.kids}
    assert len(derived) == 4
    assert {len(key) for key in derived} == {32}


def test_derivation_is_hkdf_over_sha256_and_stays_so() -> None:
    key = bytes((n * 37 + 11) % 251 for n in range(64))
    extracted = hmac.digest(bytes(32), key, "sha256")
    expanded = hmac.digest(extracted, b"solvent/jwt" + b"\x01", "sha256")
    assert KeyRing.parse("k1:" + encoded(key)).derive("jwt") == expanded


def test_an_unknown_kid_is_refused() -> None:
    with pytest.raises(UnknownKey):
        KeyRing.parse(entry("k1")).derive("jwt", "k2")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Key 1 has no id"),
        ("justakey", "Key 1 has no id"),
        (":" + "A" * 43, "1 to 32 letters"),
        ("has space:" + "A" * 43, "1 to 32 letters"),
        ("k1:spaced out", "not base64url"),
        ("k1:" + "a" * 44 + "a", "may have been cut"),
        ("k1:" + encoded(bytes(range(3, 34))), "holds 31 bytes"),
        ("k1:" + encoded(b"\0" * 64), "not random"),
        ("k1:" + encoded(bytes(range(64))), "not random"),
        ("k1:" + encoded(b"\x01\xfe\x33\x70" * 16), "not random"),
        ("k1:" + encoded(b"please-changeme-before-going-live!!"), "not random"),
        ("k1:" + "changeme-" * 4 + "abcdefgh", "not random"),
        ("k1:MySecretKeyThatNobodyWouldEverGuessAtAll1234567", "not random"),
    ],
)
def test_a_weak_or_malformed_key_is_refused_without_being_shown(text: str, told: str) -> None:
    with pytest.raises(BadKeys) as refused:
        KeyRing.parse(text)
    assert told in refused.value.message
    assert "solvent secrets generate" in refused.value.message
    for part in filter(None, text.split(":")[1:]):
        assert part not in refused.value.message


def test_everything_wrong_with_a_ring_is_said_at_once() -> None:
    with pytest.raises(BadKeys) as refused:
        KeyRing.parse(f"{entry('a')},nocolon,{entry('a')},b:c2hvcnQ")
    assert "Key 2 has no id" in refused.value.message
    assert "Key 3 repeats the id" in refused.value.message
    assert "Key 4 holds" in refused.value.message


def test_one_key_under_two_ids_is_refused() -> None:
    key = generate_key().partition(":")[2]
    with pytest.raises(BadKeys, match="Two ids hold the same key"):
        KeyRing.parse(f"a:{key},b:{key}")


def test_a_ring_has_a_limit() -> None:
    with pytest.raises(BadKeys, match="more than"):
        KeyRing.parse(",".join(entry(f"k{n}") for n in range(KEYS_PER_RING_MAX + 1)))


def test_a_ring_shows_its_ids_and_never_its_keys() -> None:
    made = generate_key()
    kid, _, key = made.partition(":")
    ring = KeyRing.parse(made)
    ring.derive("jwt")
    assert repr(ring) == f"KeyRing({kid})"
    assert key not in f"{ring!r}{ring}"


def test_a_ring_travels_to_another_process() -> None:
    ring = KeyRing.parse(entry("k1"))
    assert pickle.loads(pickle.dumps(ring)).derive("jwt") == ring.derive("jwt")  # noqa: S301 - ours


@given(st.lists(st.binary(min_size=32, max_size=96), min_size=1, max_size=8, unique=True))
def test_whatever_is_taken_derives_what_each_key_alone_derives(keys: list[bytes]) -> None:
    entries = [f"k{number}:{encoded(key)}" for number, key in enumerate(keys)]
    ring, _ = parsed(", ".join(entries))
    assume(ring)
    assert ring is not None
    for text, kid in zip(entries, ring.kids, strict=True):
        assert ring.derive("jwt", kid) == KeyRing.parse(text).derive("jwt")


@given(st.text(max_size=200))
def test_any_text_is_taken_or_refused_and_nothing_else(text: str) -> None:
    ring, refusal = parsed(text)
    assert (ring is None) == refusal.endswith(("generate`.", "oldest."))


@given(st.text(max_size=30), st.binary(min_size=8, max_size=31))
def test_no_refusal_shows_any_part_of_a_key(kid: str, key: bytes) -> None:
    ring, refusal = parsed(f"{kid}:{encoded(key)}")
    assert ring is None
    assert encoded(key) not in refusal


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    made = load_or_make(data_dir, "secret-keys")
    assert load_or_make(data_dir, "secret-keys") == made
    assert load_or_make(data_dir, "field-keys") != made
    kept = data_dir / "keys" / "secret-keys"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in kept.parent.iterdir()) == ["field-keys", "secret-keys"]


def test_processes_that_come_at_once_agree_on_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from solvent.runtime.keys import load_or_make;"
        "sys.stdin.readline(); print(load_or_make(Path(sys.argv[1]), 'secret-keys'))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with contextlib.ExitStack() as at_the_end:
        started = [
            at_the_end.enter_context(
                subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True)  # closed by the stack
            )
            for _ in range(4)
        ]
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        made = {process.communicate(timeout=60)[0] for process in started}
    assert len(made) == 1
    assert KeyRing.parse(made.pop())
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret-keys"]
