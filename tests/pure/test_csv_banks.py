"""Layouts of many banks and countries, with made-up rows: each is found out alone."""

import pytest

from solvent.kernel.currency import DIGITS
from solvent.kernel.money import decimal_text
from tests.pure.csv_files import read

LAYOUTS = {
    "a wallet of several currencies, in English": (
        """\
Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance
CARD_PAYMENT,Current,2023-01-03 10:11:12,2023-01-04 09:00:00,Lidl,-12.30,0.00,EUR,COMPLETED,187.70
TOPUP,Current,2023-01-05 10:11:12,2023-01-05 10:11:15,Top-Up by *1234,100.00,0.00,EUR,COMPLETED,287.70
CARD_PAYMENT,Current,2023-01-06 10:11:12,,Shell,-40.00,0.00,EUR,PENDING,
CARD_PAYMENT,Current,2023-01-06 11:11:12,,Nope,-40.00,0.00,EUR,REVERTED,
""",
        "",
        [
            "2023-01-03 -12.30 EUR Lidl",
            "2023-01-05 100.00 EUR Top-Up by *1234",
            "2023-01-06 -40.00 EUR Shell",
        ],
    ),
    "German, wide, IBANs of both sides": (
        """\
"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"
"DE12500105170648489890";"03.01.23";"03.01.23";"FOLGELASTSCHRIFT";"Strom Januar";"DE98";"M1";"E1";"";"";"";"Stadtwerke";"DE02120300000000202051";"BYLADEM1001";"-85,00";"EUR";"Umsatz gebucht"
"DE12500105170648489890";"02.01.23";"02.01.23";"GUTSCHR. UEBERWEISUNG";"Lohn";"";"";"";"";"";"";"Firma GmbH";"DE02120300000000202052";"BYLADEM1001";"2.500,00";"EUR";"Umsatz gebucht"
""",  # noqa: E501 - as the bank prints it
        "DE12500105170648489890",
        [
            "2023-01-03 -85.00 EUR Stadtwerke",
            "2023-01-02 2500.00 EUR Firma GmbH",
        ],
    ),
    "German, account above the table, pending rows": (
        """\
"Girokonto";"DE12500105170648489890"
""
"Kontostand vom 05.07.2023:";"1.234,56 EUR"
""
"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"
"05.07.23";"05.07.23";"Gebucht";"Ich";"REWE";"Einkauf";"Ausgang";"DE02";"-12,34";"";"";""
"04.07.23";"";"Vorgemerkt";"Ich";"Aldi";"Einkauf";"Ausgang";"DE03";"-1.002,34";"";"";""
""",  # noqa: E501 - as the bank prints it
        "DE12500105170648489890",
        [
            "2023-07-05 -12.34 EUR REWE",
            "2023-07-04 -1002.34 EUR Aldi",
        ],
    ),
    "German, long preamble, two columns of one name": (
        """\
Umsatzanzeige;Datei erstellt am: 05.07.2023 10:10
;Letztes Update: aktuell

IBAN;DE12 5001 0517 0648 4898 90
Kontoname;Girokonto
Bank;ING
Kunde;Max Muster
Zeitraum;01.06.2023 - 05.07.2023
Saldo;1.234,56;EUR

Sortierung;Datum absteigend

In der CSV-Datei finden Sie alle bereits gebuchten Umsätze.

Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung
05.07.2023;05.07.2023;REWE;Lastschrift;Einkauf;1.234,56;EUR;-12,34;EUR
04.07.2023;04.07.2023;Firma;Gehalt;Lohn;1.246,90;EUR;1.000,00;EUR
""",
        "DE12500105170648489890",
        [
            "2023-07-05 -12.34 EUR REWE",
            "2023-07-04 1000.00 EUR Firma",
        ],
    ),
    "French, blanks mark thousands": (
        """\
dateOp;dateVal;label;category;categoryParent;supplierFound;amount;comment;accountNum;accountLabel;accountbalance
2023-01-03;2023-01-03;"CARTE 02/01 MONOPRIX";"Alimentation";"Vie quotidienne";"monoprix";-12,30;;00040123456;"BoursoBank";1234,5
2023-01-04;2023-01-04;"VIR SALAIRE";"Salaires";"Revenus";"";2 000,00;;00040123456;"BoursoBank";3234,5
""",  # noqa: E501 - as the bank prints it
        "00040123456",
        [
            "2023-01-03 -12.30 XXX CARTE 02/01 MONOPRIX",
            "2023-01-04 2000.00 XXX VIR SALAIRE",
        ],
    ),
    "French, two columns, a cell over two lines": (
        """\
Téléchargement du 05/07/2023;

M. MUSTER JEAN
Compte de Dépôt carte n° 12345678901;
Solde au 05/07/2023 1 234,56 €


Date;Libellé;Débit euros;Crédit euros;
05/07/2023;"PAIEMENT PAR CARTE
MONOPRIX";12,34;;
04/07/2023;"VIREMENT EN VOTRE FAVEUR";;1 000,00;
""",
        "",
        [
            "2023-07-05 -12.34 EUR PAIEMENT PAR CARTE MONOPRIX",
            "2023-07-04 1000.00 EUR VIREMENT EN VOTRE FAVEUR",
        ],
    ),
    "Spanish": (
        """\
Fecha Operación;Fecha Valor;Concepto;Importe;Divisa;Saldo;Divisa
03/01/2023;03/01/2023;Compra Mercadona;-12,34;EUR;1.234,56;EUR
02/01/2023;02/01/2023;Nomina;1.000,00;EUR;1.246,90;EUR
""",
        "",
        [
            "2023-01-03 -12.34 EUR Compra Mercadona",
            "2023-01-02 1000.00 EUR Nomina",
        ],
    ),
    "Italian, credit before debit": (
        """\
Data Contabile;Data Valuta;Descrizione;Accrediti;Addebiti;Descrizione Estesa
03/01/2023;03/01/2023;Pagamento POS;;-12,34;Esselunga Milano
02/01/2023;02/01/2023;Stipendio;1.000,00;;Azienda
""",
        "",
        [
            "2023-01-03 -12.34 XXX Pagamento POS",
            "2023-01-02 1000.00 XXX Stipendio",
        ],
    ),
    "Portuguese, day first, decimal point": (
        """\
Data,Valor,Identificador,Descrição
03/01/2023,-12.34,63b4a1f0-aaaa-4444-8888-1234567890ab,Compra no débito - Padaria
04/01/2023,1000.00,63b4a1f0-aaaa-4444-8888-1234567890ac,Transferência recebida
""",
        "",
        [
            "2023-01-03 -12.34 XXX Compra no débito - Padaria",
            "2023-01-04 1000.00 XXX Transferência recebida",
        ],
    ),
    "Dutch, in or out as a word": (
        """\
"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen","Saldo na mutatie","Tag"
"20230103","Albert Heijn","NL12INGB0001234567","","BA","Af","12,34","Betaalautomaat","Pasvolgnr 1","1234,56",""
"20230102","Werkgever BV","NL12INGB0001234567","NL02ABNA0123456789","OV","Bij","1000,00","Overschrijving","Salaris","1246,90",""
""",  # noqa: E501 - as the bank prints it
        "NL12INGB0001234567",
        [
            "2023-01-03 -12.34 EUR Albert Heijn",
            "2023-01-02 1000.00 EUR Werkgever BV",
        ],
    ),
    "Dutch, description in three columns": (
        """\
"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN","Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code","Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1","Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"
"NL12RABO0123456789","EUR","RABONL2U","000000000000001","2023-01-03","2023-01-03","-12,34","+1234,56","NL02ABNA0123456789","Jumbo","","","","bc","","","","","","Boodschappen","deel 2","","","","",""
"NL12RABO0123456789","EUR","RABONL2U","000000000000002","2023-01-04","2023-01-04","+1000,00","+2234,56","NL02ABNA0123456788","Werkgever","","","","cb","","","","","","Salaris","","","","","",""
""",  # noqa: E501 - as the bank prints it
        "NL12RABO0123456789",
        [
            "2023-01-03 -12.34 EUR Jumbo",
            "2023-01-04 1000.00 EUR Werkgever",
        ],
    ),
    "Polish, marked header, currency in the cell": (
        """\
mBank S.A. Bankowość Detaliczna;
#Klient;
JAN TEST;

#Za okres:
01.01.2023;31.01.2023;

#Data operacji;#Opis operacji;#Rachunek;#Kategoria;#Kwota;
2023-01-03;"BIEDRONKA ZAKUP";"eKonto 1111 ... 2222";"Żywność";-12,34 PLN;;
2023-01-04;"PRZELEW";"eKonto 1111 ... 2222";"Wpływy";1 000,00 PLN;;
""",
        "eKonto 1111 ... 2222",
        [
            "2023-01-03 -12.34 PLN BIEDRONKA ZAKUP",
            "2023-01-04 1000.00 PLN PRZELEW",
        ],
    ),
    "Polish, no name for some columns": (
        """\
"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji","Opis transakcji","","",""
"2023-01-03","2023-01-03","Płatność kartą","-12.34","PLN","+1234.56","Tytuł: 000","Lokalizacja: Warszawa","",""
"2023-01-02","2023-01-02","Przelew","+1000.00","PLN","+1246.90","Rachunek: 11","Nazwa: Firma","Tytuł: pensja",""
""",
        "",
        [
            "2023-01-03 -12.34 PLN Tytuł: 000",
            "2023-01-02 1000.00 PLN Rachunek: 11",
        ],
    ),
    "Czech, facts above the table": (
        """\
accountId;2000000000
bankId;2010
currency;CZK
iban;CZ7920100000002000000000
openingBalance;1000,00
closingBalance;987,66

ID operace;Datum;Objem;Měna;Protiúčet;Název protiúčtu;Kód banky;KS;VS;SS;Poznámka;Zpráva pro příjemce;Typ
26962199069;03.01.2023;-12,34;CZK;2900233333;Albert;0800;0308;;;Nákup;;Platba kartou
26962199070;04.01.2023;1000,00;CZK;2900233334;Firma;0800;0308;;;Mzda;Leden;Příjem
""",
        "",
        [
            "2023-01-03 -12.34 CZK Albert",
            "2023-01-04 1000.00 CZK Firma",
        ],
    ),
    "Danish": (
        """\
"Dato";"Tekst";"Beløb";"Saldo";"Status";"Afstemt"
"03.01.2023";"Netto";"-12,34";"1.234,56";"Udført";"Nej"
"04.01.2023";"Løn";"1.000,00";"2.234,56";"Udført";"Nej"
""",
        "",
        [
            "2023-01-03 -12.34 XXX Netto",
            "2023-01-04 1000.00 XXX Løn",
        ],
    ),
    "Swedish": (
        """\
Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta
2023/01/03;-12,34;1234 56 78901;;;Kortköp ICA;1234,56;SEK
2023/01/04;1000,00;;;;Lön;2234,56;SEK
""",
        "",
        [
            "2023-01-03 -12.34 SEK Kortköp ICA",
            "2023-01-04 1000.00 SEK Lön",
        ],
    ),
    "Finnish": (
        """\
Kirjauspäivä;Arvopäivä;Määrä EUROA;Laji;Selitys;Saaja/Maksaja;Saajan tilinumero ja pankin BIC;Viite;Viesti;Arkistointitunnus
2023-01-03;2023-01-03;-12,34;162;PKORTTIMAKSU;K-MARKET;;ref=;viesti;20230103/593619/123456
2023-01-04;2023-01-04;1000,00;506;TILISIIRTO;YRITYS OY;;ref=;palkka;20230104/593619/123457
""",  # noqa: E501 - as the bank prints it
        "",
        [
            "2023-01-03 -12.34 EUR K-MARKET",
            "2023-01-04 1000.00 EUR YRITYS OY",
        ],
    ),
    "Estonian, signed and with a word": (
        """\
"Kliendi konto","Dokumendi number","Kuupäev","Saaja/maksja konto","Saaja/maksja nimi","Saaja panga kood","Tühi","Deebet/Kreedit (D/C)","Summa","Viitenumber","Arhiveerimistunnus","Selgitus","Teenustasu","Valuuta","Isikukood"
"EE123456789012345678","1","2023-01-03","","Rimi","","","D","-12.34","","ABC1","ostud","0","EUR",""
"EE123456789012345678","2","2023-01-04","EE02","Tööandja","","","C","1000.00","","ABC2","palk","0","EUR",""
""",  # noqa: E501 - as the bank prints it
        "EE123456789012345678",
        [
            "2023-01-03 -12.34 EUR Rimi",
            "2023-01-04 1000.00 EUR Tööandja",
        ],
    ),
    "Hungarian, dotted dates": (
        """\
Számlaszám;Könyvelés dátuma;Értéknap;Összeg;Egyenleg;Közlemény;Partner neve;Deviza
11700000-12345678;2023.01.03;2023.01.03;-1234;100000;Vásárlás;Spar;HUF
11700000-12345678;2023.01.04;2023.01.04;250000;350000;Fizetés;Cég Kft;HUF
""",
        "11700000-12345678",
        [
            "2023-01-03 -1234.00 HUF Spar",
            "2023-01-04 250000.00 HUF Cég Kft",
        ],
    ),
    "Turkish": (
        """\
Hesap No;TR12 3456
Tarih;Açıklama;Etiket;Tutar;Bakiye;Dekont No
03.01.2023;Migros Market;;-12,34;1.234,56;D-001
04.01.2023;Maaş;;1.000,00;2.234,56;D-002
""",  # noqa: RUF001 - Turkish
        "",
        [
            "2023-01-03 -12.34 XXX Migros Market",
            "2023-01-04 1000.00 XXX Maaş",
        ],
    ),
    "Russian, failed rows": (
        """\
"Дата операции";"Дата платежа";"Номер карты";"Статус";"Сумма операции";"Валюта операции";"Сумма платежа";"Валюта платежа";"Кэшбэк";"Категория";"MCC";"Описание";"Бонусы (включая кэшбэк)"
"03.01.2023 12:34:56";"04.01.2023";"*1234";"OK";"-123,45";"RUB";"-123,45";"RUB";"";"Супермаркеты";"5411";"Пятёрочка";"1,00"
"05.01.2023 12:34:56";"05.01.2023";"*1234";"FAILED";"-999,00";"RUB";"-999,00";"RUB";"";"Супермаркеты";"5411";"Лента";"0,00"
"06.01.2023 12:34:56";"06.01.2023";"";"OK";"5000,00";"RUB";"5000,00";"RUB";"";"Пополнения";"";"Зарплата";"0,00"
""",  # noqa: E501 - as the bank prints it
        "",
        [
            "2023-01-03 -123.45 RUB Пятёрочка",
            "2023-01-06 5000.00 RUB Зарплата",
        ],
    ),
    "Japanese, two columns": (
        """\
"日付","摘要","摘要内容","支払い金額","預かり金額","差引残高","メモ","未資金化区分","入払区分"
"2023/1/3","カード","スーパー","1,234","","98,766","","",""
"2023/1/4","給料","カイシャ","","250,000","348,766","","",""
""",
        "",
        [
            "2023-01-03 -1234 JPY カード",
            "2023-01-04 250000 JPY 給料",
        ],
    ),
    "Japanese, a card": (
        """\
"利用日","利用店名・商品名","利用者","支払方法","利用金額","支払手数料","支払総額"
"2023/01/03","コンビニ","本人","1回払い","550","0","550"
"2023/01/05","スーパー","本人","1回払い","2300","0","2300"
""",
        "",
        [
            "2023-01-03 -550 JPY コンビニ",
            "2023-01-05 -2300 JPY スーパー",
        ],
    ),
    "a card that thanks for payments": (
        """\
Date,Description,Card Member,Account #,Amount
01/13/2023,WHOLE FOODS,J DOE,-11001,54.20
01/15/2023,AUTOPAY PAYMENT - THANK YOU,J DOE,-11001,-300.00
01/16/2023,DELTA,J DOE,-11001,412.00
""",
        "-11001",
        [
            "2023-01-13 -54.20 XXX WHOLE FOODS",
            "2023-01-15 300.00 XXX AUTOPAY PAYMENT - THANK YOU",
            "2023-01-16 -412.00 XXX DELTA",
        ],
    ),
    "a card with signs": (
        """\
Transaction Date,Post Date,Description,Category,Type,Amount,Memo
01/13/2023,01/14/2023,WHOLE FOODS,Groceries,Sale,-54.20,
01/15/2023,01/15/2023,Payment Thank You,,Payment,300.00,
""",
        "",
        [
            "2023-01-13 -54.20 XXX WHOLE FOODS",
            "2023-01-15 300.00 XXX Payment Thank You",
        ],
    ),
    "a summary above the table": (
        """\
Description,,Summary Amt.
Beginning balance as of 01/01/2023,,"1,000.00"
Total credits,,"500.00"
Total debits,,"-100.00"
Ending balance as of 01/31/2023,,"1,400.00"

Date,Description,Amount,Running Bal.
01/01/2023,Beginning balance as of 01/01/2023,,"1,000.00"
01/13/2023,"PAYROLL","500.00","1,500.00"
01/15/2023,"RENT","-100.00","1,400.00"
""",
        "",
        [
            "2023-01-13 500.00 XXX PAYROLL",
            "2023-01-15 -100.00 XXX RENT",
        ],
    ),
    "American, no header": (
        """\
"01/13/2023","-54.20","*","","WHOLE FOODS"
"01/15/2023","300.00","*","","PAYROLL"
""",
        "",
        [
            "2023-01-13 -54.20 XXX WHOLE FOODS",
            "2023-01-15 300.00 XXX PAYROLL",
        ],
    ),
    "American, negative credits": (
        """\
Status,Date,Description,Debit,Credit
Cleared,01/13/2023,"WHOLE FOODS",54.20,
Pending,01/15/2023,"PAYMENT",,-300.00
""",
        "",
        [
            "2023-01-13 -54.20 XXX WHOLE FOODS",
            "2023-01-15 300.00 XXX PAYMENT",
        ],
    ),
    "American, a card with payments": (
        """\
Trans. Date,Post Date,Description,Amount,Category
01/13/2023,01/14/2023,"WHOLE FOODS",54.20,"Supermarkets"
01/15/2023,01/15/2023,"INTERNET PAYMENT - THANK YOU",-300.00,"Payments and Credits"
""",
        "",
        [
            "2023-01-13 -54.20 XXX WHOLE FOODS",
            "2023-01-15 300.00 XXX INTERNET PAYMENT - THANK YOU",
        ],
    ),
    "British, memo alone": (
        """\
Number,Date,Account,Amount,Subcategory,Memo
 ,13/01/2023,20-00-00 12345678,-54.20,PAYMENT,TESCO   ON 12 JAN
 ,15/01/2023,20-00-00 12345678,300.00,FT,SALARY
""",
        "20-00-00 12345678",
        [
            "2023-01-13 -54.20 XXX TESCO   ON 12 JAN",
            "2023-01-15 300.00 XXX SALARY",
        ],
    ),
    "British, two columns and a balance": (
        """\
Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance
13/01/2023,DEB,'30-00-00,12345678,TESCO,54.20,,1234.56
12/01/2023,FPI,'30-00-00,12345678,SALARY,,300.00,1288.76
""",
        "12345678",
        [
            "2023-01-13 -54.20 XXX TESCO",
            "2023-01-12 300.00 XXX SALARY",
        ],
    ),
    "British, blanks in the header": (
        """\

Date, Type, Description, Value, Balance, Account Name, Account Number
13/01/2023,POS,"'1234 12JAN23 , TESCO",-54.20,1234.56,"'DOE J","'600000-12345678",
12/01/2023,BAC,"'SALARY",300.00,1288.76,"'DOE J","'600000-12345678",
""",
        "600000-12345678",
        [
            "2023-01-13 -54.20 XXX '1234 12JAN23 , TESCO",
            "2023-01-12 300.00 XXX 'SALARY",
        ],
    ),
    "British, currency in the header": (
        """\
Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes
13/01/2023,Tesco,TESCO STORES,CONTACTLESS,-54.20,1234.56,GROCERIES,
""",
        "",
        [
            "2023-01-13 -54.20 GBP Tesco",
        ],
    ),
    "British, amounts three times": (
        """\
Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In
tx_0001,13/01/2023,10:11:12,Card payment,Tesco,,Groceries,-54.20,GBP,-54.20,GBP,,,,TESCO,,-54.20,
tx_0002,14/01/2023,10:11:12,Faster payment,Work,,Income,300.00,GBP,300.00,GBP,,,,WORK,,,300.00
""",  # noqa: E501 - as the bank prints it
        "",
        [
            "2023-01-13 -54.20 GBP Tesco",
            "2023-01-14 300.00 GBP Work",
        ],
    ),
    "German, gross, fee and net": (
        """\
"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Absender E-Mail-Adresse","Empfänger E-Mail-Adresse","Transaktionscode","Guthaben"
"03.01.2023","10:11:12","CET","Shop","Zahlung","Abgeschlossen","EUR","-12,34","0,00","-12,34","a@x","b@x","1AB23","0,00"
"04.01.2023","10:11:12","CET","Kunde","Zahlung","Abgeschlossen","EUR","100,00","-3,00","97,00","a@x","b@x","1AB24","97,00"
""",  # noqa: E501 - as the bank prints it
        "",
        [
            "2023-01-03 -12.34 EUR Shop",
            "2023-01-04 97.00 EUR Kunde",
        ],
    ),
    "Swiss, facts above the table": (
        """\
Kontonummer:;0234 00103914.40;
IBAN:;CH29 0023 4234 1039 1440 G;
Von:;2023-01-01;
Bis:;2023-01-31;
Anfangssaldo:;1000.00;
Schlusssaldo:;1445.80;
Bewertet in:;CHF;
Anzahl Transaktionen in diesem Zeitraum:;2;

Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten;
2023-01-13;10:11:12;2023-01-13;2023-01-13;CHF;-54.20;;;945.80;9930713TO1;"Coop";"Zahlung";"Ref 1";;
2023-01-14;;2023-01-14;2023-01-14;CHF;;500.00;;1445.80;9930714TO1;"Lohn";"Gutschrift";"Ref 2";;
""",
        "CH290023423410391440G",
        [
            "2023-01-13 -54.20 CHF Coop",
            "2023-01-14 500.00 CHF Lohn",
        ],
    ),
    "Swiss, credit before debit, notes below": (
        """\
Datum von:;2023-01-01
Konto:;CH1234
Währung:;CHF

Datum;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF;Valuta;Saldo in CHF
13.01.2023;"Coop";;-54.20;13.01.2023;945.80
12.01.2023;"Lohn";500.00;;12.01.2023;1000.00

Disclaimer:
Der Dokumentinhalt ohne Gewähr.
""",
        "",
        [
            "2023-01-13 -54.20 CHF Coop",
            "2023-01-12 500.00 CHF Lohn",
        ],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_found_out_alone(layout: str) -> None:
    file, account, rows = LAYOUTS[layout]
    answer = read(file)
    assert [
        f"{row.booked_on} {decimal_text(row.amount_minor, DIGITS.get(row.currency, 2))}"
        f" {row.currency} {row.payee}".rstrip()
        for row in answer.rows
    ] == rows
    assert answer.reading.accounts[0].identifier == account


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_found_out_in_another_encoding(layout: str) -> None:
    file, _, rows = LAYOUTS[layout]
    assert len(read(file.encode("utf-16")).rows) == len(rows)
