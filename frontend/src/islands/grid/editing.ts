// Changing transactions from the grid: categories, payees, deleting, and undoing what was done here.

import { ask, inHousehold, Problem } from "../../api.ts";
import { notice, noticeProblem } from "../../notices.ts";
import { say } from "../../words.ts";
import type { TransactionList } from "./list.ts";
import { type Choice, pick } from "./picker.ts";
import {
  categoryOf,
  type Transaction,
  takesCategory,
  withCategory,
  withPayee,
} from "./transactions.ts";

const AT_ONCE_MAX = 4;

interface Account {
  readonly id: string;
  readonly name: string;
  readonly path?: string;
  readonly kind: string;
  readonly role?: string | null;
}

/** How to make one change, and how to take it back. */
interface Change {
  readonly hoped: Transaction;
  readonly told: Readonly<Record<string, string>>;
}

type Undo = () => Promise<unknown>;

function rank({ group = "", label }: Choice): string {
  return `${group} ${label}`;
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
  readonly #done: Undo[][] = [];
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
      await this.#changeAll(takers, (row, back) => {
        const before = categoryOf(row);
        const [id, name] = back
          ? [before?.account ?? "", before?.account_name ?? ""]
          : [chosen.value, chosen.label];
        return { hoped: withCategory(row, id, name), told: { category: id } };
      });
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
    await this.#changeAll(rows, (row, back) => {
      const name = back ? (row.payee?.name ?? "") : chosen.value;
      return { hoped: withPayee(row, name), told: { payee: name } };
    });
  }

  /** Delete rows; a notice offers to undo it. */
  async remove(rows: readonly Transaction[]): Promise<void> {
    const done: Undo[] = [];
    await fewAtOnce(rows, async ({ id }) => {
      try {
        await this.#list.remove(id);
        done.push(() => this.#list.restore(id));
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
      await fewAtOnce(last, async (undo) => {
        await undo();
      });
      notice(say("undone"));
    } catch (failure) {
      noticeProblem(failure);
    }
  }

  async #changeAll(
    rows: readonly Transaction[],
    change: (row: Transaction, back: boolean) => Change,
  ): Promise<void> {
    const done: Undo[] = [];
    await fewAtOnce(rows, async (row) => {
      const { hoped, told } = change(row, false);
      const back = change(row, true);
      try {
        const kept = await this.#list.change(row.id, hoped, told);
        done.push(() =>
          this.#list.change(row.id, { ...back.hoped, version: kept.version }, back.told),
        );
      } catch (failure) {
        const elsewhere = failure instanceof Problem && failure.status === 412;
        if (elsewhere) notice(say("changed_elsewhere"), { error: true });
        else noticeProblem(failure, say("rolled_back"));
      }
    });
    if (done.length) this.#done.push(done);
  }

  async #fetchCategories(): Promise<Choice[]> {
    const path = inHousehold(this.#household, "accounts");
    const { items } = await ask<{ items: readonly Account[] }>("GET", path);
    return items
      .filter(({ kind, role }) => !role && (kind === "expense" || kind === "income"))
      .map(({ id, name, path: whole, kind }) => ({
        value: id,
        label: whole ?? name,
        group: say(kind),
      }))
      .sort((one, other) => rank(one).localeCompare(rank(other)));
  }
}
