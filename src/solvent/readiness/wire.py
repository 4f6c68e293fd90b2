"""One exchange of raw bytes, for requests that no client would send."""

import asyncio
import http.client
import io
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeAlias

import httpx2

from solvent.kernel.probe import Answer, Unproved

TIMEOUT_S = 15
LINES_MAX = 100

Wire: TypeAlias = Callable[[httpx2.URL, Sequence[bytes]], Awaitable[Answer]]


async def exchange(url: httpx2.URL, parts: Sequence[bytes]) -> Answer:
    """Write ``parts`` to the server of ``url`` and read the head of its answer."""
    secure = url.scheme == "https"
    began = time.perf_counter()
    try:
        async with asyncio.timeout(TIMEOUT_S):
            reader, writer = await asyncio.open_connection(
                url.host,
                url.port or (443 if secure else 80),
                ssl=ssl.create_default_context() if secure else None,
            )
            try:
                with suppress(ConnectionError):  # it may answer before it has read everything
                    for part in parts:
                        writer.write(part)
                        await writer.drain()
                status, headers = await _head(reader)
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError) as gone:
        raise Unproved(f"The connection had no answer: {type(gone).__name__}.") from gone
    return Answer(status, headers, b"", (time.perf_counter() - began) * 1000)


async def _head(reader: asyncio.StreamReader) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Read the status and the headers of an answer."""
    status = int((await reader.readline()).split()[1:2].pop() if not reader.at_eof() else b"")
    lines: list[bytes] = []
    while len(lines) < LINES_MAX and (line := await reader.readline()).strip():
        lines.append(line)
    parsed = http.client.parse_headers(io.BytesIO(b"".join(lines) + b"\r\n"))
    return status, tuple(parsed.items())
