// An import on its way: a native progress bar with numbers, asked for again and again until it ends.
// What it shows comes from the server each time, so it survives a reload.

import { countText } from "../amounts.ts";
import { ask, inHousehold } from "../api.ts";
import { say } from "../words.ts";

interface Progress {
  readonly state: string;
  readonly done: number | null;
  readonly total: number | null;
}

const UNDER_WAY = new Set(["reading", "waiting", "importing"]);
const PAUSE_MS = 600;
const PAUSE_MS_MAX = 4_000;

export class SolventProgress extends HTMLElement {
  #timer = 0;
  #pause = PAUSE_MS;

  connectedCallback(): void {
    this.#wait();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => void this.#look(), this.#pause);
  }

  async #look(): Promise<void> {
    const { household = "", import: batch = "" } = this.dataset;
    try {
      const progress = await ask<Progress>("GET", inHousehold(household, `imports/${batch}`));
      if (!UNDER_WAY.has(progress.state)) {
        location.reload();
        return;
      }
      this.#show(progress);
      this.#pause = PAUSE_MS;
    } catch {
      // The connection may come back; ask less often until then.
      this.#pause = Math.min(this.#pause * 2, PAUSE_MS_MAX);
    }
    if (this.isConnected) this.#wait();
  }

  #show({ done, total }: Progress): void {
    if (!total) return;
    const bar = this.querySelector("progress");
    const numbers = this.querySelector("[data-numbers]");
    if (bar) {
      bar.max = total;
      bar.value = done ?? 0;
    }
    if (numbers) {
      numbers.textContent = say("progress", {
        done: countText(done ?? 0),
        total: countText(total),
      });
    }
  }
}
