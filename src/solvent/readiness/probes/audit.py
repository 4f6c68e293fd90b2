"""Probes of the journal and of its sibling for security events."""

from collections.abc import Sequence
from typing import Any, Final

from solvent.kernel.probe import Bench, Need, Probe, Someone, config_check, live_probe
from solvent.readiness.probes.books import Books, opened
from solvent.readiness.probes.config import findings, production
from solvent.runtime.ids import new_id, new_token
from solvent.runtime.journal import INVARIANTS as JOURNAL
from solvent.runtime.security import INVARIANTS as SECURITY

LOGIN: Final = "/api/v1/auth/login"
CHANGES: Final = 10
KEPT_DAYS: Final = {"SOLVENT_RETENTION_AUDIT_DAYS": 365, "SOLVENT_RETENTION_FINANCIAL_DAYS": 2_557}
NO_PRIVILEGE: Final = "42501"
NEWEST: Final = "select coalesce(max(seq), 0) as seq from security_event"
SINCE: Final = """
    select kind, request_id, network::text, facts::text from security_event
     where seq > $1 and (person_id = $2::text::uuid or person_id is null)
"""
RECORDS: Final = "select kind from journal where household_id = $1::text::uuid"
REWRITES: Final = (
    "update journal set actor = 'nobody'",
    "delete from journal",
    "truncate journal",
    "update security_event set actor = 'nobody'",
    "delete from security_event",
    "truncate security_event",
)


async def _changes(bench: Bench, who: Someone, since: int) -> list[dict[str, Any]]:
    """Return what the household's journal says of transactions since ``since``."""
    answer = await bench.get(f"{who.home}/changes?since={since}", by=who)
    return [each for each in answer.at("items") if str(each["kind"]).startswith("transaction.")]


async def _seq(bench: Bench, who: Someone) -> int:
    return int((await bench.get(f"{who.home}/changes", by=who)).at("seq") or 0)


@live_probe("audit-complete")
async def every_change_leaves_one_record(bench: Bench) -> None:
    """Make changes, refused ones too, and count the records."""
    books = await opened(bench, await bench.newcomer())
    before = await _seq(bench, books.who)
    made: list[str] = []
    for number in range(CHANGES):
        made.append(str((await books.post(bench, books.transaction(-100 - number))).at("id")))
        await books.post(bench, books.transaction("much"))
    records = await _changes(bench, books.who, before)
    about = [str(each["subject"]) for each in records]
    bench.equal(f"What {CHANGES} changes and as many refusals are recorded about", about, made)
    wanting = [r for r in records if not (r.get("at") and r.get("actor") and r.get("after"))]
    bench.hold("Each says when, who and what it became", not wanting, len(records))


@live_probe("audit-transaction-created")
async def a_transactions_life_is_recorded(bench: Bench) -> None:
    """Make, change and delete a transaction and read the three records."""
    books = await opened(bench, await bench.newcomer())
    before = await _seq(bench, books.who)
    await _lived(bench, books)
    records = await _changes(bench, books.who, before)
    bench.equal("Records of making, changing and deleting", len(records), 3)
    made, changed, deleted = (records + [{}] * 3)[:3]
    bench.hold("The first holds the amount after", "-1050" in str(made.get("after")))
    bench.hold("The second holds it before", "-1050" in str(changed.get("before")))
    bench.hold("The second holds the new one after", "-2100" in str(changed.get("after")))
    bench.hold("The third holds it before", "-2100" in str(deleted.get("before")))


async def _lived(bench: Bench, books: Books) -> None:
    """Let a transaction be made, changed and deleted."""
    made = await books.post(bench, books.transaction(-1050))
    path = f"{books.who.home}/transactions/{made.at('id')}"
    postings = books.transaction(-2100)["postings"]
    await bench.send("PATCH", path, by=books.who, json={"postings": postings})
    await bench.send("DELETE", path, by=books.who)


@live_probe("audit-separate-store", Need.INSTALLATION)
async def records_stand_beside_their_change(bench: Bench) -> None:
    """Make a change and find its record in the database, and none for a change that was refused."""
    books = await opened(bench, await bench.newcomer())
    await books.post(bench, books.transaction())
    await books.post(bench, books.transaction(minor="much"))
    rows = await bench.installation.rows(RECORDS, books.who.household)
    kinds = [row["kind"] for row in rows if str(row["kind"]).startswith("transaction.")]
    bench.equal("Records of one change and one refusal", len(kinds), 1)


@live_probe("audit-append-only", Need.INSTALLATION)
async def records_stay(bench: Bench) -> None:
    """Try to rewrite the journals as the application, and recompute their chains."""
    await bench.someone()
    for statement in REWRITES:
        refused = await bench.installation.refusal_of(statement)
        bench.equal(f"“{statement}” as the application", refused, NO_PRIVILEGE)
    for invariant in (*JOURNAL, *SECURITY):
        offenders = await bench.installation.rows(invariant.offenders)
        bench.equal(f"{invariant.code}: offenders", len(offenders), 0)


@live_probe("audit-login-attempts", Need.INSTALLATION)
async def attempts_are_recorded(bench: Bench) -> None:
    """Log in rightly, wrongly and as nobody, and read the security events."""
    who = await bench.newcomer()
    since = (await bench.installation.rows(NEWEST))[0]["seq"]
    await bench.log_in(who)
    await bench.send("POST", LOGIN, json={"email": who.email, "password": new_token()})
    strange = f"{new_id().hex}@certify.invalid"
    await bench.send("POST", LOGIN, json={"email": strange, "password": new_token()})
    events = await bench.installation.rows(SINCE, since, who.id)
    kinds = [event["kind"] for event in events]
    bench.hold("The log-in is recorded", "login.succeeded" in kinds, kinds)
    bench.within("Failures that are recorded", kinds.count("login.failed"), "events", least=2)
    bench.hold("Each names its request", all(event["request_id"] for event in events))
    shown = [event for event in events if who.password in str(event) or who.email in str(event)]
    bench.hold("None holds a password or an address", not shown)


@live_probe("audit-request-response", Need.INSTALLATION)
async def a_request_leads_to_its_record(bench: Bench) -> None:
    """Send a request with an id of ours and look its security event up by it."""
    who = await bench.newcomer()
    request_id = f"certify-{new_id().hex}"
    since = (await bench.installation.rows(NEWEST))[0]["seq"]
    body = {"email": who.email, "password": who.password}
    answer = await bench.send("POST", LOGIN, json=body, headers={"x-request-id": request_id})
    bench.equal("The answer names the request", answer.header("x-request-id"), request_id)
    events = await bench.installation.rows(SINCE, since, who.id)
    found = [event["kind"] for event in events if event["request_id"] == request_id]
    bench.equal("Events of that request", found, ["login.succeeded"])


@config_check("audit-retention")
async def records_are_kept_long_enough(bench: Bench) -> None:
    """Read how long records are kept, and try to keep them for less."""
    for name, least in KEPT_DAYS.items():
        days = int(bench.installation.setting(name))
        bench.within(name, days, "d", least=least)
        code, _ = await findings(bench, production(**{name: str(least - 1)}))
        bench.equal(f"A {name} of {least - 1} days ends with", code, 1)


PROBES: Final[Sequence[Probe]] = (
    every_change_leaves_one_record,
    a_transactions_life_is_recorded,
    records_stand_beside_their_change,
    records_stay,
    attempts_are_recorded,
    a_request_leads_to_its_record,
    records_are_kept_long_enough,
)
