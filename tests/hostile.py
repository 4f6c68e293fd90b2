"""Files that somebody might send instead of a statement; all are made here, none is kept."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

TABLE: Final = b"Date,Description,Amount\n2026-03-02,Kiosk,-1.00\n2026-03-14,Bakery,-2.00\n"
SCRIPT: Final = b"<script>fetch('/api/v1/me')</script>"
PNG: Final = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)
MZ: Final = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(52) + b"\x40\x00\x00\x00PE\x00\x00" + bytes(400)
ZEROS: Final = bytes(30_000_000)


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of ``files``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()


def nested(depth: int) -> bytes:
    """Return an archive in an archive, ``depth`` times, with a large file innermost."""
    content = zipped(("0.csv", ZEROS))
    for level in range(depth):
        content = zipped(*((f"{level}-{copy}.zip", content) for copy in range(10)))
    return content


def lying(content: bytes) -> bytes:
    """Return the archive with every size that it declares set to one byte."""
    told = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = told.find(mark)
        told[at + place : at + place + 4] = struct.pack("<I", 1)
    return bytes(told)


def tarred(name: str) -> bytes:
    """Return an archive with one file of that name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        made = tarfile.TarInfo(name)
        made.size = len(TABLE)
        archive.addfile(made, io.BytesIO(TABLE))
    return packed.getvalue()


def xml(inside: str, doctype: str = "") -> bytes:
    """Return an OFX 2 statement with ``inside`` in it."""
    return (
        f'<?xml version="1.0"?>{doctype}<?OFX OFXHEADER="200" VERSION="200"?><OFX><BANKMSGSRSV1>'
        f"<STMTTRNRS><STMTRS><CURDEF>EUR</CURDEF>{inside}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def svg(inside: bytes = SCRIPT) -> bytes:
    """Return a drawing that runs something."""
    return b'<svg xmlns="http://www.w3.org/2000/svg">' + inside + b"</svg>"


LAUGHS: Final = (
    '<!DOCTYPE OFX [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
PROGRAMS: Final[dict[str, tuple[str, bytes]]] = {
    "a program of Windows, called PDF": ("invoice.pdf", MZ),
    "a program of Windows, called CSV": ("statement.csv", MZ),
    "a program of Windows, called OFX": ("statement.ofx", MZ + TABLE),
    "a program of Linux": ("bank.csv", b"\x7fELF\x02\x01\x01" + bytes(200)),
    "a program of a Mac": ("bank.csv", b"\xcf\xfa\xed\xfe" + bytes(200)),
    "a program for both Macs": ("bank.csv", b"\xca\xfe\xba\xbe" + bytes(200)),
    "a module of the web": ("bank.csv", b"\x00asm\x01\x00\x00\x00" + bytes(90)),
    "a program of Android": ("bank.csv", b"dex\n035\x00" + bytes(90)),
    "a shortcut": ("bank.csv", b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(90)),
    "a script of a shell": ("bank.csv", b"#!/bin/sh\nrm -rf ~,2026-03-02,-1.00\n"),
    "a script of PHP": ("bank.csv", b"<?php system($_GET['c']); ?>\n" + TABLE),
    "a script of Windows": ("bank.csv", b"@echo off\r\ndel /s /q *,2026-03-02,-1\r\n"),
}
ARCHIVES: Final[dict[str, tuple[str, bytes]]] = {
    "a zip": ("bank.zip", zipped(("bank.csv", TABLE))),
    "a zip, called CSV": ("bank.csv", zipped(("bank.csv", TABLE))),
    "a zip without files": ("bank.csv", zipped()),
    "a bomb of a zip": ("bank.csv", zipped(("0.csv", ZEROS))),
    "a bomb of nested zips": ("bank.zip", nested(3)),
    "a zip of three thousand files": (
        "bank.zip",
        zipped(*((f"{n}", b"") for n in range(3_000)), method=zipfile.ZIP_STORED),
    ),
    "a zip that lies about sizes": ("bank.zip", lying(zipped(("0.csv", ZEROS)))),
    "a zip that climbs": ("bank.zip", zipped(("../../../etc/cron.d/x", TABLE))),
    "a zip cut short": ("bank.zip", zipped(("bank.csv", TABLE))[:40]),
    "a gzip": ("bank.csv.gz", gzip.compress(TABLE)),
    "a bomb of a gzip": ("bank.csv", gzip.compress(ZEROS)),
    "a gzip that lies about its size": ("bank.csv", gzip.compress(ZEROS)[:-4] + bytes(4)),
    "a bomb of gzips in a gzip": ("bank.csv", gzip.compress(gzip.compress(ZEROS))),
    "a bzip2": ("bank.csv", bz2.compress(TABLE)),
    "an xz": ("bank.csv", lzma.compress(TABLE)),
    "a tar": ("bank.csv", tarred("bank.csv")),
    "a tar that climbs": ("bank.tar", tarred("../../bank.csv")),
    "a 7z": ("bank.csv", b"7z\xbc\xaf\x27\x1c" + bytes(90)),
    "a rar": ("bank.csv", b"Rar!\x1a\x07\x01\x00" + bytes(90)),
    "bare deflate": ("bank.csv", zlib.compress(ZEROS)),
}
DOCUMENTS: Final[dict[str, tuple[str, bytes]]] = {
    "a PDF": ("bank.csv", b"%PDF-1.7\n1 0 obj <</OpenAction <</S /JavaScript>>>>\n"),
    "a sheet": ("bank.xlsx", zipped(("[Content_Types].xml", b"<Types/>"), ("xl/x.xml", b"x"))),
    "a sheet of old": ("bank.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900)),
    "a text of RTF": ("bank.csv", rb"{\rtf1\ansi\object\objdata 0105}" + b"\n"),
    "a picture": ("bank.csv", PNG),
    "a photograph": ("bank.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(90)),
    "a moving picture": ("bank.csv", b"GIF89a" + TABLE),
    "a picture of WebP": ("bank.csv", b"RIFF\x00\x01\x00\x00WEBPVP8 " + bytes(90)),
    "a database": ("bank.csv", b"SQLite format 3\x00" + bytes(90)),
    "a film": ("bank.csv", b"\x00\x00\x00\x20ftypisom" + bytes(90)),
}
PAGES: Final[dict[str, tuple[str, bytes]]] = {
    "a page": ("bank.csv", b"<!doctype html>\n<html>" + SCRIPT + b"</html>\n" + TABLE),
    "a page after a mark": ("bank.csv", b"\xef\xbb\xbf\n <HTML>" + SCRIPT + TABLE),
    "a page in two bytes a letter": (
        "bank.csv",
        ("<html><script>1</script>" + TABLE.decode()).encode("utf-16"),
    ),
    "a bare script": ("bank.csv", SCRIPT + b"\n" + TABLE),
    "a drawing with a script": ("bank.csv", svg()),
    "a drawing after a comment": ("bank.ofx", b"<?xml version='1.0'?><!-- > -->" + svg()),
    "a drawing that loads one": ("bank.svg", svg(b'<image href="http://x/" onload="x()"/>')),
    "a drawing with a statement": ("bank.ofx", svg(b"<OFX><STMTTRN></STMTTRN></OFX>")),
    "comments without end": ("bank.ofx", b"<!---->" * 9_000 + b"<!--" * 9_000),
}
TWOFOLD: Final[dict[str, tuple[str, bytes]]] = {
    "a table with a zip behind": ("bank.csv", TABLE + zipped(("x.exe", MZ))),
    "a statement with a zip behind": ("bank.ofx", xml("") + zipped(("x.exe", MZ))),
    "a table with a PDF in it": ("bank.csv", TABLE + b"%PDF-1.4\n1 0 obj\n"),
    "a picture with a table behind": ("bank.csv", PNG + TABLE),
    "a picture with a page behind": ("bank.html", b"GIF89a/*" + SCRIPT),
}
MARKUP: Final[dict[str, tuple[str, bytes]]] = {
    "entities that grow": ("bank.ofx", xml("<MEMO>&j;</MEMO>", LAUGHS)),
    "an entity from outside": (
        "bank.ofx",
        xml("<MEMO>&x;</MEMO>", '<!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    ),
    "a statement from elsewhere": (
        "bank.ofx",
        xml("", '<!DOCTYPE OFX SYSTEM "http://127.0.0.1/">'),
    ),
    "tags without end": ("bank.ofx", b"OFXHEADER:100\n\n<OFX>" + b"<A>" * 90_000),
    "only NULs": ("bank.csv", bytes(100_000)),
    "a line without end": ("bank.csv", b"Date,Amount\n" + b"9" * 3_000_000),
    "only separators": ("bank.csv", b"," * 1_000_000 + b"\n"),
    "only quotation marks": ("bank.csv", b'"' * 999_999),
    "every byte there is": ("bank.csv", bytes(range(256)) * 90),
}
ALL: Final = PROGRAMS | ARCHIVES | DOCUMENTS | PAGES | TWOFOLD | MARKUP


class Parts:
    """Multipart bodies that are wrong in themselves, by what is wrong."""

    BOUNDARY: Final = "edge"

    @staticmethod
    def of(*parts: tuple[str, str | None, bytes]) -> bytes:
        """Return a body of ``parts``: name, file name if it is a file, content."""
        body = b""
        for name, file, content in parts:
            told = f'; filename="{file}"' if file is not None else ""
            body += f'--edge\r\ncontent-disposition: form-data; name="{name}"{told}'.encode()
            body += b"\r\n\r\n" + content + b"\r\n"
        return body + b"--edge--\r\n"


BODIES: Final[dict[str, Callable[[], bytes]]] = {
    "two files": lambda: Parts.of(*[("file", "a.csv", TABLE)] * 2),
    "a thousand files": lambda: Parts.of(*[("file", "a.csv", TABLE)] * 1_000),
    "ten thousand fields": lambda: Parts.of(*[("x", None, b"1")] * 10_000),
    "a field of 200,000 bytes": lambda: Parts.of(("mapping", None, b"x" * 200_000)),
    "headers without end": lambda: b"--edge\r\n" + b"x: y\r\n" * 20_000,
}
