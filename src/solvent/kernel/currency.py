"""Currencies: an ISO 4217 code and how many digits its minor unit has.

Source of the table: ISO 4217 list one, as published by SIX, less funds, metals and testing codes;
currencies withdrawn since 1999 are kept, for old statements name them.
"""

from dataclasses import dataclass
from functools import cache

from solvent.kernel.errors import Refusal

UNKNOWN_CODE = "XXX"
"""ISO 4217's own code for "no currency": what a source item carries until someone names one."""

_TWO_DIGITS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP "
    "PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
    "TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "
    "ATS BEF BYR CYP DEM EEK FIM FRF GRD HRK IEP ITL LTL LUF LVL MTL NLG PTE ROL SIT SKK SLL TRL "
    "VEF ZWL"
)
_OTHER_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ESP",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS: dict[str, int] = dict.fromkeys(_TWO_DIGITS.split(), 2) | {
    code: digits for digits, codes in _OTHER_DIGITS.items() for code in codes.split()
}
"""Digits of the minor unit by ISO 4217 code; ``EUR`` has 2, ``JPY`` has 0."""


class UnknownCurrency(Refusal):
    """The code is not one of ISO 4217."""

    code = "money.unknown_currency"

    def __init__(self, text: str) -> None:
        """Quote at most the first characters of what was given."""
        super().__init__(
            f"“{text[:8]}” is not a currency; use a three-letter ISO 4217 code such as EUR."
        )


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency; ``Currency.of("EUR")`` is the way to have one."""

    code: str
    digits: int

    @staticmethod
    def of(code: str) -> "Currency":
        """Return the currency of an ISO 4217 ``code``; raise :class:`UnknownCurrency` else."""
        return _interned(code)

    @property
    def units(self) -> int:
        """How many minor units make one: 100 for EUR, 1 for JPY."""
        return int(10**self.digits)

    def __str__(self) -> str:
        return self.code


@cache
def _interned(code: str) -> Currency:
    if code == UNKNOWN_CODE:
        return Currency(code, 2)
    if code not in DIGITS:
        raise UnknownCurrency(code)
    return Currency(code, DIGITS[code])
