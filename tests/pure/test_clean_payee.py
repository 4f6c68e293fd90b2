"""Payees: what is read out of a bank's description, case by case and for any text at all."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from solvent.categorisation.payees import PAYEE_CHARS_MAX, clean_payee

CARD_PAYMENTS = {
    "POS 1234 GREEN BASKET BERLIN 04.03. CARD 77": "Green Basket",
    "POS PURCHASE GREEN BASKET": "Green Basket",
    "POS MERCHANDISE;GREEN BASKET #112": "Green Basket",
    "CARD PAYMENT TO GREEN BASKET ON 03-01-2024": "Green Basket",
    "DEBIT CARD PURCHASE XXXX1234 GREEN BASKET OAKLAND CA": "Green Basket",
    "PURCHASE AUTHORIZED ON 03/04 GREEN BASKET PORTLAND ME S583063 CARD 4410": "Green Basket",
    "GREEN BASKET , LONDON GB , CD 1234": "Green Basket",
    "Kartenzahlung GREEN BASKET SAGT DANKE. 41400673//Hamburg 2018-03-01T11:33:59 KFN 1 VJ 1812": (
        "Green Basket"
    ),
    "GREEN BASKET//KOELN/DE 2024-01-24T12:26 KFN 1": "Green Basket",
    "CARTE 23/08 CB*1234 CAFÉ ZÉNITH BORDEAUX": "Café Zénith",
    "ACHAT CB BOULANGERIE VERTE 04.03.24": "Boulangerie Verte",
    "COMPRA TARJ. 5402XXXXXXXX1234 CESTA VERDE-VALENCIA": "Cesta Verde",
    "PAGO EN 100 CESTAS MADRID ES": "100 Cestas",
    "PAGAMENTO POS CESTO VERDE MILANO IT 04/03 ORE 12:44 CARTA 1234": "Cesto Verde",
    "BEA, Betaalpas GROENE MAND,PAS123 NR:517409, 2024-01-03 AMSTERDAM": "Groene Mand",
    "POS01SEP GREEN BASKET": "Green Basket",
    "GREEN BASKET@12:34": "Green Basket",
    "GREEN BASKET               NEW YORK      NY": "Green Basket",
    "GREEN BASKET 041287430274 CA           12/22GREEN 04": "Green Basket",
}
ORDERS = {
    "SEPA-BASISLASTSCHRIFT EREF+775028624 MREF+504868 SVWZ+GRÜNSTROM": "Grünstrom",
    "SEPA-Lastschrift GRÜNSTROM EREF+775028624 SVWZ+ABSCHLAG 03/2025": "Grünstrom",
    "MIETE HAUSVERWALTUNG ZIEGEL SVWZ+MIETE 05/2025": "Miete Hausverwaltung Ziegel",
    "GUTSCHRIFT EREF+1234 ABWA+MARA MUSTER SVWZ+DANKE": "Mara Muster",
    "SEPA Incasso algemeen doorlopend Incassant NL59ZZZ621117124 Naam: GROENE STROOM": (
        "Groene Stroom"
    ),
    "/TRTP/SEPA OVERBOEKING/IBAN/NL00TEST0123456789/NAME/J. VOORBEELD/REMI/HUUR/EREF/X": (
        "J. Voorbeeld"
    ),
    "PRLV SEPA COURANT VERT REF 9545002": "Courant Vert",
    "RECIBO LUZ VERDE Nº RECIBO 59309609": "Luz Verde",
    "ADDEBITO DIRETTO SEPA LUCE VERDE MANDATO 123456789": "Luce Verde",
    "GREEN POWER DIRECT DEBIT REF 79841702": "Green Power",
    "ACH CREDIT QUILL PRESS PPD ID: 471854862": "Quill Press",
    "ZINSEN 03/2025": "Zinsen",
}
PROCESSORS = {
    "SQ *BRASS BADGER COFFEE": "Brass Badger Coffee",
    "TST* RIVER DINER #5939 SPRINGFIELD IL": "River Diner",
    "PAYPAL *PAKETGARTEN 4029357733": "Paketgarten",
    "SumUp *Kaffee Kiste": "Kaffee Kiste",
    "ZETTLE_*HOFLADEN": "Hofladen",
    "RIDEFAST *TRIP*1622D3": "Ridefast Trip",
    "PAKETGARTEN.COM*180584": "Paketgarten.com",
}
SPELLING = {
    "O'MALLEY'S PUB": "O'Malley's Pub",
    "APOTHEKE AM BRUNNEN": "Apotheke am Brunnen",
    "ATM WITHDRAWAL": "ATM Withdrawal",
    "DB VERTRIEB GMBH": "DB Vertrieb GmbH",
    "H&M": "H&M",
    "IKEA": "IKEA",
    "7-ELEVEN 33812": "7-Eleven",
    "1ST CLASS TRAVEL": "1st Class Travel",
    "ДОМ КНИГИ": "Дом Книги",
    "Bäckerei Müller": "Bäckerei Müller",
    "ikea": "ikea",
}
NOT_PEELED_TOO_FAR = {
    "UNION 76": "Union 76",
    "STADTWERKE MUENCHEN": "Stadtwerke Muenchen",
    "STADTWERKE MUENCHEN//BERLIN/DE": "Stadtwerke Muenchen",
    "BANK OF LONDON": "Bank of London",
    "CANAL+": "Canal+",
    "CARD 1234": "Card",
    "KARTENZAHLUNG 04.03.": "Kartenzahlung",
    "SEPA-Lastschrift": "SEPA-Lastschrift",
    "00075757575": "00075757575",
    "TRANSFER TO SAVINGS": "Transfer to Savings",
}
CASES = CARD_PAYMENTS | ORDERS | PROCESSORS | SPELLING | NOT_PEELED_TOO_FAR

SEEN = (
    "POS PURCHASE GREEN BASKET BERLIN 04.03. CARD 77 1234 EREF+12 SVWZ+MIETE SVWZ+ * SQ *A PAYPAL "
    "REF 5 - // , ,PAS Naam: Name: IBAN DE12 ABCD1234 XXXX1234 XXXX DE NEW YORK NY OF & H&M B.V. "
    "SAGT DANKE. [DN] @12:34 ~ ; WWW. e.on É ß ǅ İ LASTSCHRIFT DIRECT DEBIT #12 '' 'S /NAME/ / "
    "MARCH 2025 JAN-16 12:30 X +"
)
UNSEEN = ["   ", "\x00", "\u200b", "\u0301", "\xad", "\xa0", "\ud800", "\u2028"]
WORDS = st.sampled_from(SEEN.split() + UNSEEN)
DESCRIPTIONS = st.one_of(
    st.text(max_size=150),
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
)


@pytest.mark.parametrize(("description", "payee"), CASES.items())
def test_a_description_gives_its_payee(description: str, payee: str) -> None:
    assert clean_payee(description) == payee


@settings(max_examples=500)
@given(DESCRIPTIONS)
@example("WWW. WWW.")
@example("e\u200b\u0301")
def test_the_name_of_a_name_is_that_name(description: str) -> None:
    name = clean_payee(description)
    assert clean_payee(name) == name


@settings(max_examples=500)
@given(DESCRIPTIONS)
def test_a_name_is_short_printable_and_trimmed(description: str) -> None:
    name = clean_payee(description)
    assert len(name) <= PAYEE_CHARS_MAX
    assert name.isprintable()
    assert name == " ".join(name.split())


@settings(max_examples=500)
@given(DESCRIPTIONS)
def test_whatever_can_be_seen_gives_a_name(description: str) -> None:
    seen = any(character.isprintable() and character != " " for character in description)
    assert bool(clean_payee(description)) == seen


def test_a_long_name_ends_with_a_whole_word() -> None:
    assert clean_payee("Gesellschaft " * 40) == "Gesellschaft " * 5 + "Gesellschaft"


def test_a_hostile_description_takes_no_time_to_speak_of() -> None:
    for hostile in ("*" * 100_000, "A* " * 50_000, "Name: " * 20_000, "DE12 ABCD " * 10_000):
        assert len(clean_payee(hostile)) <= PAYEE_CHARS_MAX


def test_one_shop_has_one_name_on_all_its_days() -> None:
    descriptions = {
        f"POS {terminal} GREEN BASKET BERLIN {day:02}.{month:02}. CARD 77"
        for terminal in (1234, 98765)
        for day in (1, 28)
        for month in range(1, 13)
    }
    assert {clean_payee(description) for description in descriptions} == {"Green Basket"}
