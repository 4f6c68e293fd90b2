// Buttons that copy what stands in a field: shown only where a script runs that can do it.

import { notice, noticeProblem } from "./notices.ts";
import { say } from "./words.ts";

async function copy(field: HTMLInputElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    notice(say("copied"));
  } catch (failure) {
    noticeProblem(failure);
  }
}

/** Let each button with data-copies put the value of the field of that id on the clipboard. */
export function letCopy(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copies]")) {
    const field = document.getElementById(button.dataset["copies"] ?? "");
    if (!(field instanceof HTMLInputElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => void copy(field));
  }
}
