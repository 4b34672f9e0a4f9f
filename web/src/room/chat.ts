import { make } from "../dom.ts";
import { text } from "../texts.ts";
import { Announcer } from "./announcer.ts";
import type { EventOf } from "./events.ts";
import { timeOfDay } from "./moment.ts";
import type { Draft, Taken } from "./outbox.ts";

/** More is not read, and costs memory all evening. */
const MOST = 200;
/** Whoever is this close to the end reads the end. */
const NEAR_PX = 48;

type Message = EventOf<"message">;

/** The list of what is said. */
export class Chat {
  readonly element: HTMLElement;
  readonly #list = make("ol", { class: "chat-list" });
  readonly #frame = make("div", { class: "chat-frame", role: "log", "aria-live": "off", tabindex: "0" }, this.#list);
  readonly #more = make("button", { type: "button", class: "button button-small chat-more", hidden: true });
  readonly #empty = make("p", { class: "room-empty" }, text("room_chat_empty"));
  readonly #announcer = new Announcer();
  readonly #me: string;
  #unread = 0;
  /** Whether the reader reads the end. */
  #follows = true;

  constructor(me: string) {
    this.#me = me;
    this.#frame.setAttribute("aria-label", text("room_chat"));
    this.#frame.append(this.#empty);
    this.#more.addEventListener("click", () => this.#toEnd());
    this.#frame.addEventListener("scroll", () => {
      this.#follows = this.#isAtEnd();
      if (this.#follows) this.#read();
    });
    this.element = make("div", { class: "chat" }, this.#frame, this.#more, this.#announcer.element);
  }

  add(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    const lines = messages.map((message) => {
      this.#settle(message);
      return this.#line(message.name, message.text, { "data-id": message.id }, message.at);
    });
    // What waits for an answer stays below what has one.
    const pending = this.#list.querySelector(".chat-line[data-client]");
    if (pending) pending.before(...lines);
    else this.#list.append(...lines);
    while (this.#list.childElementCount > MOST) this.#list.firstElementChild?.remove();
    this.#changed(this.#follows, messages.length);
    const last = messages.at(-1);
    if (last) this.#announcer.note(messages.length, `${last.name}: ${last.text}`);
  }

  /** It was hidden and is seen again: a hidden list cannot scroll. */
  shown(): void {
    if (this.#follows) this.#toEnd();
  }

  remove(id: string): void {
    this.#find("data-id", id)?.remove();
    this.#changed(false, 0);
  }

  clear(): void {
    for (const line of this.#list.querySelectorAll(".chat-line[data-id]")) line.remove();
    this.#changed(false, 0);
  }

  /** Shows what is on its way. */
  pending(draft: Draft): void {
    const line = this.#line(this.#me, draft.text, { "data-client": draft.client_id, "data-state": "sending" });
    line.append(make("span", { class: "chat-state" }, text("room_sending")));
    this.#list.append(line);
    this.#changed(true, 0);
  }

  /** The server has it; `seen` says that its event was here before the answer. */
  taken(draft: Draft, answer: Taken, seen: boolean): void {
    const line = this.#find("data-client", draft.client_id);
    if (!line) return;
    if (answer.state === "shown" && seen) return line.remove();
    line.dataset["state"] = answer.state;
    if (answer.seq !== null) line.dataset["seq"] = String(answer.seq);
    const words = answer.state === "waiting" ? text("room_waiting") : "";
    line.querySelector(".chat-state")?.replaceChildren(words);
  }

  refused(draft: Draft): void {
    this.#find("data-client", draft.client_id)?.remove();
    this.#changed(false, 0);
  }

  /** The line that stood for an own message goes when the message itself comes. */
  #settle(message: Message): void {
    const bySeq = this.#find("data-seq", String(message.seq));
    if (bySeq) return bySeq.remove();
    if (message.mine !== true && message.name !== this.#me) return;
    const pending = [...this.#list.querySelectorAll<HTMLElement>(".chat-line[data-client]")];
    pending.find((line) => line.querySelector(".chat-text")?.textContent === message.text)?.remove();
  }

  #find(name: string, value: string): HTMLElement | null {
    return this.#list.querySelector<HTMLElement>(`[${name}="${CSS.escape(value)}"]`);
  }

  #line(name: string, words: string, attributes: Record<string, string>, at?: number): HTMLElement {
    const line = make(
      "li",
      { class: "chat-line", ...attributes },
      make("span", { class: "chat-name" }, name),
      make("span", { class: "chat-text" }, words),
    );
    if (at !== undefined) line.append(make("time", { datetime: new Date(at).toISOString() }, timeOfDay(at)));
    return line;
  }

  #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#frame;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #toEnd(): void {
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#read();
  }

  #read(): void {
    this.#unread = 0;
    this.#more.hidden = true;
  }

  #changed(stick: boolean, added: number): void {
    this.#empty.hidden = this.#list.childElementCount > 0;
    if (stick) return this.#toEnd();
    if (added === 0) return;
    this.#unread += added;
    this.#more.textContent = text("room_new", { n: this.#unread });
    this.#more.hidden = false;
  }
}
