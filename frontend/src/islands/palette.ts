// Dialogs that a key or a button opens, and the palette's search through places and actions.

function fits(entry: string, wanted: string): boolean {
  if (entry.includes(wanted)) return true;
  let at = 0;
  for (const letter of wanted) {
    at = entry.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

class Palette {
  readonly #field: HTMLInputElement;
  readonly #entries: readonly HTMLElement[];
  readonly #none: HTMLElement | null;
  #chosen: HTMLElement | undefined;

  constructor(dialog: HTMLDialogElement, field: HTMLInputElement) {
    this.#field = field;
    this.#entries = [...dialog.querySelectorAll<HTMLElement>('[role="option"]')];
    this.#none = dialog.querySelector(".palette-none");
    field.addEventListener("input", () => this.filter());
    field.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("toggle", () => {
      if (dialog.open) this.clear();
    });
  }

  clear(): void {
    this.#field.value = "";
    this.filter();
  }

  filter(): void {
    const wanted = this.#field.value.trim().toLowerCase();
    for (const entry of this.#entries) {
      entry.hidden = !fits((entry.textContent ?? "").toLowerCase(), wanted);
    }
    const shown = this.#shown();
    if (this.#none) this.#none.hidden = shown.length > 0;
    this.#choose(shown[0]);
  }

  #shown(): HTMLElement[] {
    return this.#entries.filter((entry) => !entry.hidden);
  }

  #choose(entry: HTMLElement | undefined): void {
    this.#chosen?.setAttribute("aria-selected", "false");
    this.#chosen = entry;
    entry?.setAttribute("aria-selected", "true");
    entry?.scrollIntoView({ block: "nearest" });
    if (entry) this.#field.setAttribute("aria-activedescendant", entry.id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #key(event: KeyboardEvent): void {
    const shown = this.#shown();
    const at = this.#chosen ? shown.indexOf(this.#chosen) : -1;
    if (event.key === "ArrowDown") this.#choose(shown[(at + 1) % shown.length]);
    else if (event.key === "ArrowUp") this.#choose(shown.at(at - 1));
    else if (event.key === "Enter") this.#chosen?.click();
    else return;
    event.preventDefault();
  }
}

/** Open a dialog of the page by its id; false where there is none. */
export function openDialog(id: string): boolean {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
  dialog.showModal();
  return true;
}

/** Wake the palette and every button that opens a dialog. */
export function openPalettes(): void {
  const dialog = document.getElementById("palette");
  const field = dialog?.querySelector("input");
  if (dialog instanceof HTMLDialogElement && field) new Palette(dialog, field);
  for (const button of document.querySelectorAll<HTMLElement>("[data-opens]")) {
    button.hidden = false;
    button.addEventListener("click", () => openDialog(button.dataset.opens ?? ""));
  }
  for (const each of document.querySelectorAll("dialog")) {
    each.addEventListener("click", (event) => {
      // A click on the backdrop lands on the dialog itself; so does leaving by a link to this page.
      const link = (event.target as Element).closest("a");
      if (event.target === each || link) each.close();
    });
  }
}
