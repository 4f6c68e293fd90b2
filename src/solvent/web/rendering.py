"""From a template and its context to HTML, in the reader's language.

One environment per language, all over the same loader and the same compiled templates. An unknown
name in a template is an error, never an empty string, and everything is escaped. Styles and islands
are named as their sources are ("app.js") and found under their hashed names in the manifest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, cast

import msgspec
from babel import Locale
from babel.support import Translations
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from solvent.kernel.currency import DIGITS
from solvent.web import formats

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
LOCALES = HERE / "locale"
DIST = HERE / "static" / "dist"
STATIC_URL = "/static/dist/"
SOURCE_LOCALE = "en"
USUAL_DIGITS = 2
"""Digits of an amount where the islands are told nothing else."""

Theme: TypeAlias = Literal["system", "light", "dark"]


class AssetsNotBuiltError(RuntimeError):
    """The manifest of styles and islands is not there."""

    def __init__(self, manifest: Path) -> None:
        """Name the file and the command that makes it."""
        super().__init__(f"{manifest} is missing; run `node frontend/build.mjs`.")


class CatalogueNotCompiledError(RuntimeError):
    """A language has no compiled catalogue."""

    def __init__(self, locale: str, folder: Path) -> None:
        """Name the language and the command that compiles it."""
        super().__init__(f"{locale} is not compiled; run `pybabel compile -d {folder}`.")


@dataclass(frozen=True, slots=True)
class Built:
    """A built file, and the chunks that it imports at once."""

    file: str
    imports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A household as the frame of a page needs it: its id in addresses, and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame around every page shows; a stranger has neither person nor household.

    ``place`` is the current entry of the navigation (today, transactions, import, accounts,
    reports, settings) or empty. ``notice`` is said once, in the page's live region.
    ``operator`` is true for whoever is shown the way to the operators' pages.
    """

    csrf_token: str
    place: str = ""
    person: str | None = None
    household: Place | None = None
    households: tuple[Place, ...] = ()
    theme: Theme = "system"
    notice: str | None = None
    operator: bool = False


class _KeptBytecode(BytecodeCache):
    """Compiled templates, kept in the process, so that each language need not compile them."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class _Spoken(Protocol):
    """What the i18n extension adds to an environment when it is loaded."""

    def install_gettext_translations(self, catalogue: NullTranslations, *, newstyle: bool) -> None:
        """Let templates speak by ``catalogue``."""
        ...


class Pages:
    """Every page of the house, in every language that has a catalogue."""

    def __init__(self, *, dist: Path = DIST, locales: Path = LOCALES, watch: bool = False) -> None:
        """Read the manifest and the catalogues; ``watch`` notices changed templates and assets.

        Raise :class:`AssetsNotBuiltError` or :class:`CatalogueNotCompiledError`.
        """
        self._dist = dist
        self._watch = watch
        self._manifest = self._read_manifest()
        self.languages = languages_in(locales)
        kept = _KeptBytecode()
        self._by_locale = {
            locale: self._environment(locale, _catalogue(locale, locales), kept)
            for locale in self.languages
        }

    def render(self, template: str, *, locale: str, **context: object) -> str:
        """Return the page that ``template`` (``pages/today.html``) makes of its context.

        ``locale`` is a key of ``languages``; a language that is not kept reads English.
        """
        environment = self._by_locale.get(locale) or self._by_locale[SOURCE_LOCALE]
        return environment.get_template(template).render(context)

    def asset(self, name: str) -> str:
        """Return the address of a built file by the name of its source (``app.css``)."""
        return STATIC_URL + self._built()[name].file

    def chunks(self, name: str) -> list[str]:
        """Return the addresses of what a script imports at once, to be fetched along with it."""
        return [STATIC_URL + chunk for chunk in self._built()[name].imports]

    def _built(self) -> Mapping[str, Built]:
        if self._watch:
            self._manifest = self._read_manifest()
        return self._manifest

    def _read_manifest(self) -> Mapping[str, Built]:
        path = self._dist / "manifest.json"
        if not path.is_file():
            raise AssetsNotBuiltError(path)
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Built])

    def _environment(
        self, locale: str, catalogue: NullTranslations, kept: BytecodeCache
    ) -> Environment:
        """Return the environment of one language; its filters already know their reader."""
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=kept,
            auto_reload=self._watch,
        )
        environment.policies["ext.i18n.trimmed"] = True
        known: dict[str, object] = {
            "asset": self.asset,
            "chunks": self.chunks,
            "languages": self.languages,
            "locale": locale,
            "odd_digits": {code: it for code, it in DIGITS.items() if it != USUAL_DIGITS},
        }
        # Jinja leaves the types of these two tables to be guessed from what it puts in itself.
        environment.globals.update(cast("Any", known))
        environment.filters.update(cast("Any", _filters(locale)))
        cast("_Spoken", environment).install_gettext_translations(catalogue, newstyle=True)
        return environment


def languages_in(locales: Path) -> Mapping[str, str]:
    """Return what each language that has a catalogue calls itself, by its code; sorted by code."""
    codes = sorted(path.name for path in locales.iterdir() if (path / "LC_MESSAGES").is_dir())
    return {code: Locale.parse(code).get_display_name(code) or code for code in codes}


def _filters(locale: str) -> Mapping[str, object]:
    """Return the filters of templates, those that speak a language bound to ``locale``."""
    spoken = (
        formats.money,
        formats.day,
        formats.long_day,
        formats.month,
        formats.short_month,
        formats.month_name,
        formats.moment,
        formats.percent,
        formats.count,
        formats.currency_name,
    )
    silent = (formats.plain, formats.direction, formats.share)
    return {each.__name__: partial(each, locale=locale) for each in spoken} | {
        each.__name__: each for each in silent
    }


def _catalogue(locale: str, locales: Path) -> NullTranslations:
    """Load a language's compiled catalogue; English may do without, for it is the source."""
    catalogue = Translations.load(locales, [locale], "messages")
    if locale != SOURCE_LOCALE and not isinstance(catalogue, Translations):
        raise CatalogueNotCompiledError(locale, locales)
    return catalogue
