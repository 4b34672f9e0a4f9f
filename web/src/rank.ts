import { once } from "./dom.ts";
import { sendJson } from "./http.ts";
import { text } from "./texts.ts";
import { toast } from "./toast.ts";

const SAVE_AFTER_MS = 600;

/** `order` with the entry at `from` put at place `to`. */
export function moved<T>(order: readonly T[], from: number, to: number): T[] {
  const rest = order.filter((_, index) => index !== from);
  const entry = order[from];
  return entry === undefined ? [...order] : [...rest.slice(0, to), entry, ...rest.slice(to)];
}

/**
 * A ranking list in `form[data-rank]`: items `[data-id]` move by dragging or alt and arrows. The order goes as JSON
 * `{ "order": [ids] }` by POST to the form's action; the up and down buttons remain for readers without script.
 */
class Ranking {
  readonly #form: HTMLFormElement;
  readonly #list: HTMLElement;
  #dragged: HTMLElement | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(form: HTMLFormElement, list: HTMLElement) {
    this.#form = form;
    this.#list = list;
    for (const item of this.#items()) this.#makeMovable(item);
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("click", (event) => this.#onButton(event));
  }

  #items(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>(":scope > [data-id]")];
  }

  #makeMovable(item: HTMLElement): void {
    item.draggable = true;
    item.addEventListener("dragstart", () => {
      this.#dragged = item;
      item.toggleAttribute("data-dragging", true);
    });
    item.addEventListener("dragend", () => item.removeAttribute("data-dragging"));
    item.addEventListener("dragover", (event) => {
      event.preventDefault();
      item.toggleAttribute("data-over", item !== this.#dragged);
    });
    item.addEventListener("dragleave", () => item.removeAttribute("data-over"));
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      item.removeAttribute("data-over");
      if (this.#dragged) this.#move(this.#dragged, this.#items().indexOf(item));
    });
  }

  #onKey(event: KeyboardEvent): void {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-id]") : null;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!item || !step || !event.altKey) return;
    event.preventDefault();
    this.#move(item, this.#items().indexOf(item) + step);
    item.focus();
  }

  #onButton(event: MouseEvent): void {
    const button =
      event.target instanceof Element
        ? event.target.closest<HTMLButtonElement>("button[name=up], button[name=down]")
        : null;
    const item = button?.closest<HTMLElement>("[data-id]");
    if (!button || !item) return;
    event.preventDefault();
    this.#move(item, this.#items().indexOf(item) + (button.name === "up" ? -1 : 1));
    button.focus();
  }

  /** Puts items into their slots; lines without an id (the cut) keep their places. */
  #move(item: HTMLElement, to: number): void {
    const items = this.#items();
    const from = items.indexOf(item);
    if (to < 0 || to >= items.length || to === from) return;
    const slots = items.map((slot) => {
      const mark = document.createComment("");
      slot.replaceWith(mark);
      return mark;
    });
    moved(items, from, to).forEach((entry, index) => {
      slots[index]?.replaceWith(entry);
      const number = entry.querySelector(".ranking-number");
      if (number) number.textContent = String(index + 1);
    });
    const name = item.querySelector(".ranking-name")?.textContent?.trim() ?? item.dataset["id"] ?? "";
    toast(text("rank_moved", { name, n: to + 1 }));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), SAVE_AFTER_MS);
  }

  async #save(): Promise<void> {
    const order = this.#items().map((item) => item.dataset["id"]);
    const version = this.#form.dataset["version"];
    try {
      await sendJson(this.#form.getAttribute("action") ?? "", "POST", { order, version });
      toast(text("rank_saved"));
    } catch {
      toast(text("rank_failed"), { label: text("retry"), run: () => void this.#save() });
    }
  }
}

export function start(root: ParentNode): void {
  once<HTMLFormElement>(root, "form[data-rank]", (form) => {
    const list = form.querySelector<HTMLElement>(".ranking");
    if (list) new Ranking(form, list);
  });
}
