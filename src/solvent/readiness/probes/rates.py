"""Probes of how often: by address, by account, by name, and what a refusal says."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from solvent.kernel.probe import Answer, Bench, Need, Probe, Someone, live_probe, load_test
from solvent.readiness.probes.access import operations
from solvent.readiness.probes.config import findings, production
from solvent.runtime.door.passes import HEADER as PASS_HEADER
from solvent.runtime.ids import new_id, new_token

ME: Final = "/api/v1/me"
REFRESH: Final = "/api/v1/auth/refresh"
LOGIN: Final = "/api/v1/auth/login"
LIMITED: Final = {PASS_HEADER: ""}
"""Headers of a request that shows no pass, so that it is counted like anybody's."""
POLICY: Final = re.compile(r'"(?P<name>\w+)";q=(?P<count>\d+);w=(?P<seconds>\d+)')
STATE: Final = re.compile(r'"(?P<name>\w+)";r=(?P<left>\d+);t=(?P<reset>\d+)')
TOO_MANY: Final = 429
MINUTE_S: Final = 60
AT_ONCE: Final = 20
GUESSES: Final = 5
LOGIN_WAIT_S_MAX: Final = 900
COUNT_MAX: Final = 2_000
"""Most requests that are spent on reaching a limit."""
RATES: Final = (
    "SOLVENT_RATE_IP",
    "SOLVENT_RATE_ACCOUNT",
    "SOLVENT_RATE_LOGIN",
    "SOLVENT_RATE_AUTH",
)
FORGED: Final = ("x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip")


class Told(NamedTuple):
    """What an answer tells of one limit."""

    many: int
    seconds: int

    @property
    def by_minute(self) -> float:
        """How many requests a minute that makes."""
        return self.many * MINUTE_S / self.seconds


class Burst(NamedTuple):
    """What came back to many requests, and how long they took."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def passed(self) -> int:
        """How many were let through."""
        return sum(answer.status != TOO_MANY for answer in self.answers)

    def most(self, told: Told) -> float:
        """Return how many may pass meanwhile, for the window slides on."""
        return told.many * (1 + self.seconds / told.seconds) + 1


def _told(answer: Answer, name: str) -> Told | None:
    """Return the limit called ``name`` that ``answer`` tells of."""
    for found in POLICY.finditer(answer.header("ratelimit-policy")):
        if found["name"] == name:
            return Told(int(found["count"]), int(found["seconds"]))
    return None


async def _limited(
    bench: Bench, method: str, path: str, *, by: Someone | None = None, **said: object
) -> Answer:
    """Send a request that shows no pass."""
    return await bench.send(method, path, by=by, headers=LIMITED, json=said or None)


async def _burst(bench: Bench, first: Told, by: Someone | None) -> Burst:
    """Send more requests than may pass, over several connections."""
    began, answers = time.perf_counter(), list[Answer]()
    while len(answers) < min(COUNT_MAX, first.many * 2) and not _is_over(answers):
        batch = (_limited(bench, "GET", ME, by=by) for _ in range(AT_ONCE))
        answers.extend(await asyncio.gather(*batch))
    return Burst(answers, time.perf_counter() - began)


def _is_over(answers: Sequence[Answer]) -> bool:
    return any(answer.status == TOO_MANY for answer in answers[-AT_ONCE:])


async def _reached(bench: Bench, name: str, most: int, by: Someone | None) -> None:
    """Hold that the limit called ``name`` is told, is no looser than ``most``, and is real."""
    told = _told(await _limited(bench, "GET", ME, by=by), name)
    if not bench.hold(f"The limit by {name} is told", told) or told is None:
        return
    bench.within(f"Requests a minute by {name}", told.by_minute, "requests", least=1, most=most)
    burst = await _burst(bench, told, by)
    bench.within("Requests let through", burst.passed, "requests", most=round(burst.most(told)))
    _refused(bench, burst.answers[-AT_ONCE:])


def _refused(bench: Bench, answers: Sequence[Answer]) -> None:
    """Hold that one of ``answers`` refuses, and says until when."""
    refusals = [answer for answer in answers if answer.status == TOO_MANY]
    bench.hold("What is beyond is refused", refusals, Counter(each.status for each in answers))
    for each in refusals[:1]:
        wait = each.header("retry-after")
        bench.hold("It says how long to wait, in whole seconds", wait.isdecimal(), wait)


@live_probe("ratelimit-ip-100-per-min")
async def strangers_have_a_limit(bench: Bench) -> None:
    """Ask as nobody until it is too often."""
    await _reached(bench, "address", 100, None)


@load_test("ratelimit-account-1000-per-min")
async def people_have_a_limit(bench: Bench) -> None:
    """Ask as one person until it is too often."""
    await _reached(bench, "account", 1_000, await bench.newcomer())


@live_probe("ratelimit-login-5-per-15min")
async def guessing_waits(bench: Bench) -> None:
    """Guess a password five times, then give the right one."""
    who = await bench.newcomer()
    for number in range(GUESSES):
        guess = {"email": who.email, "password": new_token()}
        answer = await bench.send("POST", LOGIN, json=guess)
        bench.equal(f"Guess {number + 1}", answer.status, 401)
    right = {"email": who.email, "password": who.password}
    sixth = await bench.send("POST", LOGIN, json=right)
    bench.equal("The sixth attempt, with the right password", sixth.status, TOO_MANY)
    wait = sixth.header("retry-after")
    seconds = int(wait) if wait.isdecimal() else 0
    bench.within("Time to wait", seconds, "s", least=1, most=LOGIN_WAIT_S_MAX)
    other = await bench.newcomer()
    bench.hold("Another name of the same address gets in", other.access_token)


@live_probe("ratelimit-auth-10-per-min")
async def ways_in_have_a_limit(bench: Bench) -> None:
    """Refresh with a token that is none until it is too often."""
    who = await bench.newcomer()  # so that nothing but this limit is reached
    answers: list[Answer] = []
    began = time.perf_counter()
    while len(answers) < AT_ONCE and not _is_over(answers):
        answers.append(await _limited(bench, "POST", REFRESH, by=who, refresh_token=new_token()))
    told = _told(answers[0], "auth")
    if not bench.hold("The limit is told", told) or told is None:
        return
    bench.within("Tries a minute", told.by_minute, "tries", least=1, most=10)
    burst = Burst(answers, time.perf_counter() - began)
    bench.within("Tries let through", burst.passed, "tries", most=round(burst.most(told)))
    _refused(bench, answers)


@live_probe("ratelimit-covers-all-routes")
async def every_operation_tells_its_limit(bench: Bench) -> None:
    """Call every operation as nobody and read what it tells of limits."""
    asked, silent = 0, list[str]()
    for method, path, _ in await operations(bench):
        if path.startswith("/health"):
            continue
        asked += 1
        where = re.sub(r"{\w+}", str(new_id()), path)
        answer = await _limited(bench, method, where)
        whole = POLICY.search(answer.header("ratelimit-policy"))
        if not whole or not STATE.search(answer.header("ratelimit")):
            silent.append(f"{method} {path}")
    bench.within("Operations that were asked", asked, "operations", least=1)
    bench.hold("None is silent about its limit", not silent, silent or "none")


@live_probe("ratelimit-enabled-in-production", Need.INSTALLATION)
async def limits_stay_on(bench: Bench) -> None:
    """Read the rates, try to set endless ones, and send a burst."""
    for name in RATES:
        rate = bench.installation.setting(name)
        bench.within(f"{name} by the minute", rate.count * MINUTE_S / rate.seconds, "", most=10_000)
        code, _ = await findings(bench, production(**{name: "off"}))
        bench.equal(f"{name} switched off ends with", code, 1)
    told = _told(await _limited(bench, "GET", ME), "address")
    if bench.hold("The limit by address is told", told) and told is not None:
        _refused(bench, (await _burst(bench, told, None)).answers)


@live_probe("ratelimit-shared-across-workers", Need.INSTALLATION, Need.TIME)
async def processes_count_together(bench: Bench) -> None:
    """See that several processes need Redis, and burst over many connections."""
    several = {"SOLVENT_HTTP_WORKERS": "2"}
    code, _ = await findings(bench, production(**several))
    bench.equal("Two processes without Redis end with", code, 1)
    workers = int(bench.installation.setting("SOLVENT_HTTP_WORKERS"))
    redis = bench.installation.setting("SOLVENT_REDIS_URL")
    bench.hold("What serves has one count", workers == 1 or redis is not None, f"{workers} workers")
    await _reached(bench, "account", 1_000, await bench.newcomer())


@live_probe("ratelimit-429-tells-when", Need.TIME)
async def asking_again_works_when_it_says(bench: Bench) -> None:
    """Come upon a limit, wait as long as it says, and ask again."""
    who = await bench.newcomer()
    refused = None
    for _ in range(AT_ONCE):
        answer = await _limited(bench, "POST", REFRESH, by=who, refresh_token=new_token())
        if answer.status == TOO_MANY:
            refused = answer
            break
    if not bench.hold("A limit is reached", refused) or refused is None:
        return
    bench.equal("It is a problem", refused.header("content-type"), "application/problem+json")
    bench.hold("It has a code", refused.code, refused.code)
    wait = refused.header("retry-after")
    bench.hold("It says how long in whole seconds", wait.isdecimal(), wait)
    seconds = min(int(wait) if wait.isdecimal() else 0, LOGIN_WAIT_S_MAX // 10)
    await asyncio.sleep(seconds)
    again = await _limited(bench, "POST", REFRESH, by=who, refresh_token=new_token())
    bench.hold(f"After {seconds} s it is let through", again.status != TOO_MANY, again.status)


@live_probe("ratelimit-client-address-trusted")
async def forged_addresses_change_nothing(bench: Bench) -> None:
    """Ask as nobody, each time from another address by one's own word."""
    first = await _limited(bench, "GET", ME)
    left = _left(first)
    bench.hold("What is left is told", left is not None, first.header("ratelimit"))
    for number, name in enumerate(FORGED):
        address = f"203.0.113.{number + 1}"
        said = {name: f"for={address}" if name == "forwarded" else address}
        answer = await bench.get(ME, headers=LIMITED | said)
        now = _left(answer)
        same = left is not None and now is not None and now <= left
        bench.hold(f"{name} gives no new count", same, f"{left} left, then {now}")


def _left(answer: Answer) -> int | None:
    found = STATE.search(answer.header("ratelimit"))
    return int(found["left"]) if found else None


PROBES: Final[Sequence[Probe]] = (
    strangers_have_a_limit,
    people_have_a_limit,
    guessing_waits,
    ways_in_have_a_limit,
    every_operation_tells_its_limit,
    limits_stay_on,
    processes_count_together,
    asking_again_works_when_it_says,
    forged_addresses_change_nothing,
)
