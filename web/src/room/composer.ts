import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";
import type { Rules } from "./events.ts";
import { coolAfter, mayWrite } from "./may-write.ts";
import { timeOfDay } from "./moment.ts";

const MOST_LETTERS = 200;

export interface Desk {
  signedIn: boolean;
  /** Where to sign in. */
  signIn: string;
  send(text: string, danmaku: boolean): void;
}

/** The line one writes in, and why one may not. */
export class Composer {
  readonly element: HTMLElement;
  readonly #desk: Desk;
  readonly #input = make("input", { class: "input", maxlength: String(MOST_LETTERS), autocomplete: "off" });
  readonly #send = make("button", { class: "button room-send" }, icon("send"), text("room_send"));
  readonly #danmaku = make("input", { type: "checkbox" });
  readonly #danmakuLine = make("label", { class: "choice" }, this.#danmaku, make("span", {}, text("room_as_danmaku")));
  readonly #note = make("p", { class: "room-note", role: "status" });
  readonly #form: HTMLFormElement;
  #rules: Rules | undefined;
  #mutedUntil = 0;
  #coolUntil = 0;
  #complaint = "";
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#input.setAttribute("aria-label", text("room_write"));
    this.#input.placeholder = text("room_write");
    this.#form = make(
      "form",
      { class: "room-form" },
      make("div", { class: "room-write" }, this.#input, this.#send),
      this.#danmakuLine,
    );
    this.#input.addEventListener("input", () => {
      if (this.#complaint === "") return;
      this.#complaint = "";
      this.#show();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.element = make("div", { class: "room-foot" }, this.#note, this.#form);
    this.#show();
  }

  set rules(rules: Rules) {
    this.#rules = rules;
    this.#show();
  }

  /** `null`: for good. */
  set mutedUntil(until: number | null) {
    this.#mutedUntil = until ?? Number.POSITIVE_INFINITY;
    this.#show();
  }

  /** Gives refused words back to their writer, unless something else is being written. */
  giveBack(words: string, reason: string, retryAfterS: number): void {
    if (this.#input.value === "") this.#input.value = words;
    if (retryAfterS > 0) this.#coolUntil = Date.now() + retryAfterS * 1000;
    this.#complaint = reason;
    this.#show();
  }

  #submit(): void {
    const words = this.#input.value.trim();
    if (words === "" || mayWrite(this.#writer, Date.now()).state !== "open") return;
    this.#input.value = "";
    this.#complaint = "";
    this.#coolUntil = Date.now() + coolAfter(this.#rules) * 1000;
    this.#desk.send(words, this.#danmaku.checked && !this.#danmakuLine.hidden);
    this.#show();
  }

  get #writer() {
    const { signedIn } = this.#desk;
    return { signedIn, rules: this.#rules, mutedUntil: this.#mutedUntil, coolUntil: this.#coolUntil };
  }

  #show(): void {
    const may = mayWrite(this.#writer, Date.now());
    const waits = may.state === "cooling" || (may.state === "muted" && Number.isFinite(may.seconds));
    this.#form.hidden = may.state !== "open" && may.state !== "cooling";
    this.#danmakuLine.hidden = this.#rules?.danmaku === false;
    // Disabled it would lose the focus of who just sent.
    this.#send.setAttribute("aria-disabled", String(may.state === "cooling"));
    this.#note.replaceChildren(...this.#reason(may));
    this.#note.hidden = this.#note.childNodes.length === 0;
    if (waits) this.#timer ??= setInterval(() => this.#show(), 1000);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #reason(may: ReturnType<typeof mayWrite>): (Node | string)[] {
    if (may.state === "closed") return [text("room_closed")];
    if (may.state === "sign_in") {
      return [make("a", { class: "button button-wide", href: this.#desk.signIn }, text("room_sign_in"))];
    }
    if (may.state === "muted") {
      return [
        Number.isFinite(may.seconds) ? text("room_muted", { until: timeOfDay(this.#mutedUntil) }) : text("room_banned"),
      ];
    }
    // Counting aloud every second would drown the reader.
    const count =
      may.state === "cooling"
        ? make("span", { "aria-hidden": "true" }, text("room_cooling", { n: may.seconds }))
        : null;
    const standing = this.#complaint || this.#standing();
    return [standing, count].filter((part) => part !== null && part !== "") as (Node | string)[];
  }

  #standing(): string {
    if (this.#rules?.pre_moderated) return text("room_pre_moderated");
    if (this.#rules?.chat === "slow") return text("room_slow", { n: this.#rules.slow_s });
    return "";
  }
}
