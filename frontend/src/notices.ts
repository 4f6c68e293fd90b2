// Notices: a short sentence in the page's live region, with at most one thing to do about it.

import { Problem } from "./api.ts";
import { make } from "./elements.ts";
import { say } from "./words.ts";

const SHOWN_MS = 7_000;
const NOTICES_MAX = 3;

interface Remedy {
  readonly label: string;
  readonly run: () => void;
}

function region(): HTMLElement | null {
  return document.getElementById("toasts");
}

function leave(notice: HTMLElement): void {
  const timer = setInterval(() => {
    // Someone who reads it or stands on it is left in peace.
    if (notice.matches(":hover, :focus-within")) return;
    clearInterval(timer);
    notice.remove();
  }, SHOWN_MS);
}

/** Say a sentence; an error stays until it is dismissed. Returns what was said. */
export function notice(
  text: string,
  { error = false, remedy }: { error?: boolean; remedy?: Remedy } = {},
): HTMLElement {
  const said = make("div", { class: error ? "toast is-error" : "toast" }, text);
  if (remedy) {
    const button = make("button", { type: "button" }, remedy.label);
    button.addEventListener("click", () => {
      said.remove();
      remedy.run();
    });
    said.append(button);
  } else if (error) {
    const button = make("button", { type: "button" }, say("dismiss"));
    button.addEventListener("click", () => said.remove());
    said.append(button);
  }
  const place = region();
  while (place && place.childElementCount >= NOTICES_MAX) place.firstElementChild?.remove();
  place?.append(said);
  if (!error) leave(said);
  return said;
}

/** Say what went wrong, and what became of the change. */
export function noticeProblem(failure: unknown, after = ""): void {
  const sentence = failure instanceof Problem ? failure.message : say("failed");
  notice(after ? `${sentence} ${after}` : sentence, { error: true });
  if (!(failure instanceof Problem)) console.error(failure);
}

/** Let what the server said leave after a while. */
export function settleNotices(): void {
  for (const each of document.querySelectorAll<HTMLElement>("#toasts > .toast")) leave(each);
}
