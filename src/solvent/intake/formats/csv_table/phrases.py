"""What banks write into cells: in or out, booked or pending, balances, months, currencies, cards.

Everything is compared in the form of :func:`solvent.intake.formats.csv_table.words.plain`.
"""

import re
from functools import lru_cache

from solvent.intake.formats.csv_table.words import phrases, plain
from solvent.kernel.currency import DIGITS

IN, OUT, NEUTRAL = "in", "out", "neutral"
KEPT_MAX = 1024
"""Answers kept by each function."""
PHRASE_CHARS_MAX = 60
"""Longer cells are no phrase."""


def _set(text: str) -> frozenset[str]:
    """Return the phrases of ``text`` in the form that cells are compared in."""
    return frozenset(phrase if phrase.isascii() else plain(phrase) for phrase in phrases(text))


_OUT = _set("""
    d; dr; db; dbit; debit; debits; debet; debeto; debito; debitas; debetas; debets; deebet; s; soll;
    af; uit; out; outgoing; sent; withdrawal; withdraw; withdrawn; purchase; sale; charge; spend;
    spending; expense; payment out; money out; paid out; belastung; ausgang; ausgabe; abbuchung;
    cargo; adeudo; gasto; egreso; addebito; dare; uscita; saida; despesa; obciazenie; wydatek; wn;
    wyplata; vydaj; odchozi; ud; udgift; ut; uttag; utgift; pano ulos; veloitus; meno; islaidos;
    izdevumi; valja; terheles; kiadas; borc; giden; расход; списание; дебет; 支出; 支; 借; 借方; 出;
    出金; 付; 付款; 转出""")
_IN = _set("""
    c; cr; crdt; credit; credits; kredit; credito; kreditas; kredits; kreedit; h; haben; k; bij; in;
    incoming; received; deposit; refund; return; income; payment in; money in; paid in; gutschrift;
    eingang; einnahme; einzahlung; abono; ingreso; accredito; avere; entrata; entrada; receita;
    uznanie; wplyw; ma; wplata; prijem; prichozi; ind; indtaegt; inn; insattning; inntekt;
    hyvitys; tulo; pajamos; ienemumi; sisse; jovairas; bevetel; alacak; gelen; приход; зачисление;
    поступление; кредит; доход; 收入; 收; 贷; 贷方; 入; 入金; 收款; 转入; 存入""")
_NEUTRAL = _set("neutral; 不计收支; 中性交易; 不计; 其他; internal")

_PENDING = _set("""
    pending; in progress; processing; authorised; authorized; authorisation; on hold; hold; waiting;
    uncleared; unposted; vorgemerkt; offen; in bearbeitung; vorlaufig; en attente; a venir; pendiente;
    en proceso; retenido; pendente; in attesa; non contabilizzato; in afwachting; gereserveerd;
    w trakcie; oczekujaca; oczekujace; nierozliczone; blokada; cekajici; nezauctovano; blokace;
    reserveret; reservert; reserverat; reservation; prelimin; varaus; katevaraus; rezervuota;
    laukiama; rezervets; broneering; broneeritud; fuggoben; zarolt; bekliyor; beklemede; provizyon;
    в обработке; ожидает; не обработан; 处理中; 待处理; 処理中; 保留中""")
_NOT_DONE = _set("""
    failed; declined; denied; cancelled; canceled; reverted; rejected; voided; void; expired;
    fehlgeschlagen; abgelehnt; storniert; refuse; refusee; annule; annulee; rechazada; rechazado;
    cancelada; fallida; rifiutato; annullato; recusada; geweigerd; geannuleerd; odrzucona;
    odrzucone; anulowana; zamitnuto; zruseno; afvist; avvist; avvisad; hylatty; atmesta;
    noraidits; tagasi lukatud; elutasitva; reddedildi; iptal; отклонен; отменен; отклонена""")
_DONE = _set("""
    posted; booked; complete; completed; cleared; reconciled; settled; paid; executed;
    succeeded; success; successful; issued; gebucht; verbucht; erledigt; comptabilise; execute;
    contabilizado; realizada; efetuada; eseguito; contabilizzato; geboekt; verwerkt; zaksiegowana;
    rozliczona; zauctovano; provedeno; bogfort; utfort; bokfort; kirjattu; ivykdyta; izpildits;
    teostatud; konyvelt; teljesult; tamamlandi; abgeschlossen; ausgefuhrt;
    umsatz gebucht; terminado; completado; completada; completata; zakonczona; avslutad;
    udfort; genomford; valmis; исполнен; проведен; выполнен; ok; 交易成功;
    支付成功; 完了""")

_BALANCE_ROWS = _set("""
    opening balance; closing balance; balance brought forward; balance carried forward;
    balance b f; balance c f; brought forward; beginning balance; ending balance; turnover;
    grand total; anfangssaldo; endsaldo; alter kontostand; neuer kontostand; schlusssaldo;
    eroffnungssaldo; solde initial; solde final; ancien solde; nouveau solde; total general;
    saldo inicial; saldo final; saldo anterior; saldo iniziale; saldo finale; beginsaldo;
    eindsaldo; saldo poczatkowe; saldo koncowe; obroty; pocatecni zustatek; konecny zustatek;
    primosaldo; ultimosaldo; inngaende saldo; utgaende saldo; ingaende saldo; alkusaldo;
    loppusaldo; likutis pradziai; likutis pabaigai; apyvarta; sakuma atlikums; beigu atlikums;
    apgrozijums; algsaldo; loppsaldo; kaive; nyito egyenleg; zaro egyenleg; devreden bakiye;
    acilis bakiyesi; kapanis bakiyesi; входящий остаток; исходящий остаток; обороты; 期初余额; 期末余额;
    合计金额; 前月繰越; 次月繰越""")
_TOTAL_ROWS = _BALANCE_ROWS | _set("""
    total; totals; sum; subtotal; summe; gesamtsumme; zwischensumme; kontostand; saldo; totale;
    totali; totaal; razem; suma; celkem; i alt; yhteensa; is viso; kopa; kokku; osszesen; toplam;
    итого; всего; 合计; 总计; 小计; 合計""")
_CLOSING_ROWS = _set("""
    closing balance; ending balance; endsaldo; neuer kontostand; schlusssaldo; solde final;
    nouveau solde; saldo final; saldo finale; eindsaldo; saldo koncowe; konecny zustatek;
    ultimosaldo; utgaende saldo; loppusaldo; likutis pabaigai; beigu atlikums; loppsaldo;
    zaro egyenleg; kapanis bakiyesi; исходящий остаток; 期末余额; 次月繰越""")

CARD_NETWORKS = _set("visa; mastercard; maestro; american express; amex; diners club; discover")
CARD_HEADERS = _set("""
    merchant; merchant name; card; card no; card number; card used; card used for transaction;
    card member; cardholder; cardholder name; kreditkarte; kartennummer; karteninhaber; handler;
    numero carte; tarjeta; numero carta; cartao; numer karty; cislo karty; kortnummer; 卡号;
    ご利用店名; 利用店名""")
SELLER_HEADERS = ("customer", "seller", "fee", "fees", "payout", "refunded", "gross", "buyer")
_FIRST_WORD = re.compile(r"\W+|_")
PAYMENT_THANKED = re.compile(
    r"thank you|payment received|payment - thank|merci|zahlung erhalten|danke|pago recibido|gracias"
    r"|grazie|obrigad|dziekujemy|bedankt|tack for|tak for",
    re.IGNORECASE,
)

_ROUBLES = {"руб": "RUB", "руб.": "RUB"}  # noqa: RUF001 - Russian


def _pairs(text: str) -> dict[str, str]:
    """Return ``one=other`` pairs as a table."""
    parted = (pair.partition("=") for pair in text.split())
    return {one: other for one, _, other in parted}


_CURRENCY_NAMES = _ROUBLES | _pairs("""
    €=EUR eur=EUR euro=EUR euros=EUR euroa=EUR £=GBP us$=USD hk$=HKD c$=CAD ca$=CAD a$=AUD
    au$=AUD nz$=NZD s$=SGD
    r$=BRL nt$=TWD mx$=MXN zł=PLN zl=PLN kč=CZK kc=CZK ₽=RUB ₹=INR ₺=TRY tl=TRY ft=HUF fr.=CHF
    sfr.=CHF ₩=KRW ₪=ILS ₴=UAH ฿=THB 人民币=CNY 人民币元=CNY 元=CNY rmb=CNY cn¥=CNY 円=JPY jp¥=JPY
    日元=JPY 美元=USD 港币=HKD 欧元=EUR 英镑=GBP lt=LTL ls=LVL dm=DEM
""")
SIGN_WORDS = _pairs("cr=+ dr=- db=- c=+ d=- h=+ s=- credit=+ debit=- haben=+ soll=-")
"""What a bank writes behind an amount instead of a sign."""
NAMELESS_SYMBOLS = frozenset(("$", "¥", "￥", "kr", "kr.", "₱", "р.", "р"))  # noqa: RUF001 - the rouble's letter
"""Marks of a currency that several currencies share: they tell that it is money, not which."""

MONTHS = """
    january february march april may june july august september october november december
    januar februar marz april mai juni juli august september oktober november dezember
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
    januari februari maart april mei juni juli augustus september oktober november december
    styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
    leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec
    januar februar mars april maj juni juli august september oktober november desember
    januari februari mars april maj juni juli augusti september oktober november december
    tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu
    sausis vasaris kovas balandis geguze birzelis liepa rugpjutis rugsejis spalis lapkritis gruodis
    janvaris februaris marts aprilis maijs junijs julijs augusts septembris oktobris novembris decembris
    jaanuar veebruar marts aprill mai juuni juuli august september oktoober november detsember
    januar februar marcius aprilis majus junius julius augusztus szeptember oktober november december
    ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik
    январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
"""
_OTHER_FORMS = {"mrt": 3, "kwietnia": 4, "cervna": 6, "мая": 5, "mrz": 3, "out": 10, "okt": 10}
MONTHS_PER_YEAR = 12
SHORTEST_MONTH = 3
ENDING_MAX = 3
"""Letters that a grammatical ending may change."""


def _month_index() -> dict[str, int]:
    """Return the month for each name and each beginning that is clear within its language."""
    index = dict(_OTHER_FORMS)
    for line in filter(None, (line.split() for line in MONTHS.splitlines())):
        names = [plain(name) for name in line]
        for number, name in enumerate(names, 1):
            for size in range(len(name), SHORTEST_MONTH - 1, -1):
                start = name[:size]
                clear = start == name or sum(other.startswith(start) for other in names) == 1
                if clear:
                    index.setdefault(start, number)
    return index


_MONTH = _month_index()


@lru_cache(KEPT_MAX)
def month_number(word: str) -> int:
    """Return the month that ``word`` names in any language, 0 where it names none."""
    name = plain(word[:PHRASE_CHARS_MAX])
    shortest = max(SHORTEST_MONTH, len(name) - ENDING_MAX)
    for size in range(len(name), shortest - 1, -1):
        if name[:size] in _MONTH:
            return _MONTH[name[:size]]
    return 0


@lru_cache(KEPT_MAX)
def direction_of(text: str) -> str:
    """Return whether a cell says ``in``, ``out`` or ``neutral``; empty where it says none."""
    if text.strip() == "/":
        return NEUTRAL
    if len(text) > PHRASE_CHARS_MAX:
        return ""
    key = plain(text)
    for words, meaning in ((_OUT, OUT), (_IN, IN), (_NEUTRAL, NEUTRAL)):
        if key in words:
            return meaning
    meanings = {direction_of(word) for word in key.split()} if " " in key else set[str]()
    return meanings.pop() if len(meanings) == 1 else ""


@lru_cache(KEPT_MAX)
def state_of(text: str) -> str:
    """Return ``pending``, ``undone`` or ``done`` for a bank's state; empty where it is unknown."""
    key = plain(text[:PHRASE_CHARS_MAX])
    if key in _PENDING:
        return "pending"
    if key in _NOT_DONE:
        return "undone"
    return "done" if key in _DONE else ""


_CONNECTING = frozenset(
    ("as", "of", "on", "at", "per", "vom", "am", "zum", "au", "le", "al", "del", "op")
)
"""Words that lead from a balance to its day."""
_FIRST_WORDS = frozenset(phrase.split()[0] for phrase in _TOTAL_ROWS)


def _row_words(text: str) -> str:
    """Return the words of a cell that might name a balance, without dates and figures."""
    if len(text) > PHRASE_CHARS_MAX or not text:
        return ""
    if (
        text.isascii()
        and _FIRST_WORD.split(text.casefold().lstrip(), maxsplit=1)[0] not in _FIRST_WORDS
    ):
        return ""
    words = plain(text).split()
    bare = [word for word in words if not any(c.isdigit() for c in word)]
    while len(bare) < len(words) and bare and bare[-1] in _CONNECTING:
        bare.pop()
    return " ".join(bare)


def is_balance_row(text: str) -> bool:
    """Say whether a cell names a balance, whatever else stands in its row."""
    return _row_words(text) in _BALANCE_ROWS


def is_total_row(text: str) -> bool:
    """Say whether a cell of a row without a date names a total; with one it may be a shop."""
    return _row_words(text) in _TOTAL_ROWS


def is_closing_row(text: str) -> bool:
    """Say whether a cell names the closing balance."""
    return _row_words(text) in _CLOSING_ROWS


@lru_cache(KEPT_MAX)
def currency_of(text: str) -> str | None:
    """Return the ISO 4217 code that ``text`` names, ``""`` for a mark that several share."""
    bare = text.strip()[:PHRASE_CHARS_MAX]
    code = bare.upper()
    if code in DIGITS:
        return code
    low = bare.casefold()
    if low in NAMELESS_SYMBOLS:
        return ""
    return _CURRENCY_NAMES.get(low)
