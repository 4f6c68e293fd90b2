// Drawing with ECharts, only the parts that are used. Colours and type come from the page's tokens;
// the tooltip is made of elements with classes, for inline style is not allowed anywhere.

import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { decimalText, moneyText } from "../amounts.ts";
import { make } from "../elements.ts";
import { digitsOf, locale, say } from "../words.ts";
import type { ChartData } from "./chart.ts";

echarts.use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

const SERIES_COLOURS = 8;

interface Hovered {
  readonly seriesName?: string;
  readonly seriesIndex?: number;
  readonly dataIndex: number;
  readonly name: string;
}

/** Read tokens as the browser resolves them, as colours that a canvas library can parse. */
class Tokens {
  readonly #probe = make("span", { hidden: true });
  readonly #pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

  constructor(within: HTMLElement) {
    within.append(this.#probe);
  }

  colour(name: string): string {
    this.#probe.style.color = `var(--${name})`;
    if (!this.#pixel) return "#888";
    this.#pixel.fillStyle = getComputedStyle(this.#probe).color;
    this.#pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue] = this.#pixel.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  }

  done(): void {
    this.#probe.remove();
  }
}

/** What has no colour of its own is one series: slivers of one colour say nothing. */
function folded(data: ChartData): ChartData {
  if (data.kind !== "stack" || data.series.length <= SERIES_COLOURS) return data;
  const shown = data.series.slice(0, SERIES_COLOURS - 1);
  const rest = data.series.slice(SERIES_COLOURS - 1);
  const minor = data.labels.map((_, at) =>
    rest.reduce((sum, series) => sum + (series.minor[at] ?? 0), 0),
  );
  return { ...data, series: [...shown, { name: say("others"), minor }] };
}

export class Plot {
  readonly #ground: HTMLElement;
  readonly #data: ChartData;
  readonly #chart: echarts.ECharts;
  readonly #resized: ResizeObserver;
  readonly #gone = new AbortController();

  constructor(ground: HTMLElement, data: ChartData) {
    this.#ground = ground;
    this.#data = folded(data);
    this.#chart = echarts.init(ground, null, { renderer: "canvas" });
    this.#resized = new ResizeObserver(() => this.#chart.resize());
    this.#resized.observe(ground);
    const { signal } = this.#gone;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#paint(), { signal });
    this.#paint();
  }

  dispose(): void {
    this.#gone.abort();
    this.#resized.disconnect();
    this.#chart.dispose();
  }

  #paint(): void {
    const tokens = new Tokens(this.#ground);
    const text = {
      color: tokens.colour("ink-faint"),
      fontFamily: "Geist, sans-serif",
      fontSize: 12,
    };
    const line = tokens.colour("line");
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#chart.setOption(
      {
        animation: !still,
        animationDuration: 250,
        grid: { left: 0, right: 8, top: 12, bottom: 6, outerBoundsMode: "same" },
        xAxis: {
          type: "category",
          data: [...this.#data.labels],
          boundaryGap: this.#data.kind === "stack",
          axisTick: { show: false },
          axisLine: { lineStyle: { color: tokens.colour("line-control") } },
          axisLabel: { ...text, hideOverlap: true },
        },
        yAxis: {
          type: "value",
          scale: this.#data.kind === "line",
          splitNumber: 4,
          splitLine: { lineStyle: { color: line } },
          axisLabel: { ...text, formatter: (value: number) => this.#short(value) },
        },
        tooltip: {
          trigger: "axis",
          axisPointer: { type: this.#data.kind === "stack" ? "shadow" : "line", animation: false },
          transitionDuration: 0,
          confine: true,
          className: "chart-tip",
          borderWidth: 0,
          padding: 0,
          backgroundColor: "transparent",
          extraCssText: "box-shadow: none",
          formatter: (hovered: unknown) => this.#tip(hovered as readonly Hovered[]),
        },
        series: this.#series(tokens),
      },
      { notMerge: true },
    );
    tokens.done();
  }

  #series(tokens: Tokens): object[] {
    const digits = digitsOf(this.#data.currency);
    return this.#data.series.map((series, at) => {
      const colour = tokens.colour(`series-${Math.min(at, SERIES_COLOURS - 1) + 1}`);
      const data = series.minor.map((minor) => Number(decimalText(minor, digits)));
      if (this.#data.kind === "line") {
        return {
          type: "line",
          name: series.name,
          data,
          showSymbol: data.length < 2,
          lineStyle: { width: 2, color: colour },
          itemStyle: { color: colour },
          areaStyle: { color: colour, opacity: 0.08, origin: "start" },
        };
      }
      const edge = { borderColor: tokens.colour("paper"), borderWidth: 0.75 };
      return {
        type: "bar",
        stack: "all",
        name: series.name,
        data,
        barMaxWidth: 48,
        itemStyle: { color: colour, ...edge },
      };
    });
  }

  #short(value: number): string {
    return new Intl.NumberFormat(locale, {
      style: "currency",
      currency: this.#data.currency,
      notation: "compact",
      maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0,
    }).format(value);
  }

  #tip(hovered: readonly Hovered[]): HTMLElement {
    const rows = hovered.flatMap(({ seriesIndex = 0, dataIndex, seriesName = "" }) => {
      const minor = this.#data.series[seriesIndex]?.minor[dataIndex] ?? 0;
      if (!minor && this.#data.kind === "stack") return [];
      const key = make("i", { class: `key key-${Math.min(seriesIndex, SERIES_COLOURS - 1) + 1}` });
      const amount = make("dd", {}, moneyText(minor, this.#data.currency));
      return [make("div", {}, make("dt", {}, key, seriesName), amount)];
    });
    return make("div", {}, make("strong", {}, hovered[0]?.name ?? ""), make("dl", {}, ...rows));
  }
}
