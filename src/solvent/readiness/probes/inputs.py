"""Probes of what is taken in: shapes, amounts, texts, sizes and names of files."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from solvent.kernel.probe import Bench, Probe, live_probe
from solvent.readiness.probes.books import Books, opened
from solvent.runtime.ids import new_id

REGISTER: Final = "/api/v1/auth/register"
AMOUNT_MAX: Final = 10**15
NAME_CHARS_MAX: Final = 200
TAGS_MAX: Final = 50
BODY_BYTES: Final = 1024 * 1024
CREATED: Final = 201
UNPROCESSABLE: Final = 422
BOUNDS: Final = frozenset({"maxLength", "format", "enum", "const", "contentMediaType"})
"""What bounds a text in its schema."""
REFUSED: Final = range(400, 500)
MARKUP: Final = "<img src=x onerror=alert(1)><script>alert(1)</script>"
WORLD: Final = ("Ærøskøbing", "東京の店", "🍎 Äpfel", "متجر الزاوية", "O'Brien; drop by")
CONTROLS: Final = ("nul\x00here", "bell\x07", "line\nbreak", "esc\x1b[31m", "c1\x9bhere")
SHAPELESS: Final[tuple[object, ...]] = ([], "text", 1)
ODD_BODIES: Final[tuple[object, ...]] = (
    *SHAPELESS,
    {"surely_not_a_field": 1},
    {"name": {"a": 1}, "postings": 3},
)
BAD_EMAILS: Final = (
    "alma",
    "alma@",
    "@example.org",
    "a b@example.org",
    "a@ex..org",
    "a@example.org\r\nBcc: x@y.zz",
)
FILE_NAMES: Final = (
    "../../etc/passwd.csv",
    "/etc/cron.d/x.csv",
    "..\\..\\x.csv",
    "a" * 300 + ".csv",
)
CSV: Final = b"Date,Description,Amount\n2026-01-15,Corner shop,-10.50\n"


@live_probe("input-schema-validation")
async def odd_shapes_are_refused(bench: Bench) -> None:
    """Send every operation that takes a body what it does not take."""
    who, asked = await bench.newcomer(), 0
    async for method, path, bodies in _writes(bench):
        for odd in bodies:
            answer = await bench.send(method, _in_household(path, who.household), by=who, json=odd)
            asked += 1
            if answer.status not in REFUSED:
                bench.hold(f"{method} {path} refuses {odd!r}", truth=False, got=answer.status)
    bench.within("Odd bodies that were sent", asked, "bodies", least=1)


async def _writes(bench: Bench) -> AsyncIterator[tuple[str, str, Sequence[object]]]:
    """Yield the operations whose body has to have a shape, and what does not have it."""
    document = await bench.get("/api/openapi.json")
    paths: dict[str, dict[str, dict[str, Any]]] = document.at("paths") or {}
    schemas: dict[str, dict[str, Any]] = document.at("components", "schemas") or {}
    for path, methods in paths.items():
        body: dict[str, Any] = methods.get("post", {}).get("requestBody", {})
        if body.get("required") and "application/json" in body["content"]:
            wanted: dict[str, Any] = body["content"]["application/json"]["schema"]
            named = schemas.get(wanted.get("$ref", "").rpartition("/")[2], wanted)
            # Where every field may be left out, an unknown one alone is as good as none.
            yield "POST", path, ODD_BODIES if named.get("required") else SHAPELESS


def _in_household(path: str, household: str) -> str:
    filled = path.replace("{household}", household)
    return "/".join(str(new_id()) if part.startswith("{") else part for part in filled.split("/"))


@live_probe("input-financial-values")
async def money_is_exact(bench: Bench) -> None:
    """Post amounts, currencies and days that cannot be, then one that can."""
    books = await opened(bench, await bench.someone())
    for odd in (0.1 + 0.2, "10.50", 1e15 + 0.5, None, True, AMOUNT_MAX + 1, -AMOUNT_MAX - 1):
        answer = await books.post(bench, books.transaction(odd))
        bench.equal(f"An amount of {odd!r}", answer.status, UNPROCESSABLE)
    for raw in (b"1e400", b"NaN", b"Infinity"):
        await _raw_amount(bench, books, raw)
    for day in ("2026-02-30", "0000-01-01", "tomorrow"):
        answer = await books.post(bench, books.transaction(booked_on=day))
        bench.equal(f"The day {day}", answer.status, UNPROCESSABLE)
    strange = books.transaction()
    strange["postings"] = [p | {"currency": "QQQ"} for p in _postings(strange)]
    bench.equal("An unknown currency", (await books.post(bench, strange)).status, UNPROCESSABLE)
    uneven = books.transaction()
    uneven["postings"] = _postings(uneven)[:1]
    bench.equal(
        "Postings that do not balance", (await books.post(bench, uneven)).status, UNPROCESSABLE
    )
    exact = await books.post(bench, books.transaction(-123_456_789_012_345))
    read = await bench.get(f"{books.who.home}/transactions/{exact.at('id')}", by=books.who)
    bench.hold(
        "A large amount comes back to the unit", "-123456789012345" in read.text, read.status
    )


def _postings(body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(body["postings"])


async def _raw_amount(bench: Bench, books: Books, raw: bytes) -> None:
    body = (
        b'{"booked_on":"2026-01-15","postings":[{"account":"' + books.cash.encode()
        + b'","currency":"EUR","amount_minor":' + raw + b"}]}"
    )  # fmt: skip
    answer = await bench.send(
        "POST",
        f"{books.who.home}/transactions",
        by=books.who,
        content=body,
        headers={"content-type": "application/json"},
    )
    bench.hold(f"An amount of {raw.decode()}", answer.status in REFUSED, answer.status)


@live_probe("input-xss-prevention")
async def markup_is_text(bench: Bench) -> None:
    """Keep markup in every text that there is and read it as JSON and in pages."""
    who = await bench.newcomer()
    books = await opened(bench, who)
    named = {"name": MARKUP, "kind": "asset", "currency": "EUR"}
    account = await bench.send("POST", f"{who.home}/accounts", by=who, json=named)
    made = await books.post(bench, books.transaction(payee=MARKUP, memo=MARKUP, tags=[MARKUP]))
    for answer in (account, made):
        bench.hold("It is kept as text", answer.status == CREATED, answer.status)
    listed = await bench.get(f"{who.home}/transactions", by=who)
    bench.hold("The API answers JSON", listed.header("content-type").startswith("application/json"))
    form = {"email": who.email, "password": who.password}
    logged = await bench.send("POST", "/log-in", form=form)
    cookie = logged.header("set-cookie").partition(";")[0]
    for place in ("accounts", "transactions", "today"):
        page = await bench.get(f"/h/{who.household}/{place}", headers={"cookie": cookie})
        bench.equal(f"The page {place} opens", page.status, 200)
        bench.hold(f"The page {place} runs nothing of ours", "<img src=x" not in page.text)


@live_probe("input-email")
async def addresses_have_one_spelling(bench: Bench) -> None:
    """Register with addresses that are none, then with another spelling of a known one."""
    for email in BAD_EMAILS:
        answer = await bench.send("POST", REGISTER, json=_registration(email))
        bench.equal(f"The address {email!r}", answer.status, UNPROCESSABLE)
    who = await bench.someone()
    again = await bench.send("POST", REGISTER, json=_registration(f"  {who.email.upper()} "))
    bench.hold("Another spelling makes no second person", again.status in {202, 409}, again.status)


def _registration(email: str) -> dict[str, object]:
    return {
        "email": email,
        "password": "quite unlikely horse 41",
        "name": "Nobody",
        "household": {"name": "Disposable", "base_currency": "EUR"},
    }


@live_probe("input-numeric-range")
async def numbers_have_ends(bench: Bench) -> None:
    """Go to both ends of a page's size and of an amount, and one beyond each."""
    books = await opened(bench, await bench.someone())
    for limit, wanted in ((0, UNPROCESSABLE), (1, 200), (1_000, 200), (1_001, UNPROCESSABLE)):
        answer = await bench.get(f"{books.who.home}/transactions?limit={limit}", by=books.who)
        bench.equal(f"A page of {limit}", answer.status, wanted)
    for minor, wanted in ((AMOUNT_MAX, 201), (AMOUNT_MAX + 1, UNPROCESSABLE)):
        for sign in (1, -1):
            answer = await books.post(bench, books.transaction(sign * minor))
            bench.equal(f"An amount of {sign * minor}", answer.status, wanted)


@live_probe("input-length-limits")
async def texts_have_an_end(bench: Bench) -> None:
    """Read every text and list of the document, then send one that is too long."""
    document = await bench.get("/api/openapi.json")
    schemas: dict[str, dict[str, Any]] = document.at("components", "schemas") or {}
    bodies = {name: held for name, held in schemas.items() if name.endswith("Body")}
    endless = [
        f"{name}.{field}"
        for name, held in bodies.items()
        for field, schema in held.get("properties", {}).items()
        if _is_endless(schema)
    ]
    bench.hold("Bodies that the document describes", bodies, len(bodies))
    bench.hold("None of their texts and lists is endless", not endless, endless or "none")
    who = await bench.someone()
    for length, wanted in ((NAME_CHARS_MAX, 201), (NAME_CHARS_MAX + 1, UNPROCESSABLE)):
        name = f"{new_id().hex}{'x' * length}"[:length]
        body = {"name": name, "kind": "asset", "currency": "EUR"}
        answer = await bench.send("POST", f"{who.home}/accounts", by=who, json=body)
        bench.equal(f"A name of {length} characters", answer.status, wanted)


def _is_endless(schema: dict[str, Any]) -> bool:
    """Tell whether a field may hold a text or a list of any length."""
    options: list[dict[str, Any]] = schema.get("anyOf", [schema])
    for each in options:
        bounded = BOUNDS & each.keys() or not set("*+") & set(each.get("pattern", "*"))
        if each.get("type") == "string" and not bounded:
            return True
        if each.get("type") == "array" and "maxItems" not in each:
            return True
    return False


@live_probe("input-request-size")
async def bodies_have_an_end(bench: Bench) -> None:
    """Announce a body that is too large, and send one without announcing it."""
    host = urlsplit(bench.url).netloc.encode()
    head = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: " + host
    head += b"\r\nContent-Type: application/json\r\nConnection: close\r\n"
    said = await bench.wire(head + f"Content-Length: {BODY_BYTES + 1}\r\n\r\n".encode())
    bench.equal("A body that says it is too large", said.status, 413)
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    last = b"1\r\n \r\n"
    chunks = [chunk] * (BODY_BYTES // 0x10000)
    unsaid = await bench.wire(head + b"Transfer-Encoding: chunked\r\n\r\n", *chunks, last)
    bench.equal("A body that does not say so", unsaid.status, 413)


@live_probe("input-filename")
async def names_of_files_lead_nowhere(bench: Bench) -> None:
    """Upload files with names that try to get out, and read how they are shown."""
    who = await bench.newcomer()
    for name in FILE_NAMES:
        answer = await bench.send("POST", f"{who.home}/imports", by=who, file=(name, CSV))
        bench.hold(
            f"“{name[:30]}” is taken or refused",
            answer.status in {201, 409, UNPROCESSABLE},
            answer.status,
        )
    listed = await bench.get(f"{who.home}/imports", by=who)
    shown = [str(item["name"]) for item in listed.at("items") or ()]
    bad = [text for text in shown if "/" in text or "\\" in text or len(text) > 255]  # noqa: PLR2004 - what a file's name may have
    bench.hold("No name is shown as a path", not bad, bad or "none")


@live_probe("input-tags")
async def tags_are_tidy(bench: Bench) -> None:
    """Send tags that are many, odd and doubled."""
    books = await opened(bench, await bench.someone())
    many = await books.post(bench, books.transaction(tags=[str(n) for n in range(TAGS_MAX + 1)]))
    bench.equal("More tags than there may be", many.status, UNPROCESSABLE)
    control = await books.post(bench, books.transaction(tags=["a\x00b"]))
    bench.equal("A tag with a control character", control.status, UNPROCESSABLE)
    made = await books.post(bench, books.transaction(tags=["  Food ", "Food", "Food"]))
    read = await bench.get(f"{books.who.home}/transactions/{made.at('id')}", by=books.who)
    tags = [str(tag) for tag in read.at("tags") or ()]
    bench.hold("Doubles are kept once and trimmed", tags in (["Food"], ["food"]), tags)


@live_probe("input-special-characters")
async def the_worlds_letters_survive(bench: Bench) -> None:
    """Send letters of the world and read them back, then controls."""
    books = await opened(bench, await bench.someone())
    for text in WORLD:
        made = await books.post(bench, books.transaction(memo=text))
        read = await bench.get(f"{books.who.home}/transactions/{made.at('id')}", by=books.who)
        bench.equal(f"“{text}” as it comes back", read.at("memo"), text)
    for text in CONTROLS:
        answer = await books.post(bench, books.transaction(memo=text))
        bench.equal(f"The text {text!r}", answer.status, UNPROCESSABLE)


PROBES: Final[Sequence[Probe]] = (
    odd_shapes_are_refused,
    money_is_exact,
    markup_is_text,
    addresses_have_one_spelling,
    numbers_have_ends,
    texts_have_an_end,
    bodies_have_an_end,
    names_of_files_lead_nowhere,
    tags_are_tidy,
    the_worlds_letters_survive,
)
