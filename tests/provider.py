"""A provider of identities that says whatever a test tells it to, over real HTTP on this machine."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID = "solvent-test"
CLIENT_SECRET = "a secret of the test"
CODE = "code-1"
ACCESS_TOKEN = "access-1"


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@dataclass
class Provider:
    """What it says: each test changes what it is about."""

    now: Callable[[], float]
    issuer: str = ""
    nonce: str = ""
    challenge: str = ""
    keys: KeySet = field(
        default_factory=lambda: KeySet([RSAKey.generate_key(2048, {"kid": "one"})])
    )
    signing: RSAKey | None = None
    published: KeySet | None = None
    unsigned: bool = False
    claims: dict[str, Any] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    spent: bool = False

    def discovery(self) -> dict[str, Any]:
        """Return the discovery document."""
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return said | self.metadata

    def id_token(self) -> str:
        """Return the identity token of the question that was put last."""
        digest = hashlib.sha256(ACCESS_TOKEN.encode()).digest()
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "sub": "alma-1",
            "aud": CLIENT_ID,
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "at_hash": base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode(),
            "email": "alma@example.org",
            "email_verified": True,
            "name": "Alma Example",
        }
        claims = {k: v for k, v in (claims | self.claims).items() if k not in self.dropped}
        if self.unsigned:
            return f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."
        key = self.signing or self.keys.keys[0]
        header = {"alg": "RS256", "kid": key.kid or ""}
        return jwt.encode(header, claims, key, algorithms=["RS256"])

    def tokens(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer at the token endpoint; a code is good once, and for whoever can prove the question."""
        basic = base64.b64encode(
            f"{CLIENT_ID}:{CLIENT_SECRET}".replace(" ", "%20").encode()
        ).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = form.get("code") == CODE and challenge == self.challenge
        if authorization != f"Basic {basic}" or not fits or self.spent:
            return 400, {"error": "invalid_grant"}
        self.spent = True
        token = {"access_token": ACCESS_TOKEN, "token_type": "Bearer"}
        return 200, token | {"id_token": self.id_token()}

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """Answer one request."""
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return 200, self.discovery()
            case "/keys":
                return 200, (self.published or self.keys).as_dict(private=False)
            case "/token":
                return self.tokens(form, authorization)
            case "/userinfo":
                return 200, self.userinfo
            case _:
                return 404, {}

    def heard(self, address: str) -> dict[str, str]:
        """Note the question that a browser was sent with, and return its parameters."""
        question = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        self.nonce, self.challenge, self.spent = (
            question["nonce"],
            question["code_challenge"],
            False,
        )
        return question


@contextmanager
def providing(now: Callable[[], float]) -> Generator[Provider, None, None]:
    """Let a provider answer until the block ends."""
    provider = Provider(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            authorization = self.headers.get("authorization", "")
            status, said = provider.answer(self.path, dict(parse_qsl(body)), authorization)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
