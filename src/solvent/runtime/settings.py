"""Settings: read once at the start, checked whole, frozen, passed down.

One pass finds everything that is wrong, each with its remedy, and never shows a value. Development
and test make their keys once, into the data directory; elsewhere they are demanded.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from solvent.runtime.environment import FILE_SUFFIX, Finding, Gathered, Name, gather
from solvent.runtime.keys import BadKeys, KeyRing, load_or_make
from solvent.runtime.mailsettings import MailDriver, MailSecurity
from solvent.runtime.secretrules import (
    judge,
    judge_ages,
    judge_passwords,
    notice_ages,
    secrets_of,
)
from solvent.runtime.secretstores import open_stores
from solvent.runtime.settinggroup import Group
from solvent.runtime.settinggroups import Env, Ground, LogFormat, SecretSettings, Settings
from solvent.runtime.settingvalues import is_local
from solvent.runtime.systemclock import SystemClock
from solvent.runtime.whereabouts import user_data_dir

BCRYPT_COST_MIN = 12
"""Lowest cost outside tests."""
KEY_FILES = {"SOLVENT_SECRET_KEYS": "secret-keys", "SOLVENT_FIELD_KEYS": "field-keys"}
"""Names of the files in which made keys are kept."""


class Setting(NamedTuple):
    """One setting: where it stands in :class:`Settings`, and how its field was declared."""

    path: tuple[str, ...]
    name: Name
    field: FieldInfo


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, or None where a finding stops the start; what is wrong; what to know."""

    settings: Settings | None
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...]


@dataclass(slots=True)
class Examined:
    """What was understood before any key is made: settings, rings that were given, what was found."""

    ground: Ground
    rings: dict[str, KeyRing]
    gathered: Gathered


@cache
def all_settings() -> tuple[Setting, ...]:
    """Return every setting, in the order of the reference."""
    return tuple(_walk(Settings, ()))


def load(
    environ: Mapping[str, str],
    *,
    flags: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Loaded:
    """Read the settings; ``flags`` are the command line's, by names of the environment.

    Makes missing keys where the environment is development or test. Keys are as old as they are on
    ``today``, the machine's day unless told.
    """
    examined = examine(environ, flags, today)
    gathered = examined.gathered
    rings = examined.rings
    if not any(finding.stops for finding in gathered.findings):
        _make_missing_keys(examined)
    settings = None
    if not any(finding.stops for finding in gathered.findings):
        secrets = SecretSettings(
            keys=rings["SOLVENT_SECRET_KEYS"], field_keys=rings["SOLVENT_FIELD_KEYS"]
        )
        settings = Settings(secrets=secrets, **dict(examined.ground))
    return Loaded(settings, tuple(gathered.findings), tuple(gathered.notices))


def settings_findings(
    environ: Mapping[str, str],
    *,
    flags: Mapping[str, str] | None = None,
    today: date | None = None,
) -> tuple[Finding, ...]:
    """Return everything that is wrong with the settings, changing nothing."""
    return tuple(examine(environ, flags, today).gathered.findings)


def _walk(group: type[Group], above: tuple[str, ...]) -> Iterator[Setting]:
    """Yield the settings of a group and of the groups inside it."""
    for attribute, field in group.model_fields.items():
        path = (*above, attribute)
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Group):
            yield from _walk(inner, path)
        else:
            name = next(note for note in field.metadata if isinstance(note, Name))
            yield Setting(path, name, field)


def examine(
    environ: Mapping[str, str], flags: Mapping[str, str] | None, today: date | None
) -> Examined:
    """Gather and check everything, touching nothing but the places that settings name."""
    names = [setting.name for setting in all_settings()]
    opened = open_stores(environ)
    gathered = gather(environ, names, flags=flags, stores=opened.stores)
    gathered.findings.extend(opened.findings)
    ground = _placed(_ground(gathered), environ)
    found = {finding.setting for finding in gathered.findings}
    gathered.findings.extend(
        finding for finding in _crosswise(ground, found) if finding.setting not in found
    )
    rings = _rings(ground.env, gathered)
    _judge_secrets(ground, rings, gathered, today or SystemClock().now().date())
    gathered.notices.extend(_assumed(ground, gathered.values))
    return Examined(ground, rings, gathered)


def _assumed(ground: Ground, values: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what a guarded installation was not told and works without."""
    if ground.env.is_guarded and "SOLVENT_PUBLIC_URL" not in values:
        yield Finding(
            "settings.public_url_assumed",
            "SOLVENT_PUBLIC_URL",
            f"SOLVENT_PUBLIC_URL is not set; links will say {ground.public_url}.",
            stops=False,
        )
    told = {"SOLVENT_MAIL_HOST", "SOLVENT_MAIL_DRIVER"} & set(values)
    if ground.env.is_guarded and ground.data_dir is not None and not told:
        yield Finding(
            "settings.letters_stay",
            "SOLVENT_MAIL_HOST",
            "SOLVENT_MAIL_HOST is not set; letters stay as files in the data directory, and nobody "
            "gets them. Set it to the server that takes mail in.",
            stops=False,
        )


def _judge_secrets(
    ground: Ground, rings: Mapping[str, KeyRing], gathered: Gathered, today: date
) -> None:
    """Hold every secret of a guarded installation to the rules."""
    if not ground.env.is_guarded:
        return
    names = [setting.name for setting in all_settings()]
    bad = {finding.setting for finding in gathered.findings}
    good = {name: text for name, text in gathered.values.items() if name not in bad}
    gathered.findings.extend(judge(secrets_of(good, names)))
    gathered.findings.extend(judge_passwords(good, names))
    days_max = ground.secret_max_age_days
    for name, ring in rings.items():
        gathered.findings.extend(judge_ages(name, ring, today=today, days_max=days_max))
        gathered.notices.extend(notice_ages(name, ring, today=today, days_max=days_max))


def _ground(gathered: Gathered) -> Ground:
    """Build the settings; what cannot be used becomes a finding, and its default stands in."""
    plain = [s for s in all_settings() if s.name.name not in KEY_FILES]
    tree: dict[str, Any] = {}
    for setting in plain:
        if setting.name.name in gathered.values:
            _branch(tree, setting.path)[setting.path[-1]] = gathered.values[
                setting.name.name
            ].strip()
    try:
        return Ground.model_validate(tree)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_input=False)
    for setting in plain:
        about = [e for e in errors if e["loc"][: len(setting.path)] == setting.path]
        if about:
            del _branch(tree, setting.path)[setting.path[-1]]
            reason = str(about[0].get("ctx", {}).get("error", about[0]["msg"]))
            gathered.findings.append(
                _bad_value(setting, _called(gathered, setting.name.name), reason)
            )
    return Ground.model_validate(tree)


def _branch(tree: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return the part of ``tree`` that holds the last step of ``path``."""
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    return tree


def _called(gathered: Gathered, name: str) -> str:
    """Return how a message calls a setting: by the name it came under, where that is another."""
    source = gathered.sources[name]
    return name if source == name else f"{name} (from {source})"


def _bad_value(setting: Setting, called: str, reason: str) -> Finding:
    return Finding(
        "settings.bad_value",
        setting.name.name,
        f"{called} cannot be used: {reason[:1].lower()}{reason[1:]}. "
        f"Correct it, or unset it (default: {default_of(setting)}).",
    )


def _placed(ground: Ground, environ: Mapping[str, str]) -> Ground:
    """Fill in what depends on other settings or on the machine."""
    changed: dict[str, Any] = {}
    if not ground.public_url:
        changed["public_url"] = f"http://localhost:{ground.http.port}"
    if ground.data_dir is None and (not ground.env.is_guarded or ground.database.url):
        changed["data_dir"] = user_data_dir(environ)
    if ground.env is Env.DEVELOPMENT and "format" not in ground.log.model_fields_set:
        changed["log"] = ground.log.model_copy(update={"format": LogFormat.CONSOLE})
    if ground.mail.driver is None:
        driver = MailDriver.SMTP if ground.mail.host else MailDriver.FILE
        changed["mail"] = ground.mail.model_copy(update={"driver": driver})
    return ground.model_copy(update=changed)


def _crosswise(ground: Ground, found: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong between settings; those ``found`` wrong already count as set."""
    database, http = ground.database, ground.http
    has_database = database.url is not None or "SOLVENT_DATABASE_URL" in found
    if ground.data_dir is None and not (has_database and ground.env.is_guarded):
        yield _missing("SOLVENT_DATA_DIR", "to a directory, or SOLVENT_DATABASE_URL to a database")
    for name, url in (
        ("SOLVENT_DB_OWNER_URL", database.owner_url),
        ("SOLVENT_DB_LISTEN_URL", database.listen_url),
    ):
        if url and not has_database:
            yield _at_odds(name, "needs SOLVENT_DATABASE_URL beside it. Set that, or unset this.")
    if database.pool_min > database.pool_max:
        yield _at_odds("SOLVENT_DB_POOL_MIN", "is above SOLVENT_DB_POOL_MAX. Lower it.")
    if ground.bcrypt_cost < BCRYPT_COST_MIN and ground.env is not Env.TEST:
        yield _at_odds("SOLVENT_BCRYPT_COST", f"is below {BCRYPT_COST_MIN}. Raise it.")
    yield from _about_origins(ground)
    if http.workers > 1 and ground.env.is_guarded and ground.redis_url is None:
        yield _missing("SOLVENT_REDIS_URL", "to what the web processes share, or use one worker")
    yield from _about_mail(ground, found)
    if ground.openid.issuer is not None and not ground.openid.client_id:
        yield _missing("SOLVENT_OIDC_CLIENT_ID", "to what the provider calls this Solvent")
    plain = ground.public_url.startswith("http://") and not is_local(ground.public_url)
    if plain and not ground.insecure_lan:
        yield _at_odds(
            "SOLVENT_PUBLIC_URL",
            "is plain HTTP on another host. Use https, or accept that everybody on the network "
            "can read along: SOLVENT_INSECURE_LAN=true.",
        )


def _about_origins(ground: Ground) -> Iterator[Finding]:
    """Yield what is wrong about other origins: in earnest they are encrypted, else of this machine."""
    origins = ground.http.allowed_origins
    if ground.env.is_guarded and not all(map(_is_encrypted, origins)):
        sentence = "lists an origin without https, or of this machine. Remove it."
        yield _at_odds("SOLVENT_HTTP_ALLOWED_ORIGINS", sentence)
    if ground.env is Env.DEVELOPMENT and not all(map(is_local, origins)):
        sentence = "lists an origin that is not of this machine. Remove it, or use staging."
        yield _at_odds("SOLVENT_HTTP_ALLOWED_ORIGINS", sentence)


def _about_mail(ground: Ground, found: Collection[str]) -> Iterator[Finding]:
    """Yield what keeps letters from being sent, or from being sent unread."""
    mail = ground.mail
    if mail.driver is MailDriver.SMTP and not mail.host and "SOLVENT_MAIL_HOST" not in found:
        yield _missing(
            "SOLVENT_MAIL_HOST",
            "to the server that takes mail in, or SOLVENT_MAIL_DRIVER=file to keep letters as files",
        )
    if mail.driver is MailDriver.FILE and ground.data_dir is None and ground.database.url:
        yield _missing(
            "SOLVENT_MAIL_HOST", "or SOLVENT_DATA_DIR, in which letters are kept as files"
        )
    if mail.driver is MailDriver.CONSOLE and ground.env.is_guarded:
        yield _at_odds("SOLVENT_MAIL_DRIVER", "would print links that open accounts. Use smtp.")
    bare = mail.security is MailSecurity.NONE and not is_local(f"smtp://{mail.host}")
    if mail.driver is MailDriver.SMTP and mail.host and bare and ground.env.is_guarded:
        yield _at_odds("SOLVENT_MAIL_SECURITY", "sends letters in the clear. Use starttls or tls.")
    if mail.user and mail.password is None:
        yield _missing("SOLVENT_MAIL_PASSWORD", "to the password of SOLVENT_MAIL_USER")


def _is_encrypted(origin: str) -> bool:
    return origin.startswith("https://") and not is_local(origin)


def _missing(name: str, remedy: str) -> Finding:
    return Finding("settings.missing", name, f"{name} is not set. Set it {remedy}.")


def _at_odds(name: str, sentence: str) -> Finding:
    return Finding("settings.at_odds", name, f"{name} {sentence}")


def _rings(env: Env, gathered: Gathered) -> dict[str, KeyRing]:
    """Return the key rings that were given; find those that are bad, missing or shared."""
    rings: dict[str, KeyRing] = {}
    found = {finding.setting for finding in gathered.findings}
    for name in KEY_FILES:
        if name in gathered.values:
            try:
                file = gathered.files.get(gathered.sources[name])
                rings[name] = KeyRing.parse(_ring_text(gathered, name), file=file)
            except BadKeys as bad:
                sentence = f"{_called(gathered, name)} cannot be used. {bad.message}"
                gathered.findings.append(Finding("settings.bad_keys", name, sentence))
        elif env.is_guarded and name not in found:
            remedy = f"(or {name}{FILE_SUFFIX}) to what `solvent secrets generate` makes"
            gathered.findings.append(_missing(name, remedy))
    _look_for_shared_key(rings, gathered)
    return rings


def _look_for_shared_key(rings: Mapping[str, KeyRing], gathered: Gathered) -> None:
    """Find a key that stands on both rings."""
    if len(rings) == len(KEY_FILES):
        one, other = rings.values()
        if one.shares_a_key_with(other):
            sentence = "holds a key of SOLVENT_SECRET_KEYS. Make it one of its own."
            gathered.findings.append(_at_odds("SOLVENT_FIELD_KEYS", sentence))


def _ring_text(gathered: Gathered, name: str) -> str:
    """Return a ring's text; a bare key under a foreign name gets an id that stays the same."""
    text = gathered.values[name].strip()
    foreign = not gathered.sources[name].startswith(name) and ":" not in text
    if not foreign or gathered.sources[name] == "command line":
        return text
    kid = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
    return f"foreign-{kid}:{text.replace('+', '-').replace('/', '_')}"


def _make_missing_keys(examined: Examined) -> None:
    """Make the rings that were not given, once, in the data directory."""
    data_dir = examined.ground.data_dir
    for name, file in KEY_FILES.items():
        if name in examined.rings or data_dir is None:
            continue
        try:
            text = load_or_make(data_dir, file)
            examined.rings[name] = KeyRing.parse(text, file=data_dir / "keys" / file)
        except (OSError, BadKeys, UnicodeDecodeError) as wrong:
            reason = wrong.strerror if isinstance(wrong, OSError) else "its content is damaged"
            sentence = (
                f"{name} is not set, and cannot be kept in {data_dir / 'keys' / file}: {reason}. "
                f"Set it, or make SOLVENT_DATA_DIR a directory that can be written."
            )
            examined.gathered.findings.append(Finding("settings.keys_not_kept", name, sentence))


def default_of(setting: Setting) -> str:
    """Return a setting's default as the reference writes it."""
    value: Any = setting.field.default
    if setting.field.is_required() or value is None or value in ("", ()):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
