// A file dropped anywhere, on any page, or picked: it is read, and nothing is written before a person
// has seen the preview.

import { ask, inHousehold, Problem } from "../api.ts";
import { make } from "../elements.ts";
import { notice, noticeProblem } from "../notices.ts";
import { say } from "../words.ts";

const FILE_BYTES_MAX = 100 * 1024 * 1024;

function carriesFile(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

function idIn(facts: Readonly<Record<string, unknown>>): string | null {
  for (const id of [facts.import_id, facts.import, facts.id]) if (typeof id === "string") return id;
  return null;
}

export class SolventDrop extends HTMLElement {
  #depth = 0;
  readonly #gone = new AbortController();

  connectedCallback(): void {
    this.hidden = true;
    this.append(
      make("p", {}, make("strong", {}, say("drop_here")), make("span", {}, say("drop_hint"))),
    );
    const { signal } = this.#gone;
    document.addEventListener("dragenter", (event) => this.#hover(event, 1), { signal });
    document.addEventListener("dragleave", (event) => this.#hover(event, -1), { signal });
    document.addEventListener(
      "dragover",
      (event) => {
        if (carriesFile(event)) event.preventDefault();
      },
      { signal },
    );
    document.addEventListener("drop", (event) => this.#drop(event), { signal });
    for (const form of document.querySelectorAll<HTMLFormElement>("[data-drop-form]")) {
      this.#wake(form);
    }
  }

  disconnectedCallback(): void {
    this.#gone.abort();
  }

  #hover(event: DragEvent, step: number): void {
    if (!carriesFile(event)) return;
    this.#depth = Math.max(0, this.#depth + step);
    this.hidden = this.#depth === 0;
  }

  #drop(event: DragEvent): void {
    if (!carriesFile(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) void this.upload(file);
  }

  #wake(form: HTMLFormElement): void {
    const field = form.querySelector<HTMLInputElement>('input[type="file"]');
    const account = form.querySelector<HTMLSelectElement>("select");
    form.classList.add("is-awake");
    field?.addEventListener("change", () => {
      const file = field.files?.[0];
      if (file) void this.upload(file, account?.value).finally(() => form.reset());
    });
  }

  /** Hand the file over and go to its page; say why when it cannot be taken. */
  async upload(file: File, account = ""): Promise<void> {
    if (file.size > FILE_BYTES_MAX) {
      notice(say("file_too_large"), { error: true });
      return;
    }
    const household = this.dataset.household ?? "";
    const form = new FormData();
    form.set("file", file);
    form.set("commit", "false");
    if (account) form.set("account", account);
    notice(say("uploading", { name: file.name }));
    document.documentElement.ariaBusy = "true";
    try {
      const path = inHousehold(household, "imports");
      const read = await ask<{ id: string; already_imported: boolean }>("POST", path, { form });
      this.#show(household, read.id, read.already_imported ? "?again=1" : "");
    } catch (failure) {
      const asked =
        failure instanceof Problem && failure.status === 409 ? idIn(failure.facts) : null;
      if (asked) this.#show(household, asked);
      else noticeProblem(failure);
    } finally {
      document.documentElement.ariaBusy = null;
    }
  }

  #show(household: string, id: string, query = ""): void {
    location.assign(`/h/${household}/imports/${id}${query}`);
  }
}
