import { isTyping, make } from "../dom.ts";
import type { RoomEvent } from "../room/events.ts";
import { Line } from "../room/line.ts";
import { text } from "../texts.ts";
import { watchingWords } from "../watching.ts";
import { Api } from "./api.ts";
import "./board.css";
import { boardCommand } from "./keys.ts";
import { BoardQuestions } from "./questions.ts";
import { Shown } from "./shown.ts";
import { Switches } from "./switches.ts";
import { Waiting } from "./waiting.ts";

/**
 * `<kj-board src="/rooms/ID">` with `<script type="application/json" class="room-told">` inside (what was told so far): the host's moderation board. Three columns and the switches above them; J and K
 * move among what waits, A lets through, D removes. Hears the room with `board=1`, and tells the page `kj:room-state`.
 */
export class KjBoard extends HTMLElement {
  #line: Line | undefined;
  #waiting: Waiting | undefined;
  #shown: Shown | undefined;
  #questions: BoardQuestions | undefined;
  #switches: Switches | undefined;

  connectedCallback(): void {
    const src = this.getAttribute("src");
    if (this.#line || !src) return;
    const api = new Api(src);
    const shown = new Shown(api);
    this.#waiting = new Waiting(api);
    this.#shown = shown;
    this.#questions = new BoardQuestions(api);
    this.#switches = new Switches(api, () => shown.column.clear());
    this.#line = new Line(this, undefined, (events) => {
      for (const event of events) this.#happened(event);
    });
    const columns = [this.#waiting.column.element, shown.column.element, this.#questions.column.element];
    const keys = make("p", { class: "board-keys" }, ...this.#keys());
    this.replaceChildren(
      this.#switches.element,
      this.#line.status,
      make("div", { class: "board-columns" }, ...columns),
      keys,
    );
    document.addEventListener("keydown", this.#key);
    this.#line.start();
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.#key);
    this.#line?.stop();
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    // The preview's player has keys of its own.
    if (event.target instanceof Element && event.target.closest("kj-player")) return;
    const command = boardCommand(event);
    if (!command) return;
    event.preventDefault();
    this.#waiting?.run(command);
  };

  #keys(): HTMLElement[] {
    const keys = [
      ["J K", text("board_key_move")],
      ["A", text("board_approve")],
      ["D", text("board_remove")],
    ] as const;
    return keys.map(([key, name]) => make("span", {}, make("kbd", {}, key), name));
  }

  #count(watching: number, error = 0): void {
    for (const place of document.querySelectorAll("[data-room-watching]")) {
      place.textContent = watchingWords(watching, error);
    }
  }

  #happened(event: RoomEvent): void {
    if (event.kind === "waiting") this.#waiting?.add(event);
    if (event.kind === "message") {
      this.#waiting?.gone(event.id);
      this.#shown?.add(event);
    }
    if (event.kind === "removed") {
      this.#waiting?.gone(event.id);
      this.#shown?.column.remove(event.id);
    }
    if (event.kind === "cleared") this.#shown?.column.clear();
    if (event.kind === "question") this.#questions?.put(event);
    if (event.kind === "question_removed") this.#questions?.remove(event.id);
    if (event.kind === "rules" && this.#switches) this.#switches.rules = event;
    if (event.kind === "presence") this.#count(event.watching, event.error);
    if (event.kind === "state") document.dispatchEvent(new CustomEvent("kj:room-state", { detail: event }));
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-board")) customElements.define("kj-board", KjBoard);
}
