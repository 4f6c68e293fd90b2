"""People come in through a provider outside, and nothing that it or anybody in between forges does."""

import re
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
import pytest
from joserfc.jwk import KeySet, RSAKey
from pyotp.totp import TOTP

from solvent.identity.operations.open_page_session import open_page_session
from solvent.runtime.edge.credentials import COOKIE, Tokens
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import load
from solvent.runtime.work import Works
from solvent.web.openid import STATE_COOKIE
from tests.clocks import HandMovedClock
from tests.database.clients import Member
from tests.provider import CLIENT_ID, CLIENT_SECRET, CODE, Provider, providing

START = "/log-in/openid"
CALLBACK = "/log-in/openid/callback"


@pytest.fixture
def provider(clock: HandMovedClock) -> Generator[Provider, None, None]:
    with providing(lambda: clock.now().timestamp()) as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, provider: Provider) -> Settings:
    """Settings with a provider, which lets people sign up."""
    loaded = load(
        {
            "SOLVENT_ENV": "test",
            "SOLVENT_DATA_DIR": str(tmp_path),
            "SOLVENT_BCRYPT_COST": "4",
            "SOLVENT_DB_POOL_MAX": "6",
            "SOLVENT_OIDC_ISSUER": provider.issuer,
            "SOLVENT_OIDC_CLIENT_ID": CLIENT_ID,
            "SOLVENT_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "SOLVENT_OIDC_ALLOW_REGISTRATION": "true",
        }
    )
    assert loaded.settings is not None, loaded.findings
    return loaded.settings


async def asked(
    client: httpx2.AsyncClient, provider: Provider, query: str = "", cookie: str = ""
) -> dict[str, str]:
    """Begin, and return what the browser is sent to the provider with."""
    headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
    answer = await client.get(f"{START}{query}", headers=headers)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"{provider.issuer}/authorize?")
    return provider.heard(answer.headers["location"])


async def back(
    client: httpx2.AsyncClient, state: str, cookie: str | None = None, **more: str
) -> httpx2.Response:
    """Come back from the provider."""
    kept = f"{STATE_COOKIE}={state if cookie is None else cookie}"
    held = more.pop("session", "")
    headers = {"cookie": f"{kept}; {COOKIE}={held}" if held else kept}
    params = {"code": CODE, "state": state} | more
    return await client.get(CALLBACK, params=params, headers=headers)


async def linked(member: Member, works: Works, settings: Settings, provider: Provider) -> str:
    """Link the provider's person to ``member``, and return the cookie of the session that did."""
    async with works.for_nobody(cause="test") as work:
        cookie = await open_page_session(work, person=member.person, lifetimes=settings.sessions)
    question = await asked(member.client, provider, "?link=true", cookie)
    answer = await back(member.client, question["state"], session=cookie)
    assert answer.status_code == 303, answer.text
    return cookie


def refusal_of(answer: httpx2.Response) -> str:
    """Return why the page says that it did not work."""
    found = re.search(r"did not work \(([a-z_]+)\)", answer.text)
    assert found is not None, answer.text
    return found[1]


async def test_the_question_proves_itself_and_leads_nowhere_else(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    question = await asked(app_client, provider)
    assert question["response_type"] == "code"
    assert question["code_challenge_method"] == "S256"
    assert question["scope"].split() == ["openid", "email", "profile"]
    assert urlsplit(question["redirect_uri"]).path == CALLBACK
    assert len({question["state"], question["nonce"], question["code_challenge"]}) == 3


async def test_somebody_links_logs_in_and_unlinks(
    signed_up: Member, works: Works, settings: Settings, provider: Provider, clock: HandMovedClock
) -> None:
    cookie = await linked(signed_up, works, settings, provider)
    question = await asked(signed_up.client, provider, f"?next={quote('/h/x')}")
    answer = await back(signed_up.client, question["state"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/h/x")
    assert COOKIE in answer.headers["set-cookie"]
    page = f"/h/{signed_up.household}/settings/linked"
    held = {"cookie": f"{COOKIE}={cookie}"}
    shown = await signed_up.client.get(page, headers=held)
    link = re.search(r'name="link" value="([0-9a-f-]{36})"', shown.text)
    assert link is not None
    token = Tokens(settings.secrets.keys, clock).csrf_token(cookie)
    form = {"do": "unlink", "link": link[1], "csrf_token": token}
    assert (await signed_up.client.post(page, data=form, headers=held)).status_code == 303
    question = await asked(signed_up.client, provider)
    assert (await back(signed_up.client, question["state"])).status_code == 403


async def test_somebody_with_an_authenticator_is_asked_for_a_code(
    signed_up: Member, works: Works, settings: Settings, provider: Provider, clock: HandMovedClock
) -> None:
    await linked(signed_up, works, settings, provider)
    key = (await signed_up.post("/api/v1/me/authenticator")).json()
    code = TOTP(key["secret"]).at(int(clock.now().timestamp()))
    await signed_up.post("/api/v1/me/authenticator/confirm", json={"code": code})
    question = await asked(signed_up.client, provider)
    answer = await back(signed_up.client, question["state"])
    assert (answer.status_code, 'name="challenge"' in answer.text) == (200, True)
    provider.claims = {"amr": ["pwd", "mfa"]}
    question = await asked(signed_up.client, provider)
    assert (await back(signed_up.client, question["state"])).status_code == 303


async def test_an_equal_address_links_nothing(signed_up: Member, provider: Provider) -> None:
    question = await asked(signed_up.client, provider)
    answer = await back(signed_up.client, question["state"])
    assert answer.status_code == 403
    assert "An equal address is no proof" in answer.text
    assert COOKIE not in answer.headers.get("set-cookie", "").replace(STATE_COOKIE, "")


async def test_an_identity_leads_to_one_person(
    signed_up: Member, neighbour: Member, works: Works, settings: Settings, provider: Provider
) -> None:
    await linked(signed_up, works, settings, provider)
    async with works.for_nobody(cause="test") as work:
        cookie = await open_page_session(work, person=neighbour.person, lifetimes=settings.sessions)
    question = await asked(neighbour.client, provider, "?link=true", cookie)
    answer = await back(neighbour.client, question["state"], session=cookie)
    assert answer.status_code == 409


async def test_linking_wants_a_session_and_a_recent_proof(
    signed_up: Member, works: Works, settings: Settings, clock: HandMovedClock
) -> None:
    assert (await signed_up.client.get(f"{START}?link=true")).status_code == 401
    async with works.for_nobody(cause="test") as work:
        cookie = await open_page_session(work, person=signed_up.person, lifetimes=settings.sessions)
    clock.advance(minutes=11)
    held = {"cookie": f"{COOKIE}={cookie}"}
    assert (await signed_up.client.get(f"{START}?link=true", headers=held)).status_code == 403


async def test_a_link_is_for_the_session_that_asked(
    signed_up: Member, neighbour: Member, works: Works, settings: Settings, provider: Provider
) -> None:
    async with works.for_nobody(cause="test") as work:
        cookies = [
            await open_page_session(work, person=person, lifetimes=settings.sessions)
            for person in (signed_up.person, neighbour.person)
        ]
    question = await asked(signed_up.client, provider, "?link=true", cookies[0])
    answer = await back(signed_up.client, question["state"], session=cookies[1])
    assert refusal_of(answer) == "session"


async def test_somebody_new_signs_up_with_what_the_provider_vouched_for(
    app_client: httpx2.AsyncClient, provider: Provider, works: Works
) -> None:
    question = await asked(app_client, provider)
    page = await back(app_client, question["state"])
    vouched = re.search(r'name="pass" value="([^"]+)"', page.text)
    assert vouched is not None
    form = {"pass": vouched[1], "name": "Alma", "household": "Home", "base_currency": "EUR"}
    forged = form | {"pass": vouched[1][:-2] + "xx"}
    assert (await app_client.post(f"{START}/sign-up", data=forged)).status_code == 403
    answer = await app_client.post(f"{START}/sign-up", data=form)
    assert answer.status_code == 303, answer.text
    async with works.for_nobody(cause="test") as work:
        assert await work.column("select email from person") == ["alma@example.org"]
    question = await asked(app_client, provider)
    assert (await back(app_client, question["state"])).status_code == 303


async def test_an_address_that_is_not_verified_signs_nobody_up(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    provider.claims = {"email_verified": False}
    question = await asked(app_client, provider)
    assert (await back(app_client, question["state"])).status_code == 403


LIES: dict[str, tuple[dict[str, Any], str]] = {
    "another nonce": ({"claims": {"nonce": "x"}}, "nonce"),
    "no nonce": ({"dropped": ("nonce",)}, "nonce"),
    "for another client": ({"claims": {"aud": "somebody-else"}}, "audience"),
    "authorized for another": ({"claims": {"aud": [CLIENT_ID, "x"], "azp": "x"}}, "audience"),
    "for two, for neither": ({"claims": {"aud": [CLIENT_ID, "x"]}}, "audience"),
    "of another issuer": ({"claims": {"iss": "https://evil.example"}}, "issuer"),
    "expired": ({"claims": {"exp": 1}}, "expired"),
    "without end": ({"dropped": ("exp",)}, "time"),
    "from the future": ({"claims": {"iat": 4e9}}, "time"),
    "about nobody": ({"claims": {"sub": ""}}, "subject"),
    "another access token": ({"claims": {"at_hash": "x"}}, "at_hash"),
    "not signed": ({"unsigned": True}, "signature"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_lies_lets_nobody_in(
    app_client: httpx2.AsyncClient, provider: Provider, lie: str
) -> None:
    said, reason = LIES[lie]
    for name, value in said.items():
        setattr(provider, name, value)
    question = await asked(app_client, provider)
    answer = await back(app_client, question["state"])
    assert answer.status_code == 403
    assert refusal_of(answer) == reason


async def test_the_keys_are_asked_for_again_when_they_have_changed(
    app_client: httpx2.AsyncClient, provider: Provider, clock: HandMovedClock
) -> None:
    question = await asked(app_client, provider)
    assert (await back(app_client, question["state"])).status_code == 200
    provider.keys = KeySet([RSAKey.generate_key(2048, {"kid": "two"})])
    question = await asked(app_client, provider)
    assert refusal_of(await back(app_client, question["state"])) == "signature"
    clock.advance(seconds=30)
    question = await asked(app_client, provider)
    assert (await back(app_client, question["state"])).status_code == 200
    assert provider.asked.count("/.well-known/openid-configuration") == 1


async def test_a_stranger_with_the_name_of_the_key_does_not_sign(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    provider.published = provider.keys
    provider.signing = RSAKey.generate_key(2048, {"kid": "one"})
    question = await asked(app_client, provider)
    assert refusal_of(await back(app_client, question["state"])) == "signature"


async def test_what_was_answered_once_is_not_answered_again(
    app_client: httpx2.AsyncClient, provider: Provider, clock: HandMovedClock
) -> None:
    question = await asked(app_client, provider)
    assert (await back(app_client, question["state"])).status_code == 200
    assert refusal_of(await back(app_client, question["state"])) == "state"
    spent = await asked(app_client, provider)
    provider.spent = True
    assert refusal_of(await back(app_client, spent["state"])) == "provider"
    late = await asked(app_client, provider)
    clock.advance(minutes=11)
    assert refusal_of(await back(app_client, late["state"])) == "state"


async def test_an_answer_counts_in_the_browser_that_asked(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    question = await asked(app_client, provider)
    for cookie in ("", "x", question["state"][:-1]):
        answer = await back(app_client, question["state"], cookie)
        assert refusal_of(answer) == "state"
    for state, cookie in (("", ""), ("x" * 5_000, "x" * 5_000), ("é", "x")):
        assert refusal_of(await back(app_client, state, cookie)) == "state"


async def test_another_issuer_in_the_answer_is_a_mix_up(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    question = await asked(app_client, provider)
    answer = await back(app_client, question["state"], iss="https://evil.example")
    assert refusal_of(answer) == "issuer"
    assert "/token" not in provider.asked


async def test_what_is_said_beside_the_token_is_about_the_same_person(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    provider.dropped = ("email", "email_verified")
    provider.userinfo = {"sub": "alma-1", "email": "alma@example.org", "email_verified": True}
    question = await asked(app_client, provider)
    assert "alma@example.org" in (await back(app_client, question["state"])).text
    provider.userinfo = {"sub": "bruno-2", "email": "alma@example.org", "email_verified": True}
    question = await asked(app_client, provider)
    assert refusal_of(await back(app_client, question["state"])) == "userinfo"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
async def test_a_provider_that_is_no_such_thing_is_not_spoken_to(
    app_client: httpx2.AsyncClient, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    answer = await app_client.get(START)
    assert answer.status_code == 503


@pytest.mark.parametrize(
    "following",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "\n//x"],
)
async def test_nobody_is_led_to_another_site(
    signed_up: Member, works: Works, settings: Settings, provider: Provider, following: str
) -> None:
    await linked(signed_up, works, settings, provider)
    question = await asked(signed_up.client, provider, f"?next={quote(following)}")
    answer = await back(signed_up.client, question["state"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_somebody_who_changes_their_mind_is_told_so(
    app_client: httpx2.AsyncClient, provider: Provider
) -> None:
    question = await asked(app_client, provider)
    answer = await back(app_client, question["state"], error="access_denied")
    assert refusal_of(answer) == "cancelled"
