"""What somebody is logged in with, as people call it: read from what their program says of itself."""

from dataclasses import dataclass

PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Marks of browsers, the telling ones first: most of them name others as well."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
PRODUCT_CHARS_MAX = 60


@dataclass(frozen=True, slots=True)
class Device:
    """A program and the system that it runs on; either is empty where it does not say."""

    program: str
    system: str


def device(agent: str) -> Device:
    """Return what the words of a User-Agent header mean; a program that is no browser by its own name."""
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in PROGRAMS if mark in agent), "")
    product = agent.partition(" ")[0].partition("/")[0][:PRODUCT_CHARS_MAX]
    return Device(browser or ("" if product == "Mozilla" else product), system)
