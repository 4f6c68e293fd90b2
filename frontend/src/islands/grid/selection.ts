// Which row is active, and which are selected. Selection is by id, so that it stays while rows come.

import type { Transaction } from "./transactions.ts";

export class Selection {
  #active = 0;
  #anchor = 0;
  readonly #chosen = new Set<string>();

  get active(): number {
    return this.#active;
  }

  get size(): number {
    return this.#chosen.size;
  }

  has(id: string): boolean {
    return this.#chosen.has(id);
  }

  /** Keep the active row inside a list of `count` rows. */
  clamp(count: number): void {
    this.#active = Math.max(0, Math.min(this.#active, count - 1));
    this.#anchor = Math.max(0, Math.min(this.#anchor, count - 1));
  }

  /** Move the active row; with shift, select from where one stood to there. */
  move(by: number, rows: readonly Transaction[], shift: boolean): void {
    this.#active = Math.max(0, Math.min(rows.length - 1, this.#active + by));
    if (shift) this.#range(rows);
    else this.#anchor = this.#active;
  }

  /** Select or let go the active row; with shift, everything from the anchor to it. */
  toggle(rows: readonly Transaction[], shift: boolean): void {
    const id = rows[this.#active]?.id;
    if (!id) return;
    if (shift) this.#range(rows);
    else if (!this.#chosen.delete(id)) this.#chosen.add(id);
    if (!shift) this.#anchor = this.#active;
  }

  clear(): void {
    this.#chosen.clear();
  }

  /** The selected rows, or the active one where none is. */
  of(rows: readonly Transaction[]): readonly Transaction[] {
    if (this.#chosen.size) return rows.filter((row) => this.#chosen.has(row.id));
    const active = rows[this.#active];
    return active ? [active] : [];
  }

  #range(rows: readonly Transaction[]): void {
    const [first, last] = [this.#anchor, this.#active].sort((one, other) => one - other);
    for (const row of rows.slice(first, (last ?? 0) + 1)) this.#chosen.add(row.id);
  }
}
