// <solvent-grid>: the transactions of a household, one row each, however many there are.
//
// The grid itself has the focus; the active row is its active descendant. Rows are made for what is in
// view and filled again while scrolling.

import { make } from "../../elements.ts";
import { noticeProblem } from "../../notices.ts";
import { say } from "../../words.ts";
import { Editing } from "./editing.ts";
import { actionOf } from "./keys.ts";
import { TransactionList } from "./list.ts";
import { Row } from "./row.ts";
import { Selection } from "./selection.ts";
import type { Page, Transaction, Viewpoint } from "./transactions.ts";
import { ScrollWindow } from "./window.ts";

const NARROW = "(width < 48rem)";
const ROW_PX = 40;
const CARD_PX = 68;
const HEAD_PX = 36;
const FETCH_AHEAD_ROWS = 120;
const COLUMNS = ["select", "date", "payee", "category", "account", "amount"] as const;

export class SolventGrid extends HTMLElement {
  #list!: TransactionList;
  #editing!: Editing;
  #window!: ScrollWindow;
  readonly #selection = new Selection();
  readonly #rows: Row[] = [];
  readonly #head = make("div", { class: "row row-head", role: "row", "aria-rowindex": 1 });
  readonly #box = make("div", { class: "grid-box", role: "rowgroup" });
  readonly #grid = make("div", { class: "grid", role: "grid", tabindex: 0 });
  readonly #state = make("div", { class: "grid-state", role: "status" });
  readonly #bar = make("div", { class: "grid-bar", role: "toolbar", hidden: true });
  readonly #count = make("span", { role: "status" });
  #viewpoint: Viewpoint = { account: "", uncategorised: new Set() };
  #gone = new AbortController();
  #painting = false;

  connectedCallback(): void {
    const { household = "", query = "", account = "", uncategorised = "" } = this.dataset;
    const sent = this.querySelector('script[type="application/json"]')?.textContent;
    this.#viewpoint = { account, uncategorised: new Set(uncategorised.split(" ")) };
    this.#list = new TransactionList(household, query);
    this.#editing = new Editing(household, this.#list);
    this.#gone = new AbortController();
    this.#build();
    this.#listen();
    if (sent) this.#list.begin(JSON.parse(sent) as Page);
    else void this.#list.more();
  }

  disconnectedCallback(): void {
    this.#gone.abort();
  }

  #build(): void {
    for (const name of COLUMNS) {
      const words = make("span", name === "select" ? { class: "visually-hidden" } : {}, say(name));
      const column = make("div", { class: `cell cell-${name}`, role: "columnheader" }, words);
      this.#head.append(column);
    }
    const head = make("div", { role: "rowgroup", class: "grid-head" }, this.#head);
    this.#grid.setAttribute("aria-label", say("transactions"));
    this.#grid.setAttribute("aria-colcount", String(COLUMNS.length));
    this.#grid.setAttribute("aria-multiselectable", "true");
    this.#grid.replaceChildren(head, this.#box);
    this.#bar.setAttribute("aria-label", say("select"));
    this.#bar.append(this.#count);
    for (const [name, key] of [
      ["category", "c"],
      ["payee", "p"],
      ["delete", "d"],
      ["clear", "Escape"],
    ] as const) {
      const button = make("button", { type: "button", class: "button is-small" }, say(name));
      button.addEventListener("click", () => this.#do(key));
      this.#bar.append(button);
    }
    this.replaceChildren(this.#grid, this.#state, this.#bar);
    this.#fit();
  }

  #fit(): void {
    const height = matchMedia(NARROW).matches ? CARD_PX : ROW_PX;
    this.#window = new ScrollWindow(this.#grid, this.#box, height);
    this.#repaint();
  }

  #listen(): void {
    const { signal } = this.#gone;
    this.#list.addEventListener("change", () => this.#repaint(), { signal });
    this.#grid.addEventListener("scroll", () => this.#repaint(), { signal, passive: true });
    this.#grid.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#box.addEventListener("click", (event) => this.#click(event), { signal });
    matchMedia(NARROW).addEventListener("change", () => this.#fit(), { signal });
    const sized = new ResizeObserver(() => this.#repaint());
    sized.observe(this.#grid);
    signal.addEventListener("abort", () => sized.disconnect());
    // The list is what one comes for; keys work at once, unless something else was asked for.
    if (document.activeElement === document.body) this.#grid.focus({ preventScroll: true });
  }

  #repaint(): void {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#paint();
    });
  }

  #paint(): void {
    const { rows } = this.#list;
    this.#window.size(rows.length);
    this.#selection.clamp(rows.length);
    const { first, last, top } = this.#window.span();
    while (this.#rows.length < last - first) {
      const row = new Row();
      this.#rows.push(row);
      this.#box.append(row.element);
    }
    this.#rows.forEach((row, at) => {
      const index = first + at;
      const transaction = index < last ? rows[index] : undefined;
      row.element.hidden = !transaction;
      if (!transaction) return;
      row.element.style.transform = `translateY(${top + at * this.#window.rowHeight}px)`;
      row.fill(transaction, this.#viewpoint, {
        index,
        active: index === this.#selection.active,
        selected: this.#selection.has(transaction.id),
        sameDay: rows[index - 1]?.booked_on === transaction.booked_on,
      });
    });
    this.#tell(first, last);
    if (last + FETCH_AHEAD_ROWS > rows.length && !this.#list.failure) void this.#list.more();
  }

  #tell(first: number, last: number): void {
    const { rows, complete, loading, failure } = this.#list;
    const { active, size } = this.#selection;
    this.#grid.setAttribute("aria-rowcount", complete ? String(rows.length + 1) : "-1");
    if (active >= first && active < last) {
      this.#grid.setAttribute("aria-activedescendant", `row-${active}`);
    } else this.#grid.removeAttribute("aria-activedescendant");
    this.#bar.hidden = size === 0;
    if (size) this.#count.textContent = say("selected", { count: size });
    this.classList.toggle("is-empty", rows.length === 0);
    this.classList.toggle("is-loading", loading);
    this.#state.hidden = rows.length > 0 && !failure;
    if (failure) this.#sayFailure(failure);
    else if (loading && !rows.length)
      this.#state.replaceChildren(make("p", { class: "late" }, say("loading")));
    else if (!rows.length && complete) {
      this.#state.replaceChildren(
        make("p", {}, make("strong", {}, say("none"))),
        make("p", { class: "hint" }, say("none_hint")),
      );
    }
  }

  #sayFailure(failure: unknown): void {
    const again = make("button", { type: "button", class: "button" }, say("retry"));
    again.addEventListener("click", () => void this.#list.more());
    const sentence = failure instanceof Error ? failure.message : say("failed");
    this.#state.replaceChildren(make("p", {}, sentence), again);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#do(event.key, event.shiftKey)) event.preventDefault();
  }

  #do(key: string, shift = false): boolean {
    const page = Math.max(1, Math.floor(this.#grid.clientHeight / this.#window.rowHeight) - 2);
    const action = actionOf(key, page);
    if (!action) return false;
    const { rows } = this.#list;
    if (action.kind === "move") {
      this.#selection.move(action.by, rows, shift);
      this.#window.reveal(this.#selection.active, HEAD_PX);
    } else if (action.kind === "select") this.#selection.toggle(rows, shift);
    else if (action.kind === "clear") this.#selection.clear();
    else void this.#edit(action.kind);
    this.#repaint();
    return true;
  }

  async #edit(what: "category" | "payee" | "remove" | "undo"): Promise<void> {
    const chosen = this.#selection.of(this.#list.rows);
    try {
      if (what === "undo") await this.#editing.undo();
      else if (!chosen.length) return;
      else if (what === "remove") {
        this.#selection.clear();
        await this.#editing.remove(chosen);
      } else await this.#editing[what](chosen, this.#besideActive(what));
    } catch (failure) {
      noticeProblem(failure);
    }
    this.#grid.focus({ preventScroll: true });
  }

  #besideActive(what: "category" | "payee"): DOMRect | null {
    const index = String(this.#selection.active);
    const row = this.#rows.find(
      ({ element }) => !element.hidden && element.dataset.index === index,
    );
    return row?.rectOf(what) ?? null;
  }

  #click(event: MouseEvent): void {
    const target = event.target as Element;
    const index = Number(target.closest<HTMLElement>(".row")?.dataset.index ?? -1);
    const row: Transaction | undefined = this.#list.rows[index];
    if (!row) return;
    const cell = target.closest<HTMLElement>("[data-cell]")?.dataset.cell;
    const wasActive = this.#selection.active === index;
    this.#selection.move(index - this.#selection.active, this.#list.rows, event.shiftKey);
    if (cell === "select" && !event.shiftKey) this.#selection.toggle(this.#list.rows, false);
    else if (cell === "category") void this.#edit("category");
    else if (cell === "payee" && wasActive) void this.#edit("payee");
    this.#repaint();
  }
}
