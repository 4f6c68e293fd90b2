// The transaction grid: loaded only where there is one.

import { SolventGrid } from "./islands/grid/element.ts";

customElements.define("solvent-grid", SolventGrid);
