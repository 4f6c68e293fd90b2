"""Documents that name what is not there."""

import pytest

from tools.tidy.documents import Names, documents_name_what_exists
from tools.tidy.source import Source

NAMES = Names(
    path_exists={
        "docs/adr/0001-x.md",
        ".venv/bin/solvent",
        "src/solvent/kernel/money.py",
    }.__contains__,
    targets=frozenset({"run"}),
    commands=frozenset({"serve", "person create"}),
    settings=frozenset({"SOLVENT_ENV"}),
)


def messages(text: str, path: str = "docs/reading.md") -> list[str]:
    return [found.message for found in documents_name_what_exists(Source(path, text), NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        "See `docs/adr/0001-x.md`, `adr/0001-x.md` and [the first](adr/0001-x.md#why).",
        "`make run`, then `solvent serve --port 80` or `solvent person create`.",
        "`SOLVENT_ENV=test .venv/bin/solvent serve`",
        "`kernel/money.py` is below the package",
        "a page of `text/html`, at most `5/15minutes`, from `/api/v1/me`, `GET /health`",
        "```sh\nmake run\n```",
        "```mermaid\nnowhere/at_all.py --> b\n```",
        "prose may say and/or, make sense, and mention https://example.org/a.html",
        "[elsewhere](https://example.org/a.html)",
    ],
)
def test_a_document_that_names_what_exists_is_fine(text: str) -> None:
    assert not messages(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("`docs/adr/0002-y.md`", "there is no docs/adr/0002-y.md"),
        ("`money.py`", "there is no money.py"),
        ("[gone](adr/0002-y.md)", "the link leads nowhere: adr/0002-y.md"),
        ("![picture](pictures/today.png)", "the link leads nowhere: pictures/today.png"),
        ("`make haste`", "there is no make target haste"),
        ("```sh\nmake haste\n```", "there is no make target haste"),
        ("`solvent fly`", "there is no command solvent fly"),
        ("`solvent person fly`", "there is no command solvent person fly"),
        ("set SOLVENT_WINGS", "there is no setting SOLVENT_WINGS"),
        ("`SOLVENT_WINGS=2`", "there is no setting SOLVENT_WINGS"),
    ],
)
def test_a_document_that_names_what_is_not_there_is_found(text: str, said: str) -> None:
    assert messages(text) == [said]
