// What every page has: htmx, keys, the palette, files dropped anywhere, progress, and notices.

import htmx from "htmx.org";
import { csrfToken } from "./api.ts";
import { letCopy } from "./copying.ts";
import { SolventDrop } from "./islands/drop.ts";
import { openPalettes } from "./islands/palette.ts";
import { wakePasskeys } from "./islands/passkeys.ts";
import { SolventProgress } from "./islands/progress.ts";
import { listenForKeys } from "./keys.ts";
import { closeMenus } from "./menus.ts";
import { settleNotices } from "./notices.ts";

htmx.on("htmx:config:request", (event: Event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { request: { headers: Record<string, string> } } }>)
    .detail;
  ctx.request.headers["X-CSRF-Token"] = csrfToken();
});

openPalettes();
closeMenus();
listenForKeys();
settleNotices();
wakePasskeys();
letCopy();
customElements.define("solvent-drop", SolventDrop);
customElements.define("solvent-progress", SolventProgress);
