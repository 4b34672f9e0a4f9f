import { once } from "./dom.ts";
import { startMoments } from "./moments.ts";
import { text } from "./texts.ts";

/** Index of the line being spoken at `ms`: the last that began; -1 before the first. `starts` rise. */
export function lineAt(starts: readonly number[], ms: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** `[data-transcript]`: lines `[data-at-ms]` follow the player, can be searched (`[data-transcript-search]`) and clicked. */
class Transcript {
  readonly #list: HTMLElement;
  readonly #lines: HTMLElement[];
  readonly #starts: number[];
  readonly #follow: HTMLInputElement | null;
  #current = -1;

  constructor(root: HTMLElement, list: HTMLElement) {
    this.#list = list;
    this.#lines = [...list.querySelectorAll<HTMLElement>("[data-at-ms]")];
    this.#starts = this.#lines.map((line) => Number(line.dataset["atMs"]));
    this.#follow = root.querySelector("[data-transcript-follow]");
    const search = root.querySelector<HTMLInputElement>("[data-transcript-search]");
    const count = root.querySelector("[data-transcript-count]");
    search?.addEventListener("input", () => {
      const found = this.#search(search.value.trim());
      if (count) count.textContent = search.value.trim() ? text("transcript_found", { n: found }) : "";
    });
    document.addEventListener("kj:time", (event) => this.#at((event as CustomEvent<{ ms: number }>).detail.ms));
  }

  #at(ms: number): void {
    const index = lineAt(this.#starts, ms);
    if (index === this.#current) return;
    this.#lines[this.#current]?.removeAttribute("aria-current");
    this.#current = index;
    const line = this.#lines[index];
    line?.setAttribute("aria-current", "true");
    if (!line || this.#follow?.checked === false) return;
    // Only the list scrolls, never the page under the reader's eyes.
    this.#list.scrollTop = line.offsetTop - this.#list.offsetTop - this.#list.clientHeight / 3;
  }

  /** Hides lines without `words` and marks them in the others; gives the number of lines left. */
  #search(words: string): number {
    let found = 0;
    for (const line of this.#lines) {
      const spoken = line.querySelector("span");
      if (!spoken) continue;
      const whole = spoken.textContent ?? "";
      const at = words === "" ? -1 : whole.toLowerCase().indexOf(words.toLowerCase());
      const item = line.closest("li") ?? line;
      item.hidden = words !== "" && at < 0;
      if (!item.hidden) found += 1;
      if (at < 0) spoken.textContent = whole;
      else
        spoken.replaceChildren(
          whole.slice(0, at),
          mark(whole.slice(at, at + words.length)),
          whole.slice(at + words.length),
        );
    }
    return found;
  }
}

function mark(words: string): HTMLElement {
  const element = document.createElement("mark");
  element.textContent = words;
  return element;
}

export function start(root: ParentNode): void {
  startMoments();
  once<HTMLElement>(root, "[data-transcript]", (element) => {
    const list = element.querySelector<HTMLElement>(".transcript-list");
    if (list) new Transcript(element, list);
  });
}
