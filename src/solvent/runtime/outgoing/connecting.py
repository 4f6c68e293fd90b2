"""Connections to public addresses only, made to the very address that was judged.

A name is resolved here, once for each connection, and the connection goes to what was resolved: there
is no second look-up in between that could say something else. Redirects, retries and kept connections
all come through here. TLS is still checked against the name.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Final, TypeAlias, cast

import httpcore2
import httpx2

from solvent.runtime.outgoing.addresses import is_public
from solvent.runtime.outgoing.refusals import ForbiddenAddress

Resolve: TypeAlias = Callable[[str, int], Awaitable[Collection[str]]]
"""From a host name and a port to the addresses that it has."""

ADDRESSES_TRIED_MAX: Final = 4
CONNECTIONS_MAX: Final = 50
KEPT_MAX: Final = 10
KEPT_S: Final = 30.0

SocketOption: TypeAlias = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


async def resolve(host: str, port: int) -> Collection[str]:
    """Ask the system for the addresses of ``host``, in its order of preference."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class JudgedConnections(httpcore2.AsyncNetworkBackend):
    """Connects to what a name means now, when all of that is public or the host is allowed."""

    def __init__(self, private_hosts: Collection[str], resolver: Resolve) -> None:
        """Allow ``private_hosts`` wherever they are; ask ``resolver`` for addresses."""
        self._private_hosts = frozenset(private_hosts)
        self._resolve = resolver
        self._plain = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of ``host`` that answers; refuse when one is not public."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as late:
            raise httpcore2.ConnectTimeout(str(late)) from late
        except OSError as unknown:
            raise httpcore2.ConnectError("the name has no address") from unknown
        allowed = bare_host(host) in self._private_hosts
        if not addresses or not (allowed or all(map(is_public, addresses))):
            raise ForbiddenAddress(host)
        failed: Exception | None = None
        for address in list(addresses)[:ADDRESSES_TRIED_MAX]:
            try:
                return await self._plain.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as refused:
                failed = refused
        raise failed or httpcore2.ConnectError("no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's own signature
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: nothing of ours is asked this way."""
        del timeout, socket_options
        raise ForbiddenAddress(path)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class JudgedTransport(httpx2.AsyncHTTPTransport):
    """The library's transport over judged connections, without proxies of the environment."""

    def __init__(
        self, private_hosts: Collection[str], resolver: Resolve, tls: ssl.SSLContext
    ) -> None:
        """Connect by :class:`JudgedConnections`, checking certificates by ``tls``."""
        super().__init__(verify=tls, trust_env=False)
        self._private_hosts = frozenset(private_hosts)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=KEPT_MAX,
            keepalive_expiry=KEPT_S,
            network_backend=JudgedConnections(private_hosts, resolver),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request whose address may be asked at all; redirects come here one by one."""
        url = request.url
        plain_allowed = url.scheme == "http" and bare_host(url.host) in self._private_hosts
        if not url.host or url.userinfo or not (url.scheme == "https" or plain_allowed):
            raise ForbiddenAddress(url.host)
        return await super().handle_async_request(request)


def bare_host(host: str) -> str:
    """Return a host as the settings write it: lower case, no brackets, no last dot."""
    return host.lower().strip("[]").rstrip(".")
