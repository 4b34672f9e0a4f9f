import { ask } from "../dialogs.ts";
import { iconButton, make } from "../dom.ts";
import type { EventOf } from "../room/events.ts";
import { timeOfDay } from "../room/moment.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";
import type { Api } from "./api.ts";
import { Column, flies, said } from "./column.ts";

const MOST = 120;
const MUTE_MINUTES = 10;
const NEAR_PX = 60;

/** What everyone sees, with the ways to take it back. */
export class Shown {
  readonly column = new Column(text("board_shown"), text("board_shown_empty"));
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  add(message: EventOf<"message">): void {
    const frame = this.column.list.parentElement;
    const stick = frame !== null && frame.scrollHeight - frame.scrollTop - frame.clientHeight < NEAR_PX;
    const { id, name, text: words, at, danmaku } = message;
    const acts = make(
      "div",
      { class: "board-acts board-acts-quiet" },
      this.#button("trash-2", text("board_remove"), () => this.#remove(id)),
      this.#button("clock", text("board_mute"), () => this.#mute(id, name)),
      this.#button("ban", text("board_ban"), () => this.#ban(id, name)),
    );
    this.column.put(id, make("li", { class: "board-line" }, said(name, words, timeOfDay(at), flies(danmaku)), acts));
    while (this.column.list.childElementCount > MOST) this.column.list.firstElementChild?.remove();
    this.column.changed();
    if (stick && frame) frame.scrollTop = frame.scrollHeight;
  }

  #button(icon: string, label: string, run: () => Promise<void>): HTMLButtonElement {
    const button = iconButton(icon, label);
    button.addEventListener("click", () => void run());
    return button;
  }

  async #remove(id: string): Promise<void> {
    if (await this.#api.remove(id)) this.column.remove(id);
  }

  async #mute(id: string, name: string): Promise<void> {
    if (await this.#api.ban(id, MUTE_MINUTES)) toast(text("board_muted", { name, n: MUTE_MINUTES }));
  }

  /** For good, so it asks. */
  async #ban(id: string, name: string): Promise<void> {
    if (!(await ask(text("board_ban_ask", { name }), text("board_ban")))) return;
    if (await this.#api.ban(id, null)) toast(text("board_banned", { name }));
  }
}
