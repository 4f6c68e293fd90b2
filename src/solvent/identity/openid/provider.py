"""The provider: its discovery document, its keys, and the exchange of a code for an identity.

What it says of itself is asked for once an hour, its keys also when a token names one that is not
known, though not more often than every half minute. No redirect is followed, every answer has a
limit in time and size, and every address stands under HTTPS, or on this machine where the issuer does.
Sources: OpenID Connect Discovery 1.0; RFC 6749, 4.1; RFC 7636; RFC 9207.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from solvent.identity.domain import BadEmail, normal_email
from solvent.identity.openid.domain import Identity, OpenIdRefused, OpenIdUnavailable
from solvent.identity.openid.idtoken import Claims, Expected, UnknownSigningKey, checked_claims
from solvent.identity.openid.secrets import challenge_of
from solvent.kernel.clock import Clock
from solvent.runtime.log import logger
from solvent.runtime.openidsettings import OpenIdSettings

log = logger("openid")

TIMEOUT: Final = httpx2.Timeout(5.0, connect=3.0)
ANSWER_BYTES_MAX: Final = 256 * 1024
KNOWN_FOR: Final = timedelta(hours=1)
ASK_AGAIN_AFTER: Final = timedelta(seconds=30)
NAME_CHARS_MAX: Final = 200
KEYS_MAX: Final = 50
KEY_TYPES: Final = frozenset({"RSA", "EC", "OKP"})
"""Kinds of key pair; what has one key for both sides signs nothing here."""
REFUSING: Final = frozenset({400, 401, 403})
"""How a provider answers a code or a token that it does not take."""
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class _Metadata:
    """What the discovery document says, as far as it matters here."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    names_issuer: bool
    takes_basic: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brings back from the provider."""

    code: str
    issuer: str | None
    nonce: str
    verifier: str


class OpenIdProvider:
    """One provider, as this installation is known to it; one for each process."""

    def __init__(
        self,
        settings: OpenIdSettings,
        *,
        redirect_uri: str,
        clock: Clock,
        client: httpx2.AsyncClient,
    ) -> None:
        """Speak to the provider of ``settings`` by ``client``; people come back to ``redirect_uri``."""
        self._settings = settings
        self._issuer = settings.issuer or ""
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._client = client
        self._metadata: tuple[_Metadata, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None
        self._turn = asyncio.Lock()

    @property
    def label(self) -> str:
        """What people call the provider."""
        return self._settings.label

    @property
    def allows_registration(self) -> bool:
        """Whether somebody whom the provider knows may sign up."""
        return self._settings.allow_registration

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where to send the browser with the question."""
        metadata = await self._known_metadata()
        scopes = dict.fromkeys(["openid", *self._settings.scopes.split()])
        question = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": " ".join(scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(metadata.authorization).query else "?"
        return f"{metadata.authorization}{joint}{urlencode(question, quote_via=quote)}"

    async def identify(self, answer: Answer) -> Identity:
        """Exchange the code for who it is; raise :class:`OpenIdRefused` for what does not hold."""
        metadata = await self._known_metadata()
        if answer.issuer != self._issuer and (answer.issuer is not None or metadata.names_issuer):
            raise OpenIdRefused("issuer")
        tokens = await self._exchange(metadata, answer)
        access_token, id_token = tokens.get("access_token"), tokens.get("id_token")
        if not isinstance(access_token, str) or not isinstance(id_token, str):
            raise OpenIdRefused("id_token")
        expected = Expected(
            self._issuer, self._settings.client_id, answer.nonce, self._clock.now(), access_token
        )
        try:
            claims = checked_claims(id_token, await self._known_keys(), expected)
        except UnknownSigningKey:
            try:
                claims = checked_claims(id_token, await self._newest_keys(), expected)
            except UnknownSigningKey as unknown:
                raise OpenIdRefused("signature") from unknown
        if "email" not in claims and metadata.userinfo is not None:
            claims = await self._with_userinfo(metadata.userinfo, access_token, claims)
        return _identity(self._issuer, claims)

    async def _exchange(self, metadata: _Metadata, answer: Answer) -> Mapping[str, Any]:
        """Hand in the code, and prove that we are who asked for it."""
        form = {
            "grant_type": "authorization_code",
            "code": answer.code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": answer.verifier,
        }
        client_id, secret = self._settings.client_id, self._settings.client_secret
        if secret and metadata.takes_basic:
            basic = httpx2.BasicAuth(quote(client_id, safe=""), quote(secret, safe=""))
            return await self._object("POST", metadata.token, data=form, auth=basic)
        form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        return await self._object("POST", metadata.token, data=form)

    async def _with_userinfo(self, address: str, access_token: str, claims: Claims) -> Claims:
        """Add what the provider says beside the token, if it says it of the same subject."""
        headers = {"authorization": f"Bearer {access_token}"}
        more = await self._object("GET", address, headers=headers)
        if more.get("sub") != claims["sub"]:
            raise OpenIdRefused("userinfo")
        return {**more, **claims}

    async def _known_metadata(self) -> _Metadata:
        async with self._turn:
            if self._metadata is None or self._is_older(self._metadata[1], KNOWN_FOR):
                address = self._issuer.rstrip("/") + WELL_KNOWN
                said = await self._object("GET", address)
                self._metadata = self._read_metadata(said), self._clock.now()
            return self._metadata[0]

    async def _known_keys(self) -> KeySet:
        if self._keys is None or self._is_older(self._keys[1], KNOWN_FOR):
            return await self._asked_keys(KNOWN_FOR)
        return self._keys[0]

    async def _newest_keys(self) -> KeySet:
        """Ask for the keys again, unless that was done a moment ago."""
        return await self._asked_keys(ASK_AGAIN_AFTER)

    async def _asked_keys(self, age_max: timedelta) -> KeySet:
        metadata = await self._known_metadata()
        async with self._turn:
            if self._keys is None or self._is_older(self._keys[1], age_max):
                said = await self._object("GET", metadata.keys)
                self._keys = _read_keys(said), self._clock.now()
            return self._keys[0]

    def _is_older(self, since: datetime, age_max: timedelta) -> bool:
        return self._clock.now() - since >= age_max

    def _read_metadata(self, said: Mapping[str, Any]) -> _Metadata:
        if said.get("issuer") != self._issuer:
            log.error("openid.issuer_differs", issuer=self._issuer)
            raise OpenIdUnavailable
        methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        userinfo = said.get("userinfo_endpoint")
        return _Metadata(
            authorization=self._checked_address(said.get("authorization_endpoint")),
            token=self._checked_address(said.get("token_endpoint")),
            keys=self._checked_address(said.get("jwks_uri")),
            userinfo=None if userinfo is None else self._checked_address(userinfo),
            names_issuer=said.get("authorization_response_iss_parameter_supported") is True,
            takes_basic=isinstance(methods, list) and "client_secret_basic" in methods,
        )

    def _checked_address(self, address: object) -> str:
        """Return an address of the provider; plain HTTP only where its issuer has it too."""
        schemes = {"https", urlsplit(self._issuer).scheme}
        if not isinstance(address, str) or urlsplit(address).scheme not in schemes:
            log.error("openid.address_refused")
            raise OpenIdUnavailable
        return address

    async def _object(self, method: str, address: str, **request: Any) -> Mapping[str, Any]:
        """Ask the provider and return the JSON object that it answers with."""
        try:
            async with self._client.stream(method, address, timeout=TIMEOUT, **request) as answer:
                body = bytearray()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > ANSWER_BYTES_MAX:
                        raise OpenIdUnavailable
            said: Any = msgspec.json.decode(body)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, msgspec.DecodeError) as failed:
            log.warning("openid.unanswered", host=urlsplit(address).hostname)
            raise OpenIdUnavailable from failed
        if answer.status_code in REFUSING:
            raise OpenIdRefused("provider")
        if answer.status_code != HTTPStatus.OK or not isinstance(said, dict):
            log.warning("openid.unanswered", host=urlsplit(address).hostname)
            raise OpenIdUnavailable
        return cast("Mapping[str, Any]", said)


def _read_keys(said: Mapping[str, Any]) -> KeySet:
    """Return the provider's public keys; one of a kind that is not known here is left out."""
    listed: list[Any] = said.get("keys", ())
    if type(listed) is not list or len(listed) > KEYS_MAX:
        raise OpenIdUnavailable
    usable: list[Key] = []
    for each in listed:
        with suppress(JoseError, ValueError, KeyError, TypeError, AttributeError):
            key = JWKRegistry.import_key(each)
            if key.key_type in KEY_TYPES:
                usable.append(key)
    return KeySet(usable)


def _identity(issuer: str, claims: Claims) -> Identity:
    """Return who the claims are about; an address counts only where it is said to be verified."""
    email, name, methods = claims.get("email"), claims.get("name"), claims.get("amr")
    verified = None
    if isinstance(email, str) and claims.get("email_verified") is True:
        try:
            verified = normal_email(email)
        except BadEmail:
            verified = None
    return Identity(
        issuer=issuer,
        subject=claims["sub"],
        email=verified,
        name=name[:NAME_CHARS_MAX] if isinstance(name, str) else "",
        is_multi_factor=isinstance(methods, list) and "mfa" in methods,
    )
