// Amounts, counts and days as the reader's locale writes them. Minor units stay whole numbers.

import { digitsOf, locale } from "./words.ts";

export type Direction = "in" | "out" | "nil";

const formats = new Map<string, Intl.NumberFormat>();
const counts = new Intl.NumberFormat(locale);
const days = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const digits = digitsOf(currency);
  const made = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(currency, made);
  return made;
}

/** Minor units as a plain decimal: -2016 with two digits is "-20.16". */
export function decimalText(minor: number, digits: number): string {
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const part = digits ? `.${text.slice(-digits)}` : "";
  return `${minor < 0 ? "-" : ""}${whole}${part}`;
}

/** An amount for the reader, with a true minus sign; `signed` puts a plus before what comes in. */
export function moneyText(minor: number, currency: string, signed = false): string {
  const exact = decimalText(minor, digitsOf(currency)) as Intl.StringNumericLiteral;
  const text = formatOf(currency).format(exact).replace("-", "\u2212");
  return signed && minor > 0 ? `+${text}` : text;
}

/** Which way money goes. */
export function directionOf(minor: number): Direction {
  if (minor > 0) return "in";
  return minor < 0 ? "out" : "nil";
}

/** A count with the locale's grouping. */
export function countText(count: number): string {
  return counts.format(count);
}

/** A day, given as an ISO date. */
export function dayText(iso: string): string {
  return days.format(new Date(`${iso}T00:00:00Z`));
}
