// The window onto a long list: only rows in view are elements. Browsers cannot lay out a box of more
// than some sixteen million pixels, so beyond that a scroll step covers more than its own height.

const BOX_PX_MAX = 15_000_000;
const SPARE_ROWS = 8;

export interface Span {
  readonly first: number;
  readonly last: number;
  /** Where the first row of the span stands, in pixels from the top of the box. */
  readonly top: number;
}

export class ScrollWindow {
  readonly #scroller: HTMLElement;
  readonly #box: HTMLElement;
  readonly rowHeight: number;
  #count = 0;

  constructor(scroller: HTMLElement, box: HTMLElement, rowHeight: number) {
    this.#scroller = scroller;
    this.#box = box;
    this.rowHeight = rowHeight;
  }

  get #whole(): number {
    return this.#count * this.rowHeight;
  }

  get #scale(): number {
    const view = this.#scroller.clientHeight;
    const room = Math.min(this.#whole, BOX_PX_MAX) - view;
    return room > 0 ? Math.max(1, (this.#whole - view) / room) : 1;
  }

  /** Make the box as high as `count` rows, as far as browsers can. */
  size(count: number): void {
    this.#count = count;
    this.#box.style.height = `${Math.min(this.#whole, BOX_PX_MAX)}px`;
  }

  /** The rows in view, and some more on both sides. */
  span(): Span {
    const { scrollTop, clientHeight } = this.#scroller;
    const offset = scrollTop * this.#scale;
    const first = Math.max(0, Math.floor(offset / this.rowHeight) - SPARE_ROWS);
    const seen = Math.ceil(clientHeight / this.rowHeight);
    const last = Math.min(this.#count, first + seen + 2 * SPARE_ROWS);
    return { first, last, top: scrollTop + first * this.rowHeight - offset };
  }

  /** Scroll as little as needed for a row to be seen whole, below what stands at the top. */
  reveal(index: number, headHeight: number): void {
    const scale = this.#scale;
    const view = this.#scroller.clientHeight - headHeight;
    const offset = this.#scroller.scrollTop * scale;
    const top = index * this.rowHeight;
    if (top < offset) this.#scroller.scrollTop = top / scale;
    else if (top + this.rowHeight > offset + view) {
      this.#scroller.scrollTop = (top + this.rowHeight - view) / scale;
    }
  }
}
