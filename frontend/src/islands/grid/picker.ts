// Choosing one thing by typing: a combobox in a dialog of its own, beside the cell it is for; on a
// phone it comes up from below.

import { make } from "../../elements.ts";
import { say } from "../../words.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

interface Asked {
  readonly title: string;
  readonly choices: readonly Choice[];
  /** Whether something may be named that is not there yet. */
  readonly free?: boolean;
  readonly beside: DOMRect | null;
}

const SHOWN_MAX = 200;
const WIDTH = 304;
const HEIGHT = 336;

function rank(label: string, wanted: string): number {
  const at = label.toLowerCase().indexOf(wanted);
  if (at < 0) return -1;
  return at === 0 || label[at - 1] === " " ? 1 : 0;
}

class Picker {
  readonly #asked: Asked;
  readonly #dialog = make("dialog", { class: "picker" });
  readonly #field: HTMLInputElement;
  readonly #list: HTMLElement;
  #options: Choice[] = [];
  #at = 0;
  #answer: Choice | null = null;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#field = make("input", {
      type: "text",
      role: "combobox",
      "aria-label": asked.title,
      "aria-expanded": "true",
      "aria-controls": "picker-list",
      "aria-autocomplete": "list",
      autocomplete: "off",
      spellcheck: "false",
      placeholder: asked.title,
    });
    this.#list = make("div", { id: "picker-list", role: "listbox", "aria-label": asked.title });
    this.#dialog.setAttribute("aria-label", asked.title);
    this.#dialog.append(this.#field, this.#list);
    this.#field.addEventListener("input", () => this.#filter());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>('[role="option"]');
      if (option) this.#take(Number(option.dataset.at));
    });
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  open(): Promise<Choice | null> {
    document.body.append(this.#dialog);
    this.#stand();
    this.#filter();
    this.#dialog.showModal();
    return new Promise((resolve) => {
      this.#dialog.addEventListener("close", () => {
        this.#dialog.remove();
        resolve(this.#answer);
      });
    });
  }

  #stand(): void {
    const { beside } = this.#asked;
    if (!beside || matchMedia("(width < 48rem)").matches) return;
    const left = Math.min(beside.left, innerWidth - WIDTH - 16);
    const below = beside.bottom + HEIGHT < innerHeight;
    const top = below ? beside.top - 4 : Math.max(16, innerHeight - HEIGHT - 16);
    this.#dialog.classList.add("is-beside");
    this.#dialog.style.left = `${Math.max(16, left)}px`;
    this.#dialog.style.top = `${top}px`;
  }

  #filter(): void {
    const typed = this.#field.value.trim();
    const wanted = typed.toLowerCase();
    this.#options = this.#asked.choices
      .map((choice) => ({ choice, rank: rank(choice.label, wanted) }))
      .filter((each) => each.rank >= 0)
      .sort((one, other) => (wanted ? other.rank - one.rank : 0))
      .slice(0, SHOWN_MAX)
      .map((each) => each.choice);
    const known = this.#options.some((choice) => choice.label.toLowerCase() === wanted);
    if (this.#asked.free && typed && !known) {
      this.#options.push({ value: typed, label: typed, group: "add" });
    }
    this.#show(wanted !== "");
    this.#choose(0);
  }

  #show(flat: boolean): void {
    this.#list.replaceChildren();
    let group: string | undefined;
    this.#options.forEach((choice, at) => {
      const adds = choice.group === "add";
      if (!flat && choice.group !== group && choice.group) {
        this.#list.append(make("p", { class: "picker-group", role: "presentation" }, choice.group));
      }
      group = choice.group;
      const words = adds ? say("add", { name: choice.label }) : choice.label;
      this.#list.append(
        make(
          "div",
          { id: `pick-${at}`, role: "option", "data-at": at, "aria-selected": "false" },
          words,
        ),
      );
    });
    if (!this.#options.length)
      this.#list.append(make("p", { class: "picker-group" }, say("no_match")));
  }

  #choose(at: number): void {
    this.#list.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
    this.#at = at;
    const option = this.#list.querySelector<HTMLElement>(`#pick-${at}`);
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.#field.setAttribute("aria-activedescendant", option.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #take(at: number): void {
    this.#answer = this.#options[at] ?? null;
    this.#dialog.close();
  }

  #key(event: KeyboardEvent): void {
    const count = Math.max(1, this.#options.length);
    if (event.key === "ArrowDown") this.#choose((this.#at + 1) % count);
    else if (event.key === "ArrowUp") this.#choose((this.#at + count - 1) % count);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#at);
    else return;
    event.preventDefault();
  }
}

/** Let a person choose; null when they leave it. */
export function pick(asked: Asked): Promise<Choice | null> {
  return new Picker(asked).open();
}
