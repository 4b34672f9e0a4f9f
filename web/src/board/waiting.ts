import { make } from "../dom.ts";
import { neighbour } from "../review-keys.ts";
import type { EventOf } from "../room/events.ts";
import { timeOfDay } from "../room/moment.ts";
import { text } from "../texts.ts";
import type { Api } from "./api.ts";
import { act, Column, flies, said } from "./column.ts";
import type { BoardCommand } from "./keys.ts";

/** Messages that wait for somebody to read them; one of them is in hand, for the keys. */
export class Waiting {
  readonly column = new Column(text("board_waiting"), text("board_waiting_empty"));
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
    this.column.list.addEventListener("focusin", (event) => {
      const line = (event.target as Element).closest<HTMLElement>(".board-line");
      if (line) this.#take(line);
    });
  }

  add(message: EventOf<"waiting">): void {
    const { id, name, text: words, at, danmaku, account } = message;
    const line = make(
      "li",
      { class: "board-line", tabindex: "-1" },
      said(name === account ? name : `${name} (${account})`, words, timeOfDay(at), flies(danmaku)),
      make(
        "div",
        { class: "board-acts" },
        act(text("board_approve"), () => this.#decide(id, "approve"), ""),
        act(text("board_remove"), () => this.#decide(id, "remove")),
      ),
    );
    this.column.put(id, line);
    if (!this.#inHand) this.#take(line);
  }

  run(command: BoardCommand): void {
    const { lines } = this.column;
    const now = this.#inHand;
    if (command === "next" || command === "previous") {
      const index = neighbour(now ? lines.indexOf(now) : -1, lines.length, command === "next" ? 1 : -1);
      if (index !== undefined) lines[index]?.focus();
      return;
    }
    const id = now?.dataset["id"];
    if (id) void this.#decide(id, command);
  }

  /** Somebody decided, here or elsewhere. */
  gone(id: string): void {
    const line = this.column.find(id);
    if (!line) return;
    const { lines } = this.column;
    const index = lines.indexOf(line);
    const next = lines[index + 1] ?? lines[index - 1];
    const focused = line.contains(document.activeElement);
    this.column.remove(id);
    if (!next || (this.#inHand && !focused)) return;
    this.#take(next);
    if (focused) next.focus();
  }

  get #inHand(): HTMLElement | undefined {
    return this.column.lines.find((line) => line.hasAttribute("aria-current"));
  }

  #take(line: HTMLElement): void {
    this.#inHand?.removeAttribute("aria-current");
    line.setAttribute("aria-current", "true");
  }

  async #decide(id: string, what: "approve" | "remove"): Promise<void> {
    const line = this.column.find(id);
    if (!line || line.hasAttribute("data-busy")) return;
    line.toggleAttribute("data-busy", true);
    const done = await (what === "approve" ? this.#api.approve(id) : this.#api.remove(id));
    line.removeAttribute("data-busy");
    if (done) this.gone(id);
  }
}
