// What the islands say, in the reader's language. The page brings the words along as data.

interface Words {
  readonly digits: Readonly<Record<string, number>>;
  readonly [word: string]: string | Readonly<Record<string, number>>;
}

const source = document.getElementById("words")?.textContent;
const words: Words = source ? (JSON.parse(source) as Words) : { digits: {} };

/** The reader's locale, as the page says it. */
export const locale = document.documentElement.lang || "en";

/** The words by that name, with `{facts}` filled in; the name itself where the page has none. */
export function say(name: string, facts: Readonly<Record<string, string | number>> = {}): string {
  const text = words[name];
  if (typeof text !== "string") return name;
  return text.replace(/\{(\w+)\}/g, (whole, fact: string) => String(facts[fact] ?? whole));
}

/** Digits of a currency's minor unit. */
export function digitsOf(currency: string): number {
  return words.digits[currency] ?? 2;
}
