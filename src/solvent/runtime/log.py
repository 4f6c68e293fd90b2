"""The log: one line for each event, with who asked for it, and without what must not be there.

Our events come through structlog, those of libraries through the standard library's logging; both
meet in the same chain and leave on standard error. Events are called ``noun.past_participle`` and
carry facts. Whatever is bound to a request stands on each of its lines.
"""

import contextlib
import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO, TypeAlias, cast
from uuid import UUID

import msgspec
import structlog
from structlog.typing import FilteringBoundLogger, Processor

from solvent.runtime.redaction import Plain, plain, redact, told
from solvent.runtime.settinggroups import LogFormat, LogLevel, LogSettings

FRAMES_MAX = 20
"""Innermost places told of one exception."""
CAUSES_MAX = 5
"""Exceptions told of one event: the first, what caused it, the members of a group."""
QUIET_LIBRARIES = ("httpx2", "httpcore2", "asyncio")
"""Libraries that tell every request or every step; only their warnings are of interest."""
SERVER_LOGGERS = ("_granian", "granian.access", "uvicorn", "uvicorn.error", "uvicorn.access")
"""Loggers of web servers, which come with handlers of their own."""

Event: TypeAlias = MutableMapping[str, Any]

_spell_out = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode
_quick = msgspec.json.Encoder().encode


def configure(log: LogSettings, *, stream: TextIO | None = None, **always: str) -> None:
    """Send every event to ``stream`` (standard error unless told), each with the facts ``always``.

    Once at the start of a process; a later call replaces it.
    """
    sink = _Sink(stream)
    chain = _configure_own(log, sink, always)
    handler = _Handler(sink)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_name_library],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *chain],
        )
    )
    _route_libraries(handler, _number(log.level))


def logger(name: str) -> FilteringBoundLogger:
    """Return the log of one module; ``name`` stands on its lines.

    It follows every later ``configure``. A hot loop calls ``bind()`` on it once: an event below the
    level then costs 0.1 µs instead of 3.
    """
    return cast("FilteringBoundLogger", structlog.get_logger(module=name))


def bind_request(request_id: str, **facts: str | int | UUID | None) -> None:
    """Put the request's id, and ``facts`` such as ``household_id``, on every line that follows.

    They hold for the task that runs now and those it starts.
    """
    structlog.contextvars.bind_contextvars(request_id=request_id, **facts)


def bind(**facts: str | int | UUID | None) -> None:
    """Put more ``facts``, learned on the way, on every line of this task that follows."""
    structlog.contextvars.bind_contextvars(**facts)


def clear() -> None:
    """Forget what was bound, at the end of a request or job."""
    structlog.contextvars.clear_contextvars()


def server_logging() -> dict[str, Any]:
    """Return the web server's ``logging`` configuration: no handlers of its own, all to ours."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {},
        "handlers": {},
        "loggers": {
            name: {"handlers": [], "level": "INFO", "propagate": True} for name in SERVER_LOGGERS
        },
    }


class _Sink:
    """Writes whole lines to a stream; a log that cannot be written stops nothing else."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, line: str) -> None:
        stream = sys.stderr if self._stream is None else self._stream
        with self._lock, contextlib.suppress(OSError, ValueError):
            stream.write(line)
            stream.flush()

    # Structlog calls the sink by the event's level.
    debug = info = warning = error = critical = write


class _Handler(logging.Handler):
    """Hands the records of libraries to the sink."""

    def __init__(self, sink: _Sink) -> None:
        super().__init__()
        self._sink = sink

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        try:
            self._sink.write(self.format(record))
        except Exception:  # noqa: BLE001 - a malformed record of a library stops nothing else
            self._sink.write(f"record.malformed logger={record.name}\n")


class _Cleaner:
    """Turns an event into plain data without secrets, in a settled order of fields."""

    def __init__(self, always: Mapping[str, str]) -> None:
        self._always = dict(always)

    def __call__(self, _logger: object, _method: str, event: Event) -> dict[str, Plain]:
        error = _exception_of(event.pop("exc_info", None))
        event.pop("stack_info", None)
        clean: dict[str, Plain] = {
            "time": str(event.pop("timestamp", "")),
            "level": str(event.pop("level", "")),
            "event": redact(str(event.pop("event", ""))),
            **self._always,
        }
        for name, value in event.items():
            clean[name] = plain(name, value)
        if error is not None:
            clean["exception"] = [_told_exception(cause) for cause in _causes(error)]
        return clean


def _configure_own(log: LogSettings, sink: _Sink, always: Mapping[str, str]) -> list[Processor]:
    """Set up our own events and return the chain they pass through."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Cleaner(always),
        _as_json if log.format is LogFormat.JSON else _as_console,
    ]
    structlog.configure(
        processors=chain,
        wrapper_class=structlog.make_filtering_bound_logger(_number(log.level)),
        logger_factory=lambda *_: sink,
        cache_logger_on_first_use=False,
    )
    return chain


def _route_libraries(handler: logging.Handler, level: int) -> None:
    """Take over the standard library's logging, and the handlers that servers gave themselves."""
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in SERVER_LOGGERS:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(capture=True)


def _name_library(_logger: object, _method: str, event: Event) -> Event:
    """Put the name of a library's logger on its event, as a module's name stands on ours."""
    event["module"] = event["_record"].name
    return event


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _exception_of(exc_info: object) -> BaseException | None:
    """Return the exception that a caller meant by ``exc_info``."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        error = cast("tuple[object, ...]", exc_info)[1]
        return error if isinstance(error, BaseException) else None
    return sys.exception() if exc_info else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, what caused it, and the members of a group, a few of them."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < CAUSES_MAX:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(cast("BaseExceptionGroup[BaseException]", current).exceptions)
        cause = current.__cause__
        if cause is None and not current.__suppress_context__:
            cause = current.__context__
        if cause is not None:
            waiting.append(cause)


def _told_exception(error: BaseException) -> dict[str, Plain]:
    """Return an exception's type, its redacted words and its places; never a variable."""
    kind = type(error)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "message": told(error),
        "places": list[Plain](_places(error.__traceback__)),
    }


def _places(trace: TracebackType | None) -> list[str]:
    """Return the innermost places of a traceback as ``file:line function``, outermost first."""
    frames = [
        (frame.f_code.co_filename, line, frame.f_code.co_qualname)
        for frame, line in traceback.walk_tb(trace)
    ]
    return [f"{_short(file)}:{line} {function}" for file, line, function in frames[-FRAMES_MAX:]]


def _short(file: str) -> str:
    """Return a source file's path from its package on."""
    for root in ("/site-packages/", "/src/"):
        _, found, inside = file.rpartition(root)
        if found:
            return inside
    return file


def _encode(value: object) -> str:
    """Return ``value`` as JSON in ASCII: nothing in it can be taken for the end of a line."""
    try:
        text = _quick(value)
    except UnicodeEncodeError:  # half of a pair, which no encoding has
        return _spell_out(value)
    return text.decode() if text.isascii() else _spell_out(value)


def _as_json(_logger: object, _method: str, event: Event) -> str:
    """Render an event as one object on one line."""
    return _encode(event) + "\n"


def _as_console(_logger: object, _method: str, event: Event) -> str:
    """Render an event for a person: one line, and an exception's words and places below."""
    exceptions: list[dict[str, Any]] = event.pop("exception", [])
    when, level, what = (str(event.pop(name)) for name in ("time", "level", "event"))
    facts = "".join(f" {_visible(name)}={_encode(value)}" for name, value in event.items())
    lines = [f"{when[11:23]} {level:<8} {_visible(what)}{facts}"]
    for told_exception in exceptions:
        lines.append(f"    {told_exception['type']}: {_visible(told_exception['message'])}")
        lines.extend(f"      {_visible(place)}" for place in told_exception["places"])
    return "\n".join(lines) + "\n"


def _visible(text: str) -> str:
    """Return ``text`` with whatever could forge a line or move a cursor spelled out."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii")
        for sign in text
    )


# Until a process is configured only warnings are shown, cleaned, and never on standard output.
_configure_own(LogSettings(level=LogLevel.WARNING, format=LogFormat.CONSOLE), _Sink(None), {})
