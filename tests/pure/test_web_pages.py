"""From templates to pages: words, assets, escaping, and what strict policies forbid."""

import json
import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import UndefinedError

from solvent.web.rendering import (
    LOCALES,
    TEMPLATES,
    AssetsNotBuiltError,
    CatalogueNotCompiledError,
    Pages,
    Place,
    Shell,
    languages_in,
)

MAPPING = [("**.html", "jinja2")]
OPTIONS = {"**.html": {"encoding": "utf-8", "trimmed": "true", "silent": "false"}}
MANIFEST = {
    "app.js": {"file": "app-1.js", "imports": ["chunk-2.js"]},
    "app.css": {"file": "app-3.css", "imports": []},
    "mark.svg": {"file": "mark-4.svg", "imports": []},
    "font.woff2": {"file": "font-5.woff2", "imports": []},
}
STRANGER = Shell(csrf_token="t0ken")
MEMBER = Shell(
    csrf_token="t0ken", place="import", person="<Ada>", household=Place("h1", "Probe & Co")
)
PROBLEM = {"happened": "<b>It</b>", "code": "x.y"}


def catalogue(locale: str) -> Catalog:
    """Read the kept catalogue of a language."""
    with (LOCALES / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def used_messages() -> set[str]:
    """Return every message that a template asks for, by its singular."""
    found = extract_from_dir(TEMPLATES, MAPPING, OPTIONS)
    return {message[0] if isinstance(message, tuple) else message for _, _, message, _, _ in found}


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """Return a folder with every catalogue compiled."""
    folder = tmp_path / "locale"
    for locale in languages_in(LOCALES):
        place = folder / locale / "LC_MESSAGES"
        place.mkdir(parents=True)
        compiled = BytesIO()
        write_mo(compiled, catalogue(locale))
        (place / "messages.mo").write_bytes(compiled.getvalue())
    return folder


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """Return a folder with a manifest, as the build leaves it."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), "utf-8")
    return folder


@pytest.fixture
def pages(dist: Path, locales: Path) -> Pages:
    """Return the pages over what was built and compiled here."""
    return Pages(dist=dist, locales=locales)


@pytest.mark.parametrize("locale", sorted(languages_in(LOCALES)))
def test_every_message_of_the_templates_is_translated(locale: str) -> None:
    kept = catalogue(locale)
    found = {name: kept.get(name) for name in used_messages()}
    missing = [
        name for name, message in found.items() if not (message and all_said(message.string))
    ]
    assert missing == []


def all_said(string: object) -> bool:
    """Say whether a translation has words, in every plural form."""
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


@pytest.mark.parametrize("locale", sorted(languages_in(LOCALES)))
def test_no_translation_is_left_over(locale: str) -> None:
    used = used_messages()
    kept = {m.id[0] if isinstance(m.id, (list, tuple)) else m.id for m in catalogue(locale) if m.id}
    assert kept - used == set()


@pytest.mark.parametrize("locale", sorted(languages_in(LOCALES)))
def test_translations_name_the_same_facts(locale: str) -> None:
    facts = re.compile(r"%\(\w+\)s|\{\w+\}|href=\"[^\"]*\"")
    for message in catalogue(locale):
        if message.id:
            told, said = last_form(message.id), last_form(message.string)
            assert set(facts.findall(told)) == set(facts.findall(said)), message.id


def last_form(string: object) -> str:
    """Return a message's words; of several forms the last, the plural of most."""
    return str(string[-1]) if isinstance(string, (list, tuple)) else str(string)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_writes_style_or_script_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize(
    "path", sorted((TEMPLATES / "pages").iterdir()), ids=lambda path: path.stem
)
def test_every_page_says_its_context(path: Path) -> None:
    head = path.read_text("utf-8")
    assert head.startswith("{#")
    assert "context: shell" in head[: head.index("#}")]


def test_what_people_typed_is_escaped(pages: Pages) -> None:
    page = pages.render(
        "pages/error.html", locale="en", shell=STRANGER, status=404, problem=PROBLEM, back="/"
    )
    assert "&lt;b&gt;It&lt;/b&gt;" in page


def test_a_page_speaks_the_readers_language(pages: Pages) -> None:
    context = {"shell": MEMBER, "accounts": [], "problem": None, "imports": []}
    assert "Frühere Dateien" in pages.render("pages/import.html", locale="de", **context)
    assert "Past imports" in pages.render("pages/import.html", locale="en", **context)
    assert "Past imports" in pages.render("pages/import.html", locale="xx", **context)


def test_a_page_names_built_files_and_their_chunks(pages: Pages) -> None:
    page = pages.render(
        "pages/error.html", locale="en", shell=STRANGER, status=404, problem=PROBLEM, back="/"
    )
    assert 'src="/static/dist/app-1.js"' in page
    assert 'rel="modulepreload" href="/static/dist/chunk-2.js"' in page


def test_a_forgotten_fact_is_an_error(pages: Pages) -> None:
    with pytest.raises(UndefinedError):
        pages.render("pages/error.html", locale="en", shell=STRANGER)


def test_missing_assets_name_the_command_that_builds_them(tmp_path: Path, locales: Path) -> None:
    with pytest.raises(AssetsNotBuiltError, match=r"node frontend/build\.mjs"):
        Pages(dist=tmp_path, locales=locales)


def test_a_language_that_is_not_compiled_names_the_command(dist: Path, locales: Path) -> None:
    shutil.rmtree(locales / "de" / "LC_MESSAGES")
    (locales / "de" / "LC_MESSAGES").mkdir()
    with pytest.raises(CatalogueNotCompiledError, match="pybabel compile"):
        Pages(dist=dist, locales=locales)


def test_a_watched_manifest_is_read_again(dist: Path, locales: Path) -> None:
    pages = Pages(dist=dist, locales=locales, watch=True)
    changed = MANIFEST | {"app.css": {"file": "app-9.css", "imports": []}}
    (dist / "manifest.json").write_text(json.dumps(changed), "utf-8")
    assert pages.asset("app.css") == "/static/dist/app-9.css"
