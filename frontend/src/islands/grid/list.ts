// The list behind the grid: pages fetched by key, and changes that show at once and are put back when
// the server says no. Changes to one transaction wait for each other, so each names the version before.

import { ask, inHousehold, Problem } from "../../api.ts";
import type { Page, Transaction } from "./transactions.ts";

const PAGE_ROWS = 200;

type Change = Readonly<Record<string, string>>;

export class TransactionList extends EventTarget {
  readonly #household: string;
  readonly #query: string;
  readonly #waiting = new Map<string, Promise<unknown>>();
  #cursor: string | null = null;
  #loading = false;
  #begun = false;
  rows: Transaction[] = [];
  failure: unknown = null;

  constructor(household: string, query: string) {
    super();
    this.#household = household;
    this.#query = query;
  }

  get loading(): boolean {
    return this.#loading;
  }

  get complete(): boolean {
    return this.#begun && this.#cursor === null;
  }

  /** Begin with a page that the server sent along. */
  begin(page: Page): void {
    this.#take(page);
  }

  /** Fetch the next page, unless one is on its way or there is none. */
  async more(): Promise<void> {
    if (this.#loading || this.complete) return;
    this.#loading = true;
    this.failure = null;
    this.#changed();
    const query = new URLSearchParams(this.#query);
    query.set("limit", String(PAGE_ROWS));
    if (this.#cursor) query.set("cursor", this.#cursor);
    try {
      this.#take(await ask<Page>("GET", this.#path(`?${query}`)));
    } catch (failure) {
      this.failure = failure;
    } finally {
      this.#loading = false;
      this.#changed();
    }
  }

  /** Show `hoped` at once, ask for `change`, and keep what the server answers; put back on a refusal. */
  async change(id: string, hoped: Transaction, change: Change): Promise<Transaction> {
    const before = this.#find(id);
    this.#put(hoped);
    return this.#inTurn(id, async () => {
      const version = this.#find(id)?.version ?? hoped.version;
      try {
        const path = this.#path(`/${id}`);
        const kept = await ask<Transaction>("PATCH", path, { json: change, version });
        this.#put(kept);
        return kept;
      } catch (failure) {
        if (failure instanceof Problem && failure.status === 412) await this.refresh(id);
        else if (before) this.#put({ ...before, version });
        throw failure;
      }
    });
  }

  /** Take a transaction out at once, ask for it, and put it back on a refusal. */
  async remove(id: string): Promise<void> {
    const at = this.rows.findIndex((row) => row.id === id);
    const before = this.rows[at];
    if (!before) return;
    this.rows.splice(at, 1);
    this.#changed();
    await this.#inTurn(id, async () => {
      try {
        await ask("DELETE", this.#path(`/${id}`), { version: before.version });
      } catch (failure) {
        this.#insert(before);
        throw failure;
      }
    });
  }

  /** Bring a deleted transaction back, and show it where it belongs. */
  async restore(id: string): Promise<void> {
    this.#insert(await ask<Transaction>("POST", this.#path(`/${id}/restore`)));
  }

  /** Fetch one transaction and show it as it is. */
  async refresh(id: string): Promise<void> {
    const kept = await ask<Transaction>("GET", this.#path(`/${id}`));
    this.#put(kept);
  }

  #take(page: Page): void {
    this.#begun = true;
    this.#cursor = page.next_cursor;
    const known = new Set(this.rows.map((row) => row.id));
    this.rows.push(...page.items.filter((row) => !known.has(row.id)));
    this.#changed();
  }

  #find(id: string): Transaction | undefined {
    return this.rows.find((row) => row.id === id);
  }

  #put(row: Transaction): void {
    const at = this.rows.findIndex((each) => each.id === row.id);
    if (at >= 0) this.rows[at] = row;
    this.#changed();
  }

  #insert(row: Transaction): void {
    // Newest first, as the API sorts them: by day, then by id.
    const comes = (each: Transaction) =>
      each.booked_on < row.booked_on || (each.booked_on === row.booked_on && each.id < row.id);
    const at = this.rows.findIndex(comes);
    this.rows.splice(at < 0 ? this.rows.length : at, 0, row);
    this.#changed();
  }

  async #inTurn<Answer>(id: string, work: () => Promise<Answer>): Promise<Answer> {
    const turn = (this.#waiting.get(id) ?? Promise.resolve()).catch(() => undefined).then(work);
    this.#waiting.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#waiting.get(id) === turn) this.#waiting.delete(id);
    }
  }

  #path(rest: string): string {
    return inHousehold(this.#household, `transactions${rest}`);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
