// A chart over the table beneath it. The table is the data; without script, or for those who do not
// see, it stands there alone.

export interface Series {
  readonly name: string;
  readonly minor: readonly number[];
}

export interface ChartData {
  readonly kind: "stack" | "line";
  readonly currency: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

function textOf(cell: Element | null | undefined): string {
  return cell?.textContent?.trim() ?? "";
}

function minorOf(cell: Element): number {
  return Number((cell as HTMLElement).dataset.minor);
}

/** Read a table: a row a series for stacks, a row a point for lines. */
export function readTable(table: HTMLTableElement, kind: string, currency: string): ChartData {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  if (kind === "line") {
    const points = rows.map((row) => row.querySelector("[data-minor]"));
    const name = textOf(table.tHead?.rows[0]?.cells[1]);
    return {
      kind,
      currency,
      labels: rows.map((row) => textOf(row.cells[0])),
      series: [{ name, minor: points.map((cell) => (cell ? minorOf(cell) : 0)) }],
    };
  }
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  return {
    kind: "stack",
    currency,
    labels: heads.slice(1, -1).map(textOf),
    series: rows.map((row) => ({
      name: textOf(row.cells[0]),
      minor: [...row.querySelectorAll("[data-minor]")].map(minorOf),
    })),
  };
}

export class SolventChart extends HTMLElement {
  #plot: { dispose(): void } | undefined;

  connectedCallback(): void {
    void this.#draw();
  }

  disconnectedCallback(): void {
    this.#plot?.dispose();
    this.#plot = undefined;
  }

  async #draw(): Promise<void> {
    const table = this.querySelector("table");
    if (!table) return;
    const data = readTable(table, this.dataset.kind ?? "stack", this.dataset.currency ?? "XXX");
    let ground = this.querySelector<HTMLElement>(":scope > .chart");
    if (!ground) {
      ground = document.createElement("div");
      ground.className = "chart";
      ground.setAttribute("aria-hidden", "true");
      this.prepend(ground);
    }
    const { Plot } = await import("./plot.ts");
    if (this.isConnected) this.#plot = new Plot(ground, data);
  }
}
