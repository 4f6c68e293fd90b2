"""Recent proof: what is dangerous is done within minutes of showing who one is, or after showing it again."""

import pytest

from solvent.identity.operations.open_page_session import open_page_session
from solvent.runtime.edge.credentials import COOKIE, CSRF_HEADER, Tokens, token_digest
from solvent.runtime.proof import ProofNeeded, require_recent_proof
from solvent.runtime.scope import Credential
from solvent.runtime.settinggroups import Settings
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member

PROVE = "/api/v1/auth/prove"


@pytest.fixture
async def cookie(signed_up: Member, works: Works, settings: Settings) -> str:
    """The cookie of a page's session that was opened just now."""
    async with works.for_nobody(cause="test") as work:
        return await open_page_session(work, person=signed_up.person, lifetimes=settings.sessions)


async def may(works: Works, cookie: str) -> bool:
    """Tell whether the page's session may do what is dangerous."""
    credential = Credential(token_digest=token_digest(cookie))
    async with works.for_session(credential, None, cause="test") as work:
        try:
            require_recent_proof(work)
        except ProofNeeded:
            return False
        return True


async def test_a_proof_is_recent_for_ten_minutes_and_can_be_given_again(
    signed_up: Member, works: Works, clock: HandMovedClock, settings: Settings, cookie: str
) -> None:
    clock.advance(minutes=10)
    assert await may(works, cookie)
    clock.advance(seconds=1)
    assert not await may(works, cookie)
    token = Tokens(settings.secrets.keys, clock).csrf_token(cookie)
    held = {"cookie": f"{COOKIE}={cookie}", CSRF_HEADER: token}
    answer = await signed_up.client.post(PROVE, json={"password": PASSWORD}, headers=held)
    assert answer.status_code == 200
    assert answer.json()["proved_until"] > answer.json()["proved_at"]
    assert await may(works, cookie)


async def test_a_proof_by_cookie_comes_from_our_own_page(signed_up: Member, cookie: str) -> None:
    held = {"cookie": f"{COOKIE}={cookie}"}
    answer = await signed_up.client.post(PROVE, json={"password": PASSWORD}, headers=held)
    assert (answer.status_code, answer.json()["code"]) == (403, "request.csrf")


async def test_a_wrong_password_proves_nothing_and_is_counted(
    signed_up: Member, works: Works, clock: HandMovedClock, cookie: str
) -> None:
    clock.advance(minutes=11)
    answers = [await signed_up.post(PROVE, json={"password": "not this one"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[0].json()["code"] == "identity.wrong_proof"
    assert not await may(works, cookie)


async def test_a_proof_is_of_one_session_only(
    signed_up: Member, works: Works, clock: HandMovedClock, cookie: str
) -> None:
    clock.advance(minutes=11)
    assert (await signed_up.post(PROVE, json={"password": PASSWORD})).status_code == 200
    assert not await may(works, cookie)


async def test_the_machine_itself_need_not_prove_anything(works: Works) -> None:
    async with works.for_machine(None, cause="test") as work:
        require_recent_proof(work)
