// Keys that work everywhere: ctrl-k, "g" then a letter, "/" and "?".

import { isTyping } from "./elements.ts";
import { openDialog } from "./islands/palette.ts";

const SEQUENCE_MS = 1_200;

/** Go where the palette's entry with that letter goes. */
function go(letter: string): boolean {
  const entry = document.querySelector<HTMLAnchorElement>(
    `#palette [data-go="${CSS.escape(letter)}"]`,
  );
  entry?.click();
  return entry !== null;
}

function focusFilter(): boolean {
  const field = document.querySelector<HTMLInputElement>("#filter-text");
  field?.focus();
  field?.select();
  return field !== null;
}

/** Listen on the whole document; what is typed into a field is left alone. */
export function listenForKeys(): void {
  let waitsForLetterUntil = 0;
  document.addEventListener(
    "keydown",
    (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        if (openDialog("palette")) event.preventDefault();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const second = event.timeStamp < waitsForLetterUntil;
      waitsForLetterUntil = 0;
      let done = false;
      if (second) done = go(event.key);
      else if (event.key === "g") waitsForLetterUntil = event.timeStamp + SEQUENCE_MS;
      else if (event.key === "?") done = openDialog("help");
      else if (event.key === "/") done = focusFilter();
      if (done) event.preventDefault();
      // The grid listens further in; a letter that was the second of two is not meant for it.
      if (second) event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
