// Menus made of <details>: they close on Escape, and when something else is pressed.

/** Let every open menu close as menus do. */
export function closeMenus(): void {
  const close = (target: EventTarget | null): void => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
      if (!(target instanceof Node && menu.contains(target))) menu.open = false;
    }
  };
  document.addEventListener("pointerdown", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const summary = document.activeElement
      ?.closest("details[data-menu][open]")
      ?.querySelector("summary");
    close(null);
    summary?.focus();
  });
}
