"""What a file is by its bytes, and a virus scanner that speaks as clamd does."""

import asyncio
import io
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import pytest

from solvent.runtime.edgesettings import AntivirusSettings
from solvent.runtime.uploads.antivirus import NoAntivirus, antivirus_of
from solvent.runtime.uploads.content import require_plain
from solvent.runtime.uploads.refusals import Infected, RefusedUpload, Unchecked
from tests import hostile

CORPUS = Path(__file__).parents[1] / "corpus"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_BYTES_MAX = 2_000_000


def test_every_statement_of_a_bank_is_plain() -> None:
    for statement in CORPUS.glob("*/*"):
        with statement.open("rb") as file:
            require_plain(file, remedy="")
            assert file.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ,Datum,Betrag\n1,2026-03-02,-1\n",
        b"BZhavings,Date,Amount\n",
        b"ID3,Date,Amount\n",
        b"#!date,amount\n",
        b"Date,Payee,Amount\n2026-03-02,<script>alert(1)</script>,-1\n",
        "Datum;Betrag\n2026-03-02;-1\n".encode("utf-16"),
        hostile.xml("<MEMO>&lt;html&gt;</MEMO>"),
    ],
)
def test_text_that_begins_like_something_else_stays_text(content: bytes) -> None:
    require_plain(io.BytesIO(content), remedy="")


@pytest.mark.parametrize("piece", [b"<!---->", b"<!--", b"<?", b" ", b"\n<!doctype", b"<a:" * 9])
def test_no_beginning_takes_long_to_judge(piece: bytes) -> None:
    began = perf_counter()
    require_plain(io.BytesIO(piece * (64 * 1024 // len(piece))), remedy="")
    assert perf_counter() - began < 1


@pytest.mark.parametrize("what", [*hostile.PROGRAMS, *hostile.DOCUMENTS, *hostile.TWOFOLD], ids=str)
def test_what_is_no_text_is_refused_with_a_remedy(what: str) -> None:
    with pytest.raises(RefusedUpload, match=r"Send a CSV\.$"):
        require_plain(io.BytesIO(hostile.ALL[what][1]), remedy="Send a CSV.")


async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one INSTREAM as clamd does: sizes and pieces until a size of nothing."""
    assert await reader.readline() == b"nINSTREAM\n"
    content = b""
    while size := struct.unpack("!L", await reader.readexactly(4))[0]:
        content += await reader.readexactly(size)
    if len(content) > STREAM_BYTES_MAX:
        writer.write(b"INSTREAM size limit exceeded. ERROR\n")
    else:
        writer.write(b"stream: Eicar-Signature FOUND\n" if EICAR in content else b"stream: OK\n")
    writer.close()
    await writer.wait_closed()


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read whatever comes, and hang up."""
    await reader.read(10)
    writer.close()


@asynccontextmanager
async def clamd(answers: object = speak) -> AsyncGenerator[str, None]:
    """Listen as the daemon does, and return where."""
    assert callable(answers)
    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    async with server:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_file_that_the_scanner_knows_is_refused() -> None:
    async with clamd() as url:
        scanner = antivirus_of(AntivirusSettings(clamd_url=url))
        clean = io.BytesIO(hostile.TABLE * 9_000)
        await scanner.require_clean(clean)
        assert clean.tell() == 0
        with pytest.raises(Infected):
            await scanner.require_clean(io.BytesIO(hostile.TABLE * 3_000 + EICAR))


async def test_nothing_is_taken_unchecked_unless_the_settings_say_so() -> None:
    async with clamd() as url:
        too_much = io.BytesIO(bytes(STREAM_BYTES_MAX + 1))
        with pytest.raises(Unchecked):
            await antivirus_of(AntivirusSettings(clamd_url=url)).require_clean(too_much)
    async with clamd(say_nothing) as broken:
        for gone in (url, broken):
            closed = antivirus_of(AntivirusSettings(clamd_url=gone, timeout_s=5))
            with pytest.raises(Unchecked):
                await closed.require_clean(io.BytesIO(EICAR))
            settings = AntivirusSettings(clamd_url=gone, clamd_fails_open=True)
            await antivirus_of(settings).require_clean(io.BytesIO(EICAR))


async def test_without_a_scanner_nothing_is_asked() -> None:
    scanner = antivirus_of(AntivirusSettings())
    assert isinstance(scanner, NoAntivirus)
    await scanner.require_clean(io.BytesIO(EICAR))
