"""What falls due by the calendar, and what comes in: wages, rent, contracts, insurance, fees.

An amount is the account owner's: what is paid is negative. Prices change: each holds from so many
months after the household's first. ``{reference}`` in a text is a number the creditor makes up.
"""

from dataclasses import dataclass
from datetime import date

from solvent.entrypoints.demonstration.accounts import Account
from solvent.entrypoints.demonstration.days import months_since

MONTHLY = frozenset(range(1, 13))
QUARTERLY = frozenset({3, 6, 9, 12})

_ORDER = "DAUERAUFTRAG {shop} SVWZ+{day:%m/%Y}"
_DEBIT = "SEPA-BASISLASTSCHRIFT {shop} EREF+{reference} MREF+{terminal} SVWZ+BEITRAG {day:%m/%Y}"
_CREDIT = "GUTSCHRIFT {shop} SVWZ+{day:%m/%Y}"
_TRANSFER = "ÜBERWEISUNG {shop} EREF+{reference} SVWZ+RECHNUNG"
_PLAIN = "{shop}"
_ONLINE = "{shop} BERLIN DE"
_ACH = "ACH CREDIT {shop} PPD ID: {reference}"


@dataclass(frozen=True, slots=True)
class Bill:
    """Something due on a day of certain months.

    ``prices`` are pairs of (months since the start, amount), the first from month 0;
    ``varies_minor`` is by how much the amount may differ, either way.
    """

    account: Account
    payee: str
    category: str
    text: str
    day: int
    prices: tuple[tuple[int, int], ...]
    months: frozenset[int] = MONTHLY
    varies_minor: int = 0

    def is_due(self, day: date) -> bool:
        """Say whether the bill falls due on ``day``."""
        return day.day == self.day and day.month in self.months

    def amount_minor(self, start: date, day: date) -> int:
        """Return the price that holds on ``day`` for a household that began on ``start``."""
        age = months_since(start, day)
        return [amount for since, amount in self.prices if since <= age][-1]


def _monthly(
    account: Account, payee: str, category: str, text: str, day: int, *prices: tuple[int, int]
) -> Bill:
    """Return a bill of every month."""
    return Bill(account, payee, category, text, day, prices)


def _yearly(
    account: Account, payee: str, category: str, text: str, month: int, *amounts_minor: int
) -> Bill:
    """Return a bill due on the 15th of ``month``, with an amount for each year."""
    prices = tuple((12 * year, amount) for year, amount in enumerate(amounts_minor))
    return Bill(account, payee, category, text, 15, prices, frozenset({month}))


WAGES: tuple[Bill, ...] = (
    _monthly(
        Account.JOINT,
        "Ampelmoos Logistik AG",
        "Income:Salary",
        _CREDIT,
        25,
        (0, 318_400),
        (15, 331_250),
    ),
    _monthly(
        Account.BEN,
        "Quendelhaus Verlag GmbH",
        "Income:Salary",
        _CREDIT,
        25,
        (0, 264_510),
        (27, 277_030),
    ),
    _monthly(
        Account.JOINT, "Familienkasse Teststadt", "Income:Child benefit", _CREDIT, 10, (0, 25_500)
    ),
    _yearly(
        Account.JOINT,
        "Finanzamt Teststadt",
        "Income:Tax refund",
        _CREDIT,
        6,
        64_318,
        51_877,
        70_240,
    ),
    Bill(
        Account.DOLLARS,
        "Quill and Lantern Press",
        "Income:Royalties",
        _ACH,
        15,
        ((0, 45_000),),
        frozenset({1, 3, 4, 6, 7, 9, 10, 12}),
        varies_minor=16_000,
    ),
)
"""What comes in."""

CONTRACTS: tuple[Bill, ...] = (
    _monthly(
        Account.JOINT,
        "Hausverwaltung Ziegelstein",
        "Home:Rent",
        _ORDER,
        1,
        (0, -169_000),
        (26, -174_500),
    ),
    _monthly(Account.JOINT, "Kita Wirbelwind", "Family:Childcare", _DEBIT, 1, (0, -38_000)),
    _monthly(
        Account.JOINT, "Sonnenstrom Energie", "Home:Energy", _DEBIT, 3, (0, -11_800), (13, -13_400)
    ),
    _monthly(Account.JOINT, "Turnhalle Sieben", "Health:Sports", _DEBIT, 5, (0, -3_990)),
    _monthly(Account.JOINT, "Glasfaden Internet", "Home:Internet", _DEBIT, 7, (0, -3_999)),
    _monthly(Account.JOINT, "Funkmast Mobil", "Home:Telephone", _DEBIT, 12, (0, -2_798)),
    _monthly(
        Account.JOINT, "Stadtbahn Abo", "Transport:Transit", _DEBIT, 2, (0, -5_800), (24, -6_300)
    ),
    _monthly(Account.JOINT, "Lebensfels Versicherung", "Insurance:Life", _DEBIT, 20, (0, -4_210)),
    Bill(
        Account.JOINT,
        "Teilauto Drossel",
        "Transport:Car sharing",
        _DEBIT,
        9,
        ((0, -5_600),),
        varies_minor=4_100,
    ),
    Bill(Account.JOINT, "Entgeltabschluss", "Fees:Bank", _PLAIN, 30, ((0, -870),), QUARTERLY),
    _yearly(
        Account.JOINT,
        "Schutzschirm Versicherung",
        "Insurance:Home",
        _DEBIT,
        1,
        -31_890,
        -32_940,
        -34_150,
    ),
    _yearly(Account.JOINT, "Radkasko Versicherung", "Insurance:Bicycle", _DEBIT, 7, -8_940, -9_210),
    Bill(
        Account.JOINT,
        "Sonnenstrom Energie",
        "Home:Energy",
        _CREDIT,
        18,
        ((0, 4_312), (12, -8_790), (24, 6_155)),
        frozenset({2}),
    ),
    _yearly(Account.JOINT, "Ferienwerk Reisen", "Travel:Lodging", _TRANSFER, 3, -42_000),
    _yearly(Account.JOINT, "Ferienwerk Reisen", "Travel:Lodging", _TRANSFER, 7, -98_000),
    _monthly(
        Account.BEN, "Stadtbahn Abo", "Transport:Transit", _DEBIT, 2, (0, -5_800), (24, -6_300)
    ),
    _monthly(Account.BEN, "Wolkenhilfe Verein", "Giving:Donations", _ORDER, 16, (0, -1_500)),
    _monthly(Account.CARD, "Nachtfalter Digital", "Leisure:News", _ONLINE, 4, (0, -990)),
    _monthly(
        Account.CARD,
        "Flimmerkiste Streaming",
        "Leisure:Streaming",
        _ONLINE,
        14,
        (0, -1_299),
        (17, -1_499),
    ),
    _monthly(Account.CARD, "Klangwolke Musik", "Leisure:Streaming", _ONLINE, 21, (0, -1_099)),
    _monthly(Account.DOLLAR_CARD, "Cloudnest Storage", "Services:Software", _PLAIN, 11, (0, -299)),
    _monthly(
        Account.DOLLAR_CARD,
        "Paperlark Notes",
        "Services:Software",
        _PLAIN,
        23,
        (0, -800),
        (20, -1_000),
    ),
    _monthly(Account.DOLLARS, "Monthly Service Fee", "Fees:Bank", _PLAIN, 28, (0, -300)),
)
"""What goes out; the twelve-month settlement of the energy bill goes either way."""
