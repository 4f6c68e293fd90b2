// Charts: a light element that fetches the drawing library only when there is a table to draw.

import { SolventChart } from "./islands/chart.ts";

customElements.define("solvent-chart", SolventChart);
