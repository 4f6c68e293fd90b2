"""Probes of what somebody may do by how they came in: second factors, tokens, roles."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyotp.totp import TOTP

from solvent.kernel.probe import Answer, Bench, Need, Probe, Someone, Unproved, live_probe
from solvent.readiness.probes.audit import NEWEST, SINCE
from solvent.readiness.probes.books import opened
from solvent.runtime.ids import new_token

LOGIN: Final = "/api/v1/auth/login"
TOKENS: Final = "/api/v1/tokens"
STEP_S: Final = 30
CREATED: Final = 201
REFUSED: Final = 401
FORBIDDEN: Final = frozenset({403, 404})
SENSITIVE: Final = (
    "factor.added",
    "factor.removed",
    "token.made",
    "token.revoked",
    "data.exported",
    "password.changed",
)


class Phone:
    """An authenticator of a disposable person, and the recovery codes that came with it."""

    def __init__(self, bench: Bench, secret: str) -> None:
        """Show codes of ``secret`` by the clock of ``bench``."""
        self._bench = bench
        self._codes = TOTP(secret)
        self.recovery: list[str] = []

    def code(self, steps: int = 0) -> str:
        """Return what it shows, or showed or will show some steps away."""
        return self._codes.at(int(self._bench.clock.now().timestamp()) + steps * STEP_S)


async def _with_phone(bench: Bench, who: Someone) -> Phone:
    """Set up an authenticator for ``who``."""
    key = await bench.send("POST", "/api/v1/me/authenticator", by=who)
    if key.status != CREATED:
        raise Unproved(f"No authenticator could be set up: {key.status} {key.code}.")
    phone = Phone(bench, str(key.at("secret")))
    path = "/api/v1/me/authenticator/confirm"
    answer = await bench.send("POST", path, by=who, json={"code": phone.code()})
    phone.recovery = [str(code) for code in answer.at("recovery_codes")]
    bench.hold("Recovery codes come with it", phone.recovery, len(phone.recovery))
    return phone


async def _log_in(bench: Bench, who: Someone, code: str = "") -> Answer:
    said = {"email": who.email, "password": who.password}
    return await bench.send("POST", LOGIN, json=said | ({"code": code} if code else {}))


@live_probe("auth-mfa-available")
async def a_second_factor_is_demanded(bench: Bench) -> None:
    """Set up an authenticator and log in with and without its codes."""
    who = await bench.newcomer()
    phone = await _with_phone(bench, who)
    bench.equal("The password alone", (await _log_in(bench, who)).status, REFUSED)
    bench.equal("A stale code", (await _log_in(bench, who, phone.code(-4))).status, REFUSED)
    code = phone.code(1)
    bench.equal("A good code", (await _log_in(bench, who, code)).status, 200)
    bench.equal("The same code again", (await _log_in(bench, who, code)).status, REFUSED)
    spare = phone.recovery[0] if phone.recovery else "none"
    bench.equal("A recovery code", (await _log_in(bench, who, spare)).status, 200)
    bench.equal("The same one again", (await _log_in(bench, who, spare)).status, REFUSED)


@live_probe("auth-role-scopes")
async def tokens_and_roles_have_ends(bench: Bench) -> None:
    """Read and write with a token that reads, then as a member who only looks."""
    owner = await bench.newcomer()
    books = await opened(bench, owner)
    made = await bench.send("POST", TOKENS, by=owner, json={"name": "p", "scopes": ["books:read"]})
    reader = replace(owner, access_token=str(made.at("token")))
    await _reads_and_nothing_else(bench, reader, owner.home, "A token that reads")
    answer = await bench.send("POST", TOKENS, by=reader, json={"name": "q"})
    bench.hold("It makes no other token", answer.status in FORBIDDEN, answer.status)
    guest = await bench.newcomer()
    path = f"{owner.home}/invitations"
    invited = await bench.send("POST", path, by=owner, json={"role": "viewer"})
    link = {"token": str(invited.at("token"))}
    joined = await bench.send("POST", "/api/v1/invitations/accept", by=guest, json=link)
    bench.equal("A guest becomes a viewer", joined.status, 200)
    await _reads_and_nothing_else(bench, guest, owner.home, "A viewer")
    body = books.transaction()
    answer = await bench.send("POST", f"{owner.home}/transactions", by=guest, json=body)
    bench.hold("A viewer books nothing", answer.status in FORBIDDEN, answer.status)


async def _reads_and_nothing_else(bench: Bench, who: Someone, home: str, name: str) -> None:
    read = await bench.get(f"{home}/accounts", by=who)
    bench.equal(f"{name}: reading accounts", read.status, 200)
    account = {"name": f"probe {new_token()[:8]}", "kind": "asset", "currency": "EUR"}
    wrote = await bench.send("POST", f"{home}/accounts", by=who, json=account)
    bench.hold(f"{name}: adding an account is refused", wrote.status in FORBIDDEN, wrote.status)
    invited = await bench.send("POST", f"{home}/invitations", by=who, json={"role": "viewer"})
    bench.hold(f"{name}: inviting is refused", invited.status in FORBIDDEN, invited.status)


@live_probe("audit-sensitive-operations", Need.INSTALLATION)
async def what_is_sensitive_is_recorded(bench: Bench) -> None:
    """Add and remove a factor, make and revoke a token, export, change the password; read events."""
    who = await bench.newcomer()
    since = (await bench.installation.rows(NEWEST))[0]["seq"]
    await _with_phone(bench, who)
    await bench.send("DELETE", "/api/v1/me/authenticator", by=who)
    made = await bench.send("POST", TOKENS, by=who, json={"name": "p"})
    await bench.send("DELETE", f"{TOKENS}/{made.at('id')}", by=who)
    await bench.get(f"{who.home}/audit/export", by=who)
    chosen = {"password": who.password, "new_password": new_token()}
    await bench.send("POST", "/api/v1/me/password", by=who, json=chosen)
    events = await bench.installation.rows(SINCE, since, who.id)
    kinds = [str(event["kind"]) for event in events]
    for kind in SENSITIVE:
        bench.equal(f"Events “{kind}”", kinds.count(kind), 1)
    bench.hold("None holds a password", not [e for e in events if who.password in str(e)])


PROBES: Final[Sequence[Probe]] = (
    a_second_factor_is_demanded,
    tokens_and_roles_have_ends,
    what_is_sensitive_is_recorded,
)
