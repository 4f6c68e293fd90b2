"""What banks call their columns, in the languages of many banks, and how a header is compared.

Words are written plain: lower case, no accents, no punctuation; :func:`plain` brings any header to
that form. Within a role the better word comes first. Phrases stand between semicolons.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, TypeAlias

Role: TypeAlias = Literal[
    "date",
    "amount",
    "net",
    "debit",
    "credit",
    "currency",
    "account",
    "payee",
    "description",
    "memo",
    "direction",
    "balance",
    "id",
    "state",
    "fee",
    "other",
]

_UNDECOMPOSED = str.maketrans("łøđıð", "lodid") | {ord("æ"): "ae", ord("œ"): "oe", ord("þ"): "th"}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BREAKS = re.compile(r"[\W_]+")

KEPT_MAX = 2048
"""Answers kept by each function."""
HEADER_CHARS_MAX = 100
"""Longer cells are no header."""
EXACT = 100.0
"""Score of a header that is the word itself."""
WITHIN = 60.0
"""Score of a header that holds the word among others."""
RANK_COST = 0.2
"""What a word's place in its list costs."""
EXTRA_WORD_COST = 3.0
"""What each further word of the header costs."""
NUMBER_COST = 1.0
"""What a number at the header's end costs."""
PHRASE_WORDS_MAX = 5
"""Longest run of words looked up."""
SHORTEST_WITHIN = 3
"""Shorter words count only when they are the whole header."""


@lru_cache(KEPT_MAX)
def plain(text: str) -> str:
    """Return ``text`` in lower case without accents and punctuation, words parted by one blank."""
    head = text[:HEADER_CHARS_MAX]
    split = head if head.isupper() else _CAMEL.sub(" ", head)
    low = split.casefold().translate(_UNDECOMPOSED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    return _BREAKS.sub(" ", bare).strip()


_PHRASES: dict[Role, str] = {
    "date": """
        transaction date; trans date; date of transaction; operation date; 交易日期; 交易时间; 取引日;
        取引日付; お取引日; ご利用日; 利用日; fecha operacion; fecha de operacion;
        fecha de la operacion; fecha transaccion; date operation; date d operation;
        date de l operation; date de transaction; data operacji; data transakcji;
        data operazione; data transazione; data da operacao; data da transacao; data do movimento;
        data mov; data lancamento; data de lancamento; transaktionsdato; transaktionsdatum;
        datum transakce; datum provedeni; islem tarihi; дата операции; дата транзакции;
        tranzakcio datuma; tranzakcio ideje; operacijos data; darijuma datums; tehingu kuupaev;
        transactiedatum; date; datum; fecha; data; dato; tarih; дата; 日期; 日付; 年月日; pvm;
        paivamaara; kuupaev; datums; umsatzdatum; buchungstag; buchungsdatum; buchung;
        booking date; booked on; booked at; date comptable; date comptabilisation;
        date de comptabilisation; fecha contable; data contabile; data contabilizzazione;
        data ksiegowania; data zaksiegowania; datum zauctovani; bogforingsdato; bogfort;
        bokforingsdag; bokforingsdatum; bokforingsdato; bokfort dato; kirjauspaiva; kirjauspvm;
        boekingsdatum; boekdatum; konyveles datuma; konyvelesi nap; muhasebe tarihi; 记账日期;
        入账日期; 記帳日; posted date; date posted; posting date; post date; posted on; posted;
        processed date; date processed; completed date; completion date; finished on; date time;
        datetime; time; timestamp; started date; created; created on; created at; created date;
        belegdatum; kaufdatum; effective date; settlement date; value date; valutatag;
        valutadatum; wertstellung; wertstellungsdatum; wert; valuta; date valeur; date de valeur;
        fecha valor; fecha de valor; data valuta; data valor; data waluty; rentedatum;
        valuteringsdatum; valutadato; rentedato; arvopaiva; erteknap; 起息日""",
    "amount": """
        amount; transaction amount; 交易金额; 金额; 金額; 取引金額; ご利用金額; 利用金額; 发生额;
        betrag; umsatz; montant; importe; importo; bedrag; kwota; kwota operacji;
        kwota transakcji; castka; castka v mene uctu; objem; belob; belop; belopp; summa; maara;
        suma; tutar; islem tutari; сумма; сумма операции; сумма платежа; сумма транзакции; osszeg;
        valor; valor da transacao; montante; quantia; amount total; total amount; billing amount;
        booked amount; montant de l operation; importe eur; transaction value; value; sum; total;
        betrag in kontowahrung; buchungsbetrag; umsatzbetrag; transaktionsbetrag; transaktionsbelopp;
        gross; brutto; movimento; movimientos""",
    "net": "net; net amount; netto; nettobetrag; netto betrag; montant net; neto; importe neto; netto belob",
    "debit": """
        debit; debits; debit amount; withdrawal; withdrawals; withdrawal amount; withdrawal amt;
        withdrawn; paid out; money out; amount out; outflow; spent; payments out; expense;
        expenses; charges; charge; soll; belastung; belastungen; lastschrift; ausgang; ausgaben;
        ausgabe; abgang; auszahlung; auszahlungen; depense; depenses; retrait; debito; debitos;
        cargo; cargos; gasto; gastos; debe; salida; salidas; retiros; uscite; uscita; addebiti;
        addebito; dare; saida; saidas; despesa; despesas; debet; af; afschrijving; uitgaven; uit;
        obciazenie; obciazenia; kwota obciazenia; wydatki; wyplaty; wn; vydaje; vydaj; odchozi;
        debetni; haevet; ud; udgift; udgifter; udbetaling; ut; ut fra konto; utgift; utgifter;
        uttag; utbetaling; veloitus; veloitukset; menot; debetas; islaidos; isejo; izdevumi;
        debets; deebet; valjaminek; kulud; kiadas; kiadasok; terheles; terhelesek; borc; giden;
        cikan; расход; расходы; списание; списано; дебет; 支出; 支出金额; 记账金额 支出; 借方;
        借方金额; 借方发生额; 出金; 出金額; 支払い金額; 支払金額;
        お支払い金額; お引出し; お支払金額; 引出額; 转出; 转出金额; 付款金额""",
    "credit": """
        credit; credits; credit amount; deposit; deposits; deposit amount; deposit amt; deposited;
        paid in; money in; amount in; inflow; received; payments in; income; haben; gutschrift;
        gutschriften; eingang; einnahmen; einnahme; zugang; einzahlung; einzahlungen; recette;
        recettes; depot; credito; creditos; abono; abonos; ingreso; ingresos; haber; entrada;
        entradas; depositos; entrate; entrata; accrediti; accredito; avere; receita; receitas;
        bij; bijschrijving; inkomsten; in; uznanie; uznania; kwota uznania; wplywy; wplaty; ma;
        prijmy; prijem; prichozi; kreditni; indsat; ind; indtaegt; indtaegter; indbetaling; inn;
        inn pa konto; inntekt; inntekter; insattning; insattningar; inkomster; innbetaling;
        hyvitys; hyvitykset; tulot; pano; kreditas; pajamos; iplaukos; ienemumi; kredits;
        kreedit; sissetulek; tulud; bevetel; bevetelek; jovairas; jovairasok; alacak; gelen;
        giren; приход; доход; доходы; зачисление; зачислено; поступление; кредит; 收入; 收入金额;
        记账金额 收入; 贷方; 贷方金额; 贷方发生额; 入金; 入金額; 預かり金額; 預り金額;
        お預かり金額; お預入れ; お預り金額; 預入額; 转入;
        转入金额; 存入金额; kredit""",
    "currency": """
        currency; currency code; ccy; curr; cur; account currency; transaction currency;
        billing currency; booked currency; wahrung; waehrung; kontowahrung; devise; monnaie; monn;
        moneda; divisa; moeda; munt; muntsoort; valuta; waluta; mena; valuutta; valiuta; valuuta;
        penznem; deviza; devizanem; doviz; doviz cinsi; para birimi; валюта; валюта операции; 币种;
        货币; 币别; 记账币种; 通貨; currency symbol; iso currency""",
    "account": """
        own account; account iban; account number; account no; account id; account; account name;
        auftragskonto; auftraggeberkonto; iban auftraggeberkonto; iban auftragskonto;
        iban kontoinhaber; eigenes konto; konto; kontonummer; kontonr; kontobezeichnung; kontoname;
        kartennummer; kreditkarte; compte; numero de compte; num compte; n compte; n de compte;
        iban compte; numero carte; cuenta; numero de cuenta; numero cuenta; conto; numero conto;
        rapporto; numero carta; conta; numero da conta; rekening; rekeningnummer; rekeningnr;
        eigen rekening; iban bban; rachunek; numer rachunku; nr rachunku; numer karty; ucet;
        cislo uctu; cislo karty; kortnummer; tili; tilinumero; saskaita; saskaitos nr;
        saskaitos numeris; konts; konta numurs; kliendi konto; konto nr; szamla; szamlaszam;
        hesap; hesap no; hesap numarasi; kart no; счет; номер счета; номер карты; 账号; 卡号; 账户;
        本方账号; 口座; 口座番号; iban; card number; card no; card; card used for transaction;
        card used; first bank card; product; produit; produkt""",
    "payee": """
        payee; payee name; merchant; merchant name; counterparty; counterparty name;
        counter party; beneficiary; beneficiary name; recipient; recipient name; partner name;
        name; empfanger; auftraggeber empfanger; empfanger auftraggeber;
        beguenstigter zahlungspflichtiger; begunstigter zahlungspflichtiger;
        auftraggeber begunstigter; begunstigter auftraggeber; zahlungsempfanger;
        zahlungsempfanger in; name zahlungsbeteiligter; partnername; gegenpartei; handler;
        beneficiaire; contrepartie; nom de la contrepartie; nom; tiers; beneficiario; ordenante;
        contraparte; comercio; nombre; destinatario; ordinante; ordinante beneficiario;
        esercente; controparte; nome; favorecido; estabelecimento; naam tegenpartij; tegenpartij;
        naam omschrijving; naam; kontrahent; nazwa kontrahenta; odbiorca; nadawca odbiorca;
        nadawca; nazwa odbiorcy; dane kontrahenta; nazev protistrany; protistrana;
        nazev protiuctu; nazev uctu protistrany; modtager; afsender; mottaker; mottagare;
        avsandare; saaja; saaja maksaja; maksaja saaja; saajan nimi; gavejas; gavejo pavadinimas;
        moketojas; moketojas gavejas; sanemejs; sanemejs maksatajs; partneris;
        saaja maksja nimi; saaja nimi; partner; partner neve; kedvezmenyezett; alici; alici adi;
        karsi taraf; получатель; контрагент; плательщик; 对方户名; 交易对方; 对方名称; 对手信息;
        商户名称; 交易场所; 取引先; お取引先; 利用店名; ご利用店名; 店名""",
    "description": """
        description; transaction description; original description; details;
        transaction details; narrative; narration; particulars; label; wording; transaction;
        transactions; verwendungszweck; vwz; buchungstext; buchungsdetails; beschreibung; umsatztext;
        text; libelle; libelle operation; libelle simplifie; libelle de l operation; detail;
        remarque; concepto; descripcion; detalle; descrizione; descrizione operazione; causale;
        dettagli; operazione; descricao; historico; descritivo; lancamento; omschrijving;
        mededelingen; opis; opis operacji; opis transakcji; tytul; popis; popis transakce;
        ucel platby; zprava pro prijemce; tekst; beskrivelse; posteringstekst; beskrivning;
        transaktion; specifikation; forklaring; selite; viesti; kuvaus; tapahtuma; paaiskinimai;
        paaiskinimas; mokejimo paskirtis; paskirtis; apraksts; maksajuma merkis; detalas;
        informacija; selgitus; makse selgitus; kirjeldus; leiras; kozlemeny; megnevezes;
        aciklama; islem aciklamasi; islem; описание; назначение платежа; назначение;
        наименование операции; 摘要; 交易摘要; 商品; 商品说明; 交易说明; 用途; 内容; お取引内容;
        取引内容; 明細; item title; rubrik; subject; title""",
    "memo": """
        memo; note; notes; comment; comments; remark; remarks; message; payment reference;
        extended details; additional info; notiz; kommentar; bemerkung; zusatzinformation;
        commentaire; informations complementaires; nota; notas; observaciones; observacoes;
        opmerking; mededeling; vrije mededeling; notatka; uwagi; poznamka; besked; meddelelse;
        melding; meddelande; pastabos; piezimes; markus; megjegyzes; not; примечание;
        комментарий; 交易附言; 客户摘要; 附言; 备注; メモ; 備考""",
    "direction": """
        debit credit; credit debit; credit debit indicator; debit credit indicator; dr cr; cr dr;
        d c; c d; d k; k d; s h; soll haben; haben soll; af bij; bij af; debet credit; sens;
        signo; segno; sign; dare avere; wn ma; direction; borc alacak; deebet kreedit;
        debetas kreditas; debit kredit; debet kredit; in out; 收 支; 收支; 借贷; 借贷标志; 收支类型;
        入出金; transaction type; type""",
    "balance": """
        balance; running balance; running bal; accountbalance; guthaben; kontoguthaben;
        account balance; current balance; cash balance; ending balance;
        balance after; balance after transaction; new balance; available balance; closing balance;
        ledger balance; saldo; kontostand; saldo nach buchung; solde; saldo disponibile; saldo final;
        saldo contabile; saldo na buchung; saldo po operacji; saldo po transakcji; zustatek;
        saldo efter; bokfort saldo; balans; likutis; atlikums; jaak; egyenleg; konyvelt egyenleg;
        bakiye; остаток; баланс; 余额; 账户余额; 交易后余额; 联机余额; 本次余额; 残高; 差引残高""",
    "id": """
        transaction id; id; transaction reference; reference; ref; ref no; reference no;
        reference number; fitid; unique id; bank reference; txn id; payment id; transfer id;
        transaction number; transaction no; archive id; archive ref; confirmation number;
        trace number; arkistointitunnus; transaktions id; transaktionsnummer; referenznummer;
        referenz; 交易单号; 交易订单号; 交易流水号; 流水号; 日志号; 日 志 号; n de transaction;
        no de transaction; numero de transaction; reference de l operation; id transazione;
        referencia; numero de referencia; id transakcji; numer transakcji; numer referencyjny;
        cislo transakce; id transakce; id pohybu; id operace; transaktionsreferens; verifikationsnummer;
        iraso nr; arhiveerimistunnus; maksajuma nr; tranzakcio azonosito; islem no; fis no;
        dekont no; referans; identificador; identifier; identifikator; transaktionscode;
        transaktions nr; transactiereferentie; volgnr; numero de operacion; номер операции; id операции; 取引番号""",
    "state": """
        status; state; booking status; transaction status; zustand; umsatzstatus; buchungsstatus;
        statut; etat; estado; stato; situacao; stav; busena; statuss; staatus; tila; allapot;
        durum; статус; 交易状态; 当前状态; 状态; 状態""",
    "fee": """
        fee; fees; total fees; gebuhr; gebuhren; frais; comision; commissione; oplata; prowizja;
        poplatek; gebyr; avgift; dij; ucret; комиссия; 手续费; 服务费; 手数料""",
    "other": """
        category; kategorie; categorie; categoria; kategoria; kategori; категория; 分类; 交易分类;
        交易类型; 类型; tags; labels; check number; check no; cheque number; bic; blz; art;
        transaktionstyp; umsatzart; typ; tipo; mcc; location; city; country; 交易渠道; 交易地点""",
}

VETOES: dict[Role, tuple[str, ...]] = {
    "amount": (
        *("fee", "gebuhr", "tax", "vat", "balance", "saldo", "refunded", "converted", "local"),
        *("foreign", "fremdwahrung", "original", "ursprung", "ursprungs", "rate", "kurs", "limit"),
        *("exchange", "discount", "tip", "split", "points", "origine", "currency", "cashback"),
    ),
    "debit": ("card", "account", "fee", "balance", "type", "direct"),
    "credit": ("card", "account", "fee", "balance", "type", "limit"),
    "currency": (
        *("balance", "foreign", "fremdwahrung", "original", "local", "exchange", "converted"),
        *("ursprung", "from", "to", "amount", "rate", "betrag"),
    ),
    "balance": ("currency", "before", "opening", "vor", "date", "type"),
    "payee": ("account", "iban", "id", "address", "bic", "category", "konto", "card", "number"),
    "description": ("category", "type", "code", "customer", "card", "account"),
    "id": ("customer", "merchant", "mandate", "card", "user", "invoice", "item", "account"),
    "date": ("exp", "due", "dispute", "birth", "evidence"),
    "direction": ("card", "funding", "method", "category", "account", "instrument", "source"),
    "account": (
        *("id", "brand", "funding", "type", "exp", "holder", "fingerprint", "address", "last4"),
        *("last", "issue", "country", "currency", "balance"),
    ),
    "state": ("dispute", "address", "zip", "country", "check"),
}
"""Words that keep a header from a role, unless the header is the role's word itself."""

ENGLISH = frozenset(
    (
        *(
            "account",
            "amount",
            "amt",
            "balance",
            "bank",
            "beneficiary",
            "booking",
            "booked",
            "card",
        ),
        *("category", "ccy", "charge", "check", "cheque", "closing", "code", "comment", "comments"),
        *("counterparty", "created", "credit", "credits", "currency", "date", "datetime", "debit"),
        *("debits", "deposit", "deposits", "description", "details", "expense", "fee", "fees"),
        *("gross", "iban", "id", "in", "income", "inflow", "item", "label", "labels", "memo"),
        *("merchant", "message", "money", "name", "narrative", "net", "note", "notes", "number"),
        *("operation", "out", "outflow", "paid", "particulars", "payee", "payment", "posted"),
        *("posting", "product", "recipient", "ref", "reference", "remark", "running", "settlement"),
        *("spent", "started", "completed", "state", "status", "tags", "text", "time", "timestamp"),
        *("title", "total", "transaction", "transactions", "type", "value", "withdrawal"),
        *("withdrawals", "subject", "sum", "transfer", "product", "symbol", "sign", "direction"),
    )
)
"""Words of English headers, some of them shared with other languages."""

COUNTERPARTY = (
    *("payee", "recipient", "beneficiary", "counterparty", "partner", "opposite", "other", "to"),
    *("gegen", "tegen", "empfanger", "begunstigte", "zahlungs", "contrepartie", "beneficiaire"),
    *("destinat", "ordenante", "contrapart", "kontrahent", "protiuc", "protistran", "modtager"),
    *("mottag", "mottak", "saaja", "gavej", "sanem", "ellen", "alici", "karsi", "контрагент"),
    *("получат", "对方", "对手", "相手", "bank account"),
)
"""What shows that an account column is the other side's."""
OWN = ("auftrag", "own", "eigen", "kliendi", "本方", "first bank", "card")
"""What shows that an account column is the holder's."""


def phrases(text: str) -> tuple[str, ...]:
    """Split a list of phrases at its semicolons."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(";"))


def _index() -> dict[str, list[tuple[Role, int]]]:
    """Return every phrase with the roles it stands for and its place in each."""
    index: dict[str, list[tuple[Role, int]]] = {}
    for role, text in _PHRASES.items():
        for rank, phrase in enumerate(phrases(text)):
            key = phrase if phrase.isascii() else plain(phrase)
            index.setdefault(key, []).append((role, rank))
    return index


_INDEX = _index()
_WIDE = tuple(phrase for phrase in _INDEX if not phrase.isascii())
_RANGE_OF_CJK = ("\u3040", "\u9fff")


def _is_wide(text: str) -> bool:
    """Say whether ``text`` is written without blanks between words."""
    low, high = _RANGE_OF_CJK
    return any(low <= c <= high for c in text)


_WHOLE = frozenset(("card", "product", "produkt", "produit", "not", "wert", "konto", "uit", "data"))
"""Words that mean something only where they are the whole header."""


def _runs(header: str) -> Iterator[tuple[str, int]]:
    """Yield each run of words within ``header``, with the number of words it leaves out."""
    words = header.split()
    for size in range(1, min(len(words), PHRASE_WORDS_MAX + 1)):
        for start in range(len(words) - size + 1):
            run = " ".join(words[start : start + size])
            if len(run) >= SHORTEST_WITHIN and run not in _WHOLE:
                yield run, len(words) - size
    if _is_wide(header):
        for phrase in _WIDE:
            if phrase in header and phrase != header:
                yield phrase, len(header) - len(phrase)


def _vetoed(role: Role, words: set[str]) -> bool:
    """Say whether the header holds a word that keeps it from the role."""
    return not words.isdisjoint(VETOES.get(role, ()))


def is_kept_from(role: Role, header: str) -> bool:
    """Say whether ``header`` holds a word that keeps it from ``role``."""
    return _vetoed(role, set(plain(header).split()))


@lru_cache(KEPT_MAX)
def roles_of(header: str) -> dict[Role, float]:
    """Return how well ``header`` (as written) names each role; roles it does not name are left out."""
    key = plain(header)
    words = set(key.split())
    stem = key.rstrip("0123456789").strip()
    found: dict[Role, float] = {role: EXACT - RANK_COST * n for role, n in _INDEX.get(key, ())}
    if stem != key and stem and not found:
        known = _INDEX.get(stem, ())
        found = {role: EXACT - NUMBER_COST - RANK_COST * n for role, n in known}
    for run, extra in _runs(key):
        for role, rank in _INDEX.get(run, ()):
            score = WITHIN - EXTRA_WORD_COST * extra - RANK_COST * rank
            if score > found.get(role, 0) and not _vetoed(role, words):
                found[role] = score
    return found


def is_counterparty(header: str) -> bool:
    """Say whether ``header`` speaks of the other side of a payment."""
    key = plain(header)
    words = set(key.split())
    return any(
        word in words if len(word) <= SHORTEST_WITHIN else word in key for word in COUNTERPARTY
    )


def is_own(header: str) -> bool:
    """Say whether ``header`` speaks of the holder's own account."""
    key = plain(header)
    return any(word in key for word in OWN)


def is_foreign(header: str) -> bool:
    """Say whether ``header`` is a bank's word in another language than English."""
    return bool(roles_of(header)) and ENGLISH.isdisjoint(plain(header).split())
