// What a key means in the grid.

export type Action =
  | { readonly kind: "move"; readonly by: number }
  | { readonly kind: "select" | "clear" | "category" | "payee" | "remove" | "undo" };

/** The action of a key; `page` is how many rows a page has. Null for keys that are none of ours. */
export function actionOf(key: string, page: number): Action | null {
  switch (key) {
    case "j":
    case "J":
    case "ArrowDown":
      return { kind: "move", by: 1 };
    case "k":
    case "K":
    case "ArrowUp":
      return { kind: "move", by: -1 };
    case "PageDown":
      return { kind: "move", by: page };
    case "PageUp":
      return { kind: "move", by: -page };
    case "Home":
      return { kind: "move", by: Number.NEGATIVE_INFINITY };
    case "End":
      return { kind: "move", by: Number.POSITIVE_INFINITY };
    case "x":
    case "X":
    case " ":
      return { kind: "select" };
    case "c":
    case "Enter":
      return { kind: "category" };
    case "p":
      return { kind: "payee" };
    case "d":
    case "Delete":
      return { kind: "remove" };
    case "u":
      return { kind: "undo" };
    case "Escape":
      return { kind: "clear" };
    default:
      return null;
  }
}
