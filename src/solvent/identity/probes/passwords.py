"""Proofs about passwords: how they are kept, how slowly, which are taken, and guessing."""

import re
import statistics
import time
from collections.abc import Sequence
from typing import Final

from solvent.kernel.probe import Bench, Need, Probe, live_probe
from solvent.runtime.ids import new_token
from solvent.runtime.passwords import Passwords

LOGIN: Final = "/api/v1/auth/login"
TIMES: Final = 5
ATTEMPTS: Final = 5
WAIT_S_MAX: Final = 900
SLOW_HASH: Final = re.compile(r"\$2b\$1[2-9]\$.{53}|\$argon2id\$.*")
HASHES: Final = "select password_hash from person where id = any($1::text[]::uuid[])"
WEAK_ONES: Final = (
    "select count(*) as many from person where password_hash !~ '^\\$(2b\\$1[2-9]|argon2id)\\$'"
)


@live_probe("auth-password-bcrypt-12", Need.INSTALLATION)
async def passwords_are_kept_as_hashes(bench: Bench) -> None:
    """Give two people one password and read what the database has of it."""
    one = await bench.newcomer()
    other = await bench.newcomer(one.password)
    rows = await bench.installation.rows(HASHES, [one.id, other.id])
    kept = [str(row["password_hash"]) for row in rows]
    bench.equal("Hashes of two people with one password that differ", len(set(kept)), 2)
    for text in kept:
        bench.hold("It is a slow, salted hash", SLOW_HASH.fullmatch(text), text[:9])
        bench.hold("The password does not stand in it", one.password not in text)
    weak = await bench.installation.rows(WEAK_ONES)
    bench.equal("People whose hash is weaker", [row["many"] for row in weak], [0])


@live_probe("auth-password-hash-time", Need.INSTALLATION)
async def hashing_is_slow_but_bearable(bench: Bench) -> None:
    """Hash a few times at the cost that is set."""
    passwords = Passwords(int(bench.installation.setting("SOLVENT_BCRYPT_COST")))
    took: list[float] = []
    for _ in range(TIMES):
        began = time.process_time()  # what else the machine does meanwhile is not the hash's
        await passwords.hash(new_token())
        took.append((time.process_time() - began) * 1000)
    median = statistics.median(took)
    bench.within(f"Median of {TIMES} hashes", median, "ms", least=100, most=500)


@live_probe("auth-account-lockout", Need.DRILLS)
async def guessing_is_stopped(bench: Bench) -> None:
    """Guess a password until the right one is refused too."""
    who = await bench.newcomer()
    for _ in range(ATTEMPTS):
        body = {"email": who.email, "password": new_token()}
        answer = await bench.send("POST", LOGIN, json=body)
        bench.hold("A wrong password is refused", answer.status in {401, 429}, answer.status)
    body = {"email": who.email, "password": who.password}
    answer = await bench.send("POST", LOGIN, json=body)
    bench.equal(f"The right one after {ATTEMPTS} wrong ones", answer.status, 429)
    wait = answer.header("retry-after")
    seconds = int(wait) if wait.isdecimal() else 0
    bench.within("Time to wait", seconds, "s", least=1, most=WAIT_S_MAX)


PROBES: Final[Sequence[Probe]] = (
    passwords_are_kept_as_hashes,
    hashing_is_slow_but_bearable,
    guessing_is_stopped,
)
