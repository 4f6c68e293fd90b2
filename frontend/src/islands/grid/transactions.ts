// Transactions as the API gives them, and how one of them reads in a row.

import { type Direction, directionOf } from "../../amounts.ts";
import { say } from "../../words.ts";

export interface Posting {
  readonly account: string;
  readonly account_name: string;
  readonly account_kind: "asset" | "liability" | "income" | "expense" | "equity";
  readonly amount_minor: number;
  readonly currency: string;
  readonly hidden?: boolean;
}

export interface Transaction {
  readonly id: string;
  readonly booked_on: string;
  readonly payee: { readonly id: string; readonly name: string } | null;
  readonly memo: string | null;
  readonly state: string;
  readonly tags: readonly string[];
  readonly version: number;
  readonly postings: readonly Posting[];
}

export interface Page {
  readonly items: readonly Transaction[];
  readonly next_cursor: string | null;
}

/** From whose point of view rows are read. */
export interface Viewpoint {
  /** The one account that is looked at, or empty. */
  readonly account: string;
  /** Categories that stand for none. */
  readonly uncategorised: ReadonlySet<string>;
}

/** A transaction as its row says it. */
export interface Reading {
  readonly payee: string;
  readonly named: boolean;
  readonly memo: string;
  readonly category: string;
  readonly needsCategory: boolean;
  readonly account: string;
  readonly minor: number;
  readonly currency: string;
  readonly direction: Direction;
  readonly transfer: boolean;
  readonly pending: boolean;
}

function isHeld({ account_kind: kind, hidden }: Posting): boolean {
  return !hidden && (kind === "asset" || kind === "liability");
}

function isCategory({ account_kind: kind, hidden }: Posting): boolean {
  return !hidden && (kind === "income" || kind === "expense");
}

function namesOf(postings: readonly Posting[]): string {
  return [...new Set(postings.map((posting) => posting.account_name))].join(", ");
}

/** Say a transaction from a viewpoint. */
export function reading(transaction: Transaction, viewpoint: Viewpoint): Reading {
  const held = transaction.postings.filter(isHeld);
  const categories = transaction.postings.filter(isCategory);
  const looked = held.filter((posting) => posting.account === viewpoint.account);
  const transfer = categories.length === 0 && held.length > 1;
  const from = held.filter((posting) => posting.amount_minor < 0);
  const seen = looked.length ? looked : transfer ? held.filter((it) => it.amount_minor > 0) : held;
  const currency = seen[0]?.currency ?? transaction.postings[0]?.currency ?? "XXX";
  const minor = seen
    .filter((posting) => posting.currency === currency)
    .reduce((sum, posting) => sum + posting.amount_minor, 0);
  const veiled = transaction.postings.some(({ hidden }) => hidden);
  const needsCategory =
    !(transfer || veiled) &&
    categories.every((posting) => viewpoint.uncategorised.has(posting.account));
  const into = held.filter((posting) => posting.amount_minor > 0);
  return {
    payee: transaction.payee?.name ?? (transaction.memo || say("unnamed")),
    named: transaction.payee !== null,
    memo: transaction.payee ? (transaction.memo ?? "") : "",
    category: veiled ? say("hidden") : transfer ? say("transfer") : namesOf(categories),
    needsCategory,
    account: transfer ? `${namesOf(from)} › ${namesOf(into)}` : namesOf(held) || say("hidden"),
    minor,
    currency,
    direction: transfer && !looked.length ? "nil" : directionOf(minor),
    transfer,
    pending: transaction.state === "pending",
  };
}

/** Whether a person may set the category of it in one stroke: it has exactly one, and sees all. */
export function takesCategory(transaction: Transaction): boolean {
  return categoryOf(transaction) !== null && !transaction.postings.some(({ hidden }) => hidden);
}

/** The same transaction with another category. */
export function withCategory(transaction: Transaction, account: string, name: string): Transaction {
  const postings = transaction.postings.map((posting) =>
    isCategory(posting) ? { ...posting, account, account_name: name } : posting,
  );
  return { ...transaction, postings };
}

/** The account of its one category, or null where there is none, or several. */
export function categoryOf({ postings }: Transaction): Posting | null {
  const categories = postings.filter(isCategory);
  return categories.length === 1 ? (categories[0] ?? null) : null;
}

/** The same transaction with another payee. */
export function withPayee(transaction: Transaction, name: string): Transaction {
  return { ...transaction, payee: name ? { id: transaction.payee?.id ?? "", name } : null };
}
