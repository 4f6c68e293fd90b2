"""Proofs about tokens, and the log-ins behind them."""

import asyncio
from collections.abc import Sequence
from typing import Final

from joserfc import jwt
from joserfc.jwk import OctKey

from solvent.kernel.probe import Bench, Probe, config_check, live_probe
from solvent.runtime.ids import new_id, new_token

ME: Final = "/api/v1/me"
REFRESH: Final = "/api/v1/auth/refresh"
ACCESS_S: Final = 900
CONNECTIONS: Final = 20
DAY_S: Final = 86_400
REFRESH_DAYS_MAX: Final = 30
LIVES: Final = """
    select extract(epoch from expires_at - created_at)::float8 as seconds from session
     where person_id = $1::text::uuid and channel = 'api'
"""


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _altered(token: str) -> str:
    """Return ``token`` with one sign of its signature changed."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def _unsigned(token: str) -> str:
    """Return what ``token`` says with the word that it needs no signature."""
    return f"eyJhbGciOiJub25lIn0.{token.split('.')[1]}."


def _strangers(bench: Bench) -> str:
    """Return a token that somebody else signed."""
    now = int(bench.clock.now().timestamp())
    claims = {"sid": str(new_id()), "iat": now, "exp": now + ACCESS_S}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(new_token()))


@live_probe("auth-jwt-required")
async def a_token_is_demanded(bench: Bench) -> None:
    """Ask who I am with a good token, with none, and with three bad ones."""
    who = await bench.someone()
    bench.equal("A token from a log-in", (await bench.get(ME, by=who)).status, 200)
    bench.equal("No token", (await bench.get(ME)).status, 401)
    token = who.access_token
    for name, bad in (
        ("A changed signature", _altered(token)),
        ("No signature", _unsigned(token)),
        ("A stranger's signature", _strangers(bench)),
    ):
        bench.equal(name, (await bench.get(ME, headers=_bearer(bad))).status, 401)


@live_probe("auth-login-and-refresh-issued")
async def a_log_in_gives_a_pair(bench: Bench) -> None:
    """Log in, refresh, and use the new token."""
    who = await bench.log_in(await bench.someone())
    bench.hold("A log-in gives two tokens", who.access_token and who.refresh_token)
    renewed = await bench.send("POST", REFRESH, json={"refresh_token": who.refresh_token})
    bench.equal("The refresh token buys a new pair", renewed.status, 200)
    used = await bench.get(ME, headers=_bearer(renewed.at("access_token")))
    bench.equal("The new access token works", used.status, 200)
    fresh = renewed.at("refresh_token") not in {"", who.refresh_token}
    bench.hold("The new refresh token is another", fresh)


@live_probe("auth-access-token-15min")
async def access_is_short(bench: Bench) -> None:
    """Read the life of a token from the answer that hands it out."""
    who = await bench.someone()
    answer = await bench.send(
        "POST", "/api/v1/auth/login", json={"email": who.email, "password": who.password}
    )
    life = int(answer.at("expires_in") or 0)
    bench.within("Life of an access token", life, "s", least=1, most=ACCESS_S)


@live_probe("auth-refresh-rotation-reuse")
async def a_refresh_token_works_once(bench: Bench) -> None:
    """Use a refresh token twice, then what the first use bought."""
    who = await bench.log_in(await bench.someone())
    first = await bench.send("POST", REFRESH, json={"refresh_token": who.refresh_token})
    bench.equal("The first use", first.status, 200)
    again = await bench.send("POST", REFRESH, json={"refresh_token": who.refresh_token})
    bench.equal("The second use", again.status, 401)
    bought = first.at("refresh_token")
    after = await bench.send("POST", REFRESH, json={"refresh_token": bought})
    bench.equal("What the first use bought, after the second", after.status, 401)


@live_probe("auth-logout-ends-session")
async def a_log_out_counts_at_once(bench: Bench) -> None:
    """Log out and use the old tokens on many connections."""
    who = await bench.log_in(await bench.someone())
    bench.equal("Before", (await bench.get(ME, by=who)).status, 200)
    left = await bench.send("POST", "/api/v1/auth/logout", by=who)
    bench.equal("The log-out", left.status, 204)
    after = await asyncio.gather(*(bench.get(ME, by=who) for _ in range(CONNECTIONS)))
    refused = sum(answer.status == 401 for answer in after)  # noqa: PLR2004 - the claim's word
    bench.equal(f"Refused of {CONNECTIONS} requests with the old token", refused, CONNECTIONS)
    renewed = await bench.send("POST", REFRESH, json={"refresh_token": who.refresh_token})
    bench.equal("The old refresh token", renewed.status, 401)


@config_check("auth-refresh-token-7d")
async def refreshing_ends(bench: Bench) -> None:
    """Read how long the sessions of a person live, beside the setting."""
    who = await bench.someone()
    days = int(bench.installation.setting("SOLVENT_SESSION_REFRESH_DAYS"))
    bench.within("SOLVENT_SESSION_REFRESH_DAYS", days, "d", least=1, most=REFRESH_DAYS_MAX)
    lives = [row["seconds"] for row in await bench.installation.rows(LIVES, who.id)]
    bench.hold("The person has a session", lives, len(lives))
    for life in lives:
        bench.within("Life of a session with a refresh token", life, "s", most=days * DAY_S + 1)


PROBES: Final[Sequence[Probe]] = (
    a_token_is_demanded,
    a_log_in_gives_a_pair,
    access_is_short,
    a_refresh_token_works_once,
    a_log_out_counts_at_once,
    refreshing_ends,
)
