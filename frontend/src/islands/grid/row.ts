// One row of the grid: made once, filled again and again as it comes into view.

import { dayText, moneyText } from "../../amounts.ts";
import { make } from "../../elements.ts";
import { say } from "../../words.ts";
import { type Reading, reading, type Transaction, type Viewpoint } from "./transactions.ts";

export interface RowState {
  readonly index: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly sameDay: boolean;
}

function cell(name: string, column: number): HTMLElement {
  return make("div", {
    class: `cell cell-${name}`,
    role: "gridcell",
    "aria-colindex": column,
    "data-cell": name,
  });
}

export class Row {
  readonly element = make("div", { class: "row", role: "row" });
  readonly #select = cell("select", 1);
  readonly #date = cell("date", 2);
  readonly #payee = cell("payee", 3);
  readonly #category = cell("category", 4);
  readonly #account = cell("account", 5);
  readonly #amount = cell("amount", 6);
  #shown: Transaction | null = null;
  #id = "";

  constructor() {
    this.#select.append(make("span", { class: "box", "aria-hidden": "true" }));
    this.element.append(
      this.#select,
      this.#date,
      this.#payee,
      this.#category,
      this.#account,
      this.#amount,
    );
  }

  /** The place of a cell, for what opens beside it. */
  rectOf(name: "payee" | "category"): DOMRect {
    const at = name === "payee" ? this.#payee : this.#category;
    return at.getBoundingClientRect();
  }

  /** Show a transaction here. */
  fill(transaction: Transaction, viewpoint: Viewpoint, state: RowState): void {
    const { element } = this;
    element.id = `row-${state.index}`;
    element.dataset.index = String(state.index);
    element.ariaRowIndex = String(state.index + 2);
    element.ariaSelected = String(state.selected);
    element.classList.toggle("is-active", state.active);
    element.classList.toggle("is-same-day", state.sameDay);
    const arrived = this.#id === transaction.id;
    if (this.#shown === transaction) return;
    this.#shown = transaction;
    this.#id = transaction.id;
    const read = reading(transaction, viewpoint);
    this.#write(transaction, read, arrived);
  }

  #write(transaction: Transaction, read: Reading, changed: boolean): void {
    const { element } = this;
    element.classList.toggle("is-pending", read.pending);
    element.classList.toggle("is-transfer", read.transfer);
    this.#date.replaceChildren(
      make("time", { datetime: transaction.booked_on }, dayText(transaction.booked_on)),
    );
    const payee = make("span", { class: read.named ? "payee" : "payee is-unnamed" }, read.payee);
    this.#payee.replaceChildren(payee);
    if (read.pending) this.#payee.append(make("span", { class: "badge" }, say("pending")));
    if (read.memo) this.#payee.append(make("span", { class: "memo" }, read.memo));
    const category = read.needsCategory ? say("needs_category") : read.category;
    const look = read.needsCategory ? "category is-needed" : "category";
    const words = make("span", { class: look }, category);
    if (changed && this.#category.textContent !== category) words.classList.add("is-fresh");
    this.#category.replaceChildren(words);
    this.#account.replaceChildren(read.account);
    const way = read.direction === "nil" ? "" : `${say(read.direction)} `;
    this.#amount.replaceChildren(
      make("span", { class: "visually-hidden" }, way),
      make(
        "span",
        { class: `amount is-${read.direction}` },
        moneyText(read.minor, read.currency, read.direction === "in"),
      ),
    );
  }
}
