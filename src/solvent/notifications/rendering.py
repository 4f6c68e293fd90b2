"""How a letter reads: one template for each kind, as text and as HTML, in every language.

A template sets its ``subject`` and has one macro, ``body``, which is given the parts of either form:
so both forms say the same. Links begin with the address that the settings name, never with what a
request called us. An unknown name is an error, and HTML is escaped.
"""

import textwrap
from gettext import NullTranslations
from itertools import product
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, cast
from urllib.parse import urlsplit

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from solvent.identity.letters import Letter
from solvent.notifications.domain import Writing

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
LOCALES = HERE / "locale"
SOURCE_LOCALE = "en"
COLUMNS = 72

Form: TypeAlias = Literal["text", "html"]
FORMS: tuple[Form, ...] = ("text", "html")


class _Spoken(Protocol):
    """What the i18n extension adds to an environment when it is loaded."""

    def install_gettext_translations(self, catalogue: NullTranslations, *, newstyle: bool) -> None:
        """Let templates speak by ``catalogue``."""
        ...


class Stationery:
    """Every kind of letter, in every language that has a catalogue."""

    def __init__(self, public_url: str, *, locales: Path = LOCALES) -> None:
        """Have links begin with ``public_url``; read the catalogues of ``locales``."""
        self._public_url = public_url
        self.languages = sorted(
            path.name for path in locales.iterdir() if (path / "LC_MESSAGES").is_dir()
        )
        self._environments = {
            (locale, form): _environment(locale, form, locales)
            for locale, form in product(self.languages, FORMS)
        }

    def write(self, letter: Letter) -> Writing:
        """Return ``letter`` in its reader's language, or in English where that is not kept."""
        subject, text = self._form(letter, "text")
        _, html = self._form(letter, "html")
        return Writing(subject, text, html)

    def _form(self, letter: Letter, form: Form) -> tuple[str, str]:
        locale = letter.locale if letter.locale in self.languages else SOURCE_LOCALE
        environment = self._environments[locale, form]
        context = letter.facts | {"link": self._public_url + letter.path}
        template = environment.get_template(f"letters/{letter.kind}.j2")
        module: Any = template.make_module(context)
        body = module.body(environment.get_template(f"{form}/parts.j2").module)
        page = environment.get_template(f"{form}/frame.j2").render(
            subject=module.subject,
            body=body,
            site=urlsplit(self._public_url).netloc,
            locale=locale,
        )
        return str(module.subject), page


def _environment(locale: str, form: Form, locales: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=form == "html",  # noqa: S701 - text has nothing to escape
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["wrapped"] = _wrapped
    catalogue = Translations.load(locales, [locale], "messages")
    cast("_Spoken", environment).install_gettext_translations(catalogue, newstyle=True)
    return environment


def _wrapped(words: str) -> str:
    """Break a paragraph into lines that every reader of mail shows whole."""
    return textwrap.fill(words, COLUMNS, break_long_words=False, break_on_hyphens=False)
