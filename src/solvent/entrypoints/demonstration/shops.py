"""Where the household spends by habit: invented shops, how often, how much, and in whose words.

A habit's ``text`` is how its bank writes the purchase: ``{shop}`` is the shop's name as shouted,
``{terminal}`` its card terminal, ``{day}`` the day of the purchase.
"""

from dataclasses import dataclass

from solvent.entrypoints.demonstration.accounts import Account

EVERY_DAY = "MTWTFSS"
NOT_SUNDAYS = "MTWTFS-"
WEEKDAYS = "MTWTF--"
SATURDAYS = "-----S-"
EVENINGS = "---TFSS"
ALL_YEAR = range(1, 13)

_POS = "POS {terminal} {shop} BERLIN {day:%d.%m.} CARD 77"
_THANKS = "KARTENZAHLUNG {shop} SAGT DANKE {terminal}//BERLIN/DE {day:%Y-%m-%d} KFN 1"
_DEBIT = "DEBITKARTE {shop}//BERLIN/DE {day:%Y-%m-%d} KFN 2"
_VISA = "{shop} BERLIN DE"
_SUMUP = "SUMUP *{shop}"
_PAYPAL = "PAYPAL *{shop}"
_DOLLAR = "{shop} #0412 PORTLAND ME"


@dataclass(frozen=True, slots=True)
class Habit:
    """A shop that is visited ``per_ten_weeks`` times, on the days and in the months it is open.

    Amounts lie between the two, in steps; of a hundred purchases ``refunded_percent`` come back,
    and of a hundred days with one ``twin_percent`` have a second, equal one.
    """

    account: Account
    payee: str
    category: str
    text: str
    per_ten_weeks: int
    low_minor: int
    high_minor: int
    step_minor: int = 1
    open_days: str = NOT_SUNDAYS
    months: range = ALL_YEAR
    refunded_percent: int = 0
    twin_percent: int = 0


HABITS: tuple[Habit, ...] = (
    Habit(Account.JOINT, "Green Basket", "Food:Groceries", _POS, 16, 1_800, 8_900),
    Habit(Account.JOINT, "Frischwinkel", "Food:Groceries", _THANKS, 9, 900, 5_200),
    Habit(
        Account.JOINT,
        "Hofladen Apfelgrund",
        "Food:Groceries",
        _POS,
        4,
        800,
        3_400,
        open_days=SATURDAYS,
    ),
    Habit(
        Account.JOINT,
        "Bäckerei Semmelweg",
        "Food:Bakery",
        _THANKS,
        8,
        320,
        1_450,
        step_minor=5,
        open_days=EVERY_DAY,
    ),
    Habit(Account.JOINT, "Seifenblase Drogerie", "Health:Drugstore", _POS, 5, 600, 3_900),
    Habit(Account.JOINT, "Apotheke am Brunnen", "Health:Pharmacy", _THANKS, 2, 490, 3_800),
    Habit(Account.JOINT, "Kramer und Kiste", "Home:Furnishing", _POS, 2, 1_200, 14_900),
    Habit(Account.JOINT, "Geldautomat", "Cash", _POS, 4, 4_000, 12_000, step_minor=2_000),
    Habit(
        Account.JOINT,
        "Stadtbahn Einzelfahrt",
        "Transport:Transit",
        _POS,
        5,
        380,
        380,
        twin_percent=30,
    ),
    Habit(
        Account.BEN,
        "Bohnenglück Kaffee",
        "Food:Coffee",
        _DEBIT,
        18,
        340,
        340,
        open_days=WEEKDAYS,
        twin_percent=12,
    ),
    Habit(
        Account.BEN,
        "Mittagsküche Linde",
        "Food:Restaurants",
        _DEBIT,
        11,
        890,
        1_490,
        step_minor=10,
        open_days=WEEKDAYS,
    ),
    Habit(Account.BEN, "Rollfix Scooter", "Transport:Scooter", _DEBIT, 3, 210, 690),
    Habit(Account.BEN, "Buchstabensuppe Bücher", "Leisure:Books", _DEBIT, 3, 1_200, 3_900),
    Habit(Account.BEN, "Haarwerk Salon", "Health:Hairdresser", _DEBIT, 1, 3_200, 4_800, 100),
    Habit(
        Account.CARD,
        "Trattoria Zitronella",
        "Food:Restaurants",
        _VISA,
        5,
        2_800,
        9_800,
        step_minor=10,
        open_days=EVENINGS,
    ),
    Habit(
        Account.CARD,
        "Curry Laterne",
        "Food:Restaurants",
        _VISA,
        4,
        1_600,
        5_200,
        step_minor=10,
        open_days=EVENINGS,
    ),
    Habit(Account.CARD, "Sushi Papierkranich", "Food:Restaurants", _SUMUP, 3, 2_400, 7_600, 10),
    Habit(
        Account.CARD,
        "Paketgarten",
        "Shopping:Online",
        _PAYPAL,
        7,
        1_290,
        12_900,
        open_days=EVERY_DAY,
        refunded_percent=15,
    ),
    Habit(
        Account.CARD,
        "Fadenlauf Mode",
        "Shopping:Clothes",
        _VISA,
        2,
        1_990,
        15_900,
        refunded_percent=12,
    ),
    Habit(
        Account.CARD,
        "Lichtspiel Kometenhof",
        "Leisure:Cinema",
        _VISA,
        2,
        1_150,
        3_400,
        step_minor=50,
        open_days=EVENINGS,
        twin_percent=15,
    ),
    Habit(
        Account.CARD,
        "Brummkreisel Spielzeug",
        "Shopping:Gifts",
        _VISA,
        9,
        1_500,
        8_900,
        months=range(11, 13),
    ),
    Habit(Account.CARD, "Fernzug Reisen", "Travel:Trains", _PAYPAL, 2, 2_990, 11_900, 100),
    Habit(Account.DOLLAR_CARD, "Harbor Print Shop", "Shopping:Online", _DOLLAR, 3, 900, 6_500),
)
"""What is bought at home, in the order in which a day's purchases are made."""
