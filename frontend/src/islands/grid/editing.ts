// Changing transactions from the grid: categories, payees, deleting, and undoing what was done here.

import { ask, inHousehold, Problem } from "../../api.ts";
import { notice, noticeProblem } from "../../notices.ts";
import { say } from "../../words.ts";
import type { TransactionList } from "./list.ts";
import { type Choice, pick } from "./picker.ts";
import { type Transaction, takesCategory, withCategory, withPayee } from "./transactions.ts";

const AT_ONCE_MAX = 4;

interface Account {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

interface Done {
  readonly id: string;
  readonly seq: number | null;
}

async function fewAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, lane));
}

export class Editing {
  readonly #household: string;
  readonly #list: TransactionList;
  readonly #done: Done[][] = [];
  #offer: HTMLElement | undefined;
  #categories: Promise<Choice[]> | undefined;

  constructor(household: string, list: TransactionList) {
    this.#household = household;
    this.#list = list;
  }

  /** Ask for a category and give it to all rows that take one. */
  async category(rows: readonly Transaction[], beside: DOMRect | null): Promise<void> {
    const takers = rows.filter(takesCategory);
    if (!takers.length) return;
    try {
      this.#categories ??= this.#fetchCategories();
      const choices = await this.#categories;
      const chosen = await pick({ title: say("category"), choices, beside });
      if (!chosen) return;
      const { value, label } = chosen;
      await this.#changeAll(takers, (row) => withCategory(row, value, label), { category: value });
    } catch (failure) {
      this.#categories = undefined;
      noticeProblem(failure);
    }
  }

  /** Ask for a payee and give it to all rows. */
  async payee(rows: readonly Transaction[], beside: DOMRect | null): Promise<void> {
    const names = new Set(this.#list.rows.flatMap((row) => (row.payee ? [row.payee.name] : [])));
    const choices = [...names].sort((one, other) => one.localeCompare(other));
    const chosen = await pick({
      title: say("payee"),
      choices: choices.map((name) => ({ value: name, label: name })),
      free: true,
      beside,
    });
    if (!chosen) return;
    await this.#changeAll(rows, (row) => withPayee(row, chosen.value), { payee: chosen.value });
  }

  /** Delete rows; a notice offers to undo it. */
  async remove(rows: readonly Transaction[]): Promise<void> {
    const done: Done[] = [];
    await fewAtOnce(rows, async ({ id }) => {
      try {
        done.push({ id, seq: await this.#list.remove(id) });
      } catch (failure) {
        noticeProblem(failure, say("rolled_back"));
      }
    });
    if (!done.length) return;
    this.#done.push(done);
    this.#offer = notice(say("deleted"), {
      remedy: { label: say("undo"), run: () => void this.undo() },
    });
  }

  /** Undo the last thing that was done here. */
  async undo(): Promise<void> {
    const last = this.#done.pop();
    this.#offer?.remove();
    if (!last) {
      notice(say("nothing_to_undo"));
      return;
    }
    try {
      for (const { seq, id } of last.reverse()) await this.#list.undo(seq, id);
      notice(say("undone"));
    } catch (failure) {
      noticeProblem(failure);
    }
  }

  async #changeAll(
    rows: readonly Transaction[],
    hoped: (row: Transaction) => Transaction,
    change: Readonly<Record<string, string>>,
  ): Promise<void> {
    const done: Done[] = [];
    await fewAtOnce(rows, async (row) => {
      try {
        const kept = await this.#list.change(row.id, hoped(row), change);
        done.push({ id: row.id, seq: kept.version });
      } catch (failure) {
        const elsewhere = failure instanceof Problem && failure.status === 412;
        if (elsewhere) notice(say("changed_elsewhere"), { error: true });
        else noticeProblem(failure, say("rolled_back"));
      }
    });
    if (done.length) this.#done.push(done);
  }

  async #fetchCategories(): Promise<Choice[]> {
    const path = inHousehold(this.#household, "accounts?limit=1000");
    const { items } = await ask<{ items: readonly Account[] }>("GET", path);
    return items
      .filter(({ kind }) => kind === "expense" || kind === "income")
      .sort(
        (one, other) => one.kind.localeCompare(other.kind) || one.name.localeCompare(other.name),
      )
      .map(({ id, name, kind }) => ({ value: id, label: name, group: say(kind) }));
  }
}
