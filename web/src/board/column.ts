import { make } from "../dom.ts";
import { text } from "../texts.ts";

/** One column of the board: a title with its number, and lines by their id. */
export class Column {
  readonly element: HTMLElement;
  readonly list = make("ol", { class: "board-list" });
  readonly #count = make("span", { class: "count", hidden: true });
  readonly #empty: HTMLElement;

  constructor(title: string, empty: string) {
    this.#empty = make("p", { class: "board-empty" }, empty);
    const head = make("h3", { class: "board-title" }, title, this.#count);
    this.element = make(
      "section",
      { class: "board-column" },
      head,
      make("div", { class: "board-frame" }, this.#empty, this.list),
    );
    this.element.setAttribute("aria-label", title);
  }

  get lines(): HTMLElement[] {
    return [...this.list.children] as HTMLElement[];
  }

  find(id: string): HTMLElement | undefined {
    return this.lines.find((line) => line.dataset["id"] === id);
  }

  /** Adds or replaces the line of `id` at the end. */
  put(id: string, line: HTMLElement): void {
    line.dataset["id"] = id;
    const there = this.find(id);
    if (there) there.replaceWith(line);
    else this.list.append(line);
    this.changed();
  }

  remove(id: string): void {
    this.find(id)?.remove();
    this.changed();
  }

  clear(): void {
    this.list.replaceChildren();
    this.changed();
  }

  changed(): void {
    const n = this.list.childElementCount;
    this.#count.textContent = String(n);
    this.#count.hidden = n === 0;
    this.#empty.hidden = n > 0;
  }
}

/** A button of a line: does one thing, and is busy until it is done. */
export function act(name: string, run: () => Promise<unknown>, kind = "button-quiet"): HTMLButtonElement {
  const button = make("button", { type: "button", class: `button button-small ${kind}` }, name);
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    void run().finally(() => button.removeAttribute("aria-busy"));
  });
  return button;
}

/** Who said what, and when. */
export function said(name: string, words: string, time: string, note?: string): HTMLElement {
  const who = make("p", { class: "meta" }, make("span", {}, name), make("span", {}, time));
  if (note) who.append(make("span", {}, note));
  return make("div", { class: "board-said" }, make("p", { class: "board-words" }, words), who);
}

/** The sign of a message that would fly over the picture. */
export function flies(danmaku: boolean): string | undefined {
  return danmaku ? text("danmaku_word") : undefined;
}
