import { ask } from "../dialogs.ts";
import { make } from "../dom.ts";
import type { Rules } from "../room/events.ts";
import { text } from "../texts.ts";
import type { Api, Wish } from "./api.ts";

const LONGEST_SLOW_S = 300;

/** The rules a room would have with one switch turned. Slow mode is a number; none means that chat is simply open. */
export function wishOf(rules: Wish, change: Partial<Wish>): Wish {
  const { chat, slow_s, pre_moderated, danmaku } = { ...rules, ...change };
  const paced = slow_s > 0 ? "slow" : "open";
  return { chat: chat === "closed" ? "closed" : paced, slow_s, pre_moderated, danmaku };
}

/** The switches above the board. What they show is what the server says, not what was clicked. */
export class Switches {
  readonly element: HTMLElement;
  readonly #api: Api;
  readonly #first = make("input", { type: "checkbox" });
  readonly #danmaku = make("input", { type: "checkbox" });
  readonly #slow = make("input", {
    type: "number",
    class: "input input-number",
    min: "0",
    max: String(LONGEST_SLOW_S),
  });
  readonly #kill = make("button", { type: "button", class: "button board-kill" });
  #rules: Wish = { chat: "open", slow_s: 0, pre_moderated: true, danmaku: true };

  constructor(api: Api, cleared: () => void) {
    this.#api = api;
    this.#first.addEventListener("change", () => void this.#wish({ pre_moderated: this.#first.checked }));
    this.#danmaku.addEventListener("change", () => void this.#wish({ danmaku: this.#danmaku.checked }));
    this.#slow.addEventListener("change", () => {
      const seconds = Math.min(LONGEST_SLOW_S, Math.max(0, Math.round(this.#slow.valueAsNumber || 0)));
      void this.#wish({ slow_s: seconds });
    });
    this.#kill.addEventListener("click", () => void this.#toggleChat());
    const clear = make("button", { type: "button", class: "button button-quiet" }, text("board_clear"));
    clear.addEventListener("click", () => void this.#clear(cleared));
    this.element = make(
      "div",
      { class: "board-switches", role: "group" },
      make("label", { class: "choice" }, this.#first, make("span", {}, text("board_pre_moderated"))),
      make("label", { class: "choice" }, this.#danmaku, make("span", {}, text("danmaku"))),
      make("label", { class: "board-slow" }, text("board_slow"), this.#slow, text("live_seconds")),
      make("span", { class: "grow" }),
      clear,
      this.#kill,
    );
    this.element.setAttribute("aria-label", text("board_switches"));
    this.#show();
  }

  set rules(rules: Rules) {
    this.#rules = rules;
    this.#show();
  }

  async #wish(change: Partial<Wish>): Promise<void> {
    const wish = wishOf(this.#rules, change);
    if (await this.#api.rule(wish)) this.#rules = wish;
    this.#show();
  }

  async #toggleChat(): Promise<void> {
    const closed = this.#rules.chat === "closed";
    if (!closed && !(await ask(text("board_close_ask"), text("board_close")))) return;
    await this.#wish({ chat: closed ? "open" : "closed" });
  }

  async #clear(cleared: () => void): Promise<void> {
    if (!(await ask(text("board_clear_ask"), text("board_clear")))) return;
    if (await this.#api.clear()) cleared();
  }

  #show(): void {
    const closed = this.#rules.chat === "closed";
    this.#first.checked = this.#rules.pre_moderated;
    this.#danmaku.checked = this.#rules.danmaku;
    if (document.activeElement !== this.#slow) this.#slow.value = String(this.#rules.slow_s);
    this.#kill.textContent = text(closed ? "board_reopen" : "board_close");
    this.#kill.classList.toggle("button-danger", !closed);
    this.element.toggleAttribute("data-closed", closed);
  }
}
