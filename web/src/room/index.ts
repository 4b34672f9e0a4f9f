import { make } from "../dom.ts";
import { Refused, request, sendJson } from "../http.ts";
import type { KjPlayer } from "../player/index.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";
import { watchingWords } from "../watching.ts";
import { Ask } from "./ask.ts";
import { Chat } from "./chat.ts";
import { Composer } from "./composer.ts";
import { Danmaku } from "./danmaku.ts";
import type { EventOf, Reaction, RoomEvent } from "./events.ts";
import { Line } from "./line.ts";
import { Outbox, type Taken } from "./outbox.ts";
import { Questions } from "./questions.ts";
import { Reactions } from "./reactions.ts";
import "./room.css";
import { Tabs } from "./tabs.ts";
import { Votes } from "./votes.ts";

/**
 * `<kj-room src="/rooms/ID" me="own name" signed-in can-ask sign-in="/sign-in?next=…" transport="files">`: what
 * the audience of a broadcast says and asks. `transport` is `files` where sockets are too many from the start.
 *
 * Tells the page `kj:room-state` (the broadcast's state, heard before anyone asks for it).
 */
export class KjRoom extends HTMLElement {
  #line: Line | undefined;
  #chat: Chat | undefined;
  #questions: Questions | undefined;
  #composer: Composer | undefined;
  #danmaku: Danmaku | undefined;
  #clapsOneIn = 1;
  readonly #reactions = new Reactions((kind) => void this.#react(kind));
  readonly #watching = make("span", { class: "room-watching" });
  readonly #tabs = new Tabs(text("room"), (index) => this.#seen(index));

  connectedCallback(): void {
    const src = this.getAttribute("src");
    if (this.#line || !src) return;
    const signedIn = this.hasAttribute("signed-in");
    const outbox = this.#outbox(src);
    const votes = new Votes(src);
    this.#chat = new Chat(this.getAttribute("me") ?? "");
    this.#questions = new Questions({
      mayVote: signedIn,
      voted: (id) => votes.has(id),
      vote: (id, up) => {
        votes.set(id, up);
        void this.#vote(id, up).catch(() => votes.set(id, !up));
      },
    });
    this.#composer = new Composer({
      signedIn,
      signIn: this.getAttribute("sign-in") ?? "/sign-in",
      send: (words, danmaku) => this.#chat?.pending(outbox.send(words, danmaku)),
    });
    this.#line = new Line(this, outbox, (events, first) => this.#take(events, first));
    this.#build(src, this.#line.status, signedIn);
    for (const draft of outbox.drafts) this.#chat?.pending(draft);
    void customElements.whenDefined("kj-player").then(() => this.#overPicture());
    this.#line.start();
  }

  disconnectedCallback(): void {
    this.#line?.stop();
  }

  get #src(): string {
    return this.getAttribute("src") ?? "";
  }

  #build(src: string, status: HTMLElement, signedIn: boolean): void {
    const composer = this.#composer?.element ?? null;
    const chat = make("div", { class: "room-panel" }, this.#chat?.element ?? null, this.#reactions.element, composer);
    const ask = this.hasAttribute("can-ask") && signedIn ? new Ask(src).element : null;
    const questions = make("div", { class: "room-panel" }, this.#questions?.element ?? null, ask);
    this.#tabs.add(text("room_chat"), chat);
    this.#tabs.add(text("room_questions"), questions);
    this.replaceChildren(make("div", { class: "room-head" }, this.#tabs.bar, this.#watching), status, chat, questions);
  }

  #outbox(src: string): Outbox {
    return new Outbox(src, {
      post: async (draft) => (await (await sendJson(`${src}/messages`, "POST", draft)).json()) as Taken,
      taken: (draft, answer) =>
        this.#chat?.taken(draft, answer, answer.seq !== null && answer.seq <= (this.#line?.last ?? 0)),
      refused: (draft, refusal) => {
        this.#chat?.refused(draft);
        this.#composer?.giveBack(draft.text, refusal.message, refusal.retryAfterS);
      },
    });
  }

  #overPicture(): void {
    const player = document.querySelector<KjPlayer>("kj-player");
    const video = player?.querySelector("video");
    if (player && video && !this.#danmaku) this.#danmaku = new Danmaku(player, video);
  }

  /** `first`: what had been said before this line opened; nobody wants to see an hour fly past. */
  #take(events: readonly RoomEvent[], first: boolean): void {
    const messages = events.filter((event): event is EventOf<"message"> => event.kind === "message");
    const flies = !first || messages.length === 1;
    this.#chat?.add(messages);
    for (const event of events) {
      if (event.kind === "message" && event.danmaku && flies) this.#danmaku?.show(event.text, event.mine);
      else if (event.kind !== "message") this.#happened(event);
    }
    this.#tabs.count(1, this.#questions?.open ?? 0);
  }

  #happened(event: Exclude<RoomEvent, { kind: "message" }>): void {
    if (event.kind === "removed") this.#chat?.remove(event.id);
    if (event.kind === "cleared") {
      this.#chat?.clear();
      this.#danmaku?.clear();
    }
    if (event.kind === "reactions") this.#reactions.add(event.counts);
    if (event.kind === "presence") this.#count(event.watching, event.error);
    if (event.kind === "question") this.#questions?.put(event);
    if (event.kind === "question_removed") this.#questions?.remove(event.id);
    if (event.kind === "state") document.dispatchEvent(new CustomEvent("kj:room-state", { detail: event }));
    if (event.kind === "muted" && this.#composer) this.#composer.mutedUntil = event.until;
    if (event.kind === "rules") {
      this.#clapsOneIn = event.claps_one_in ?? 1;
      if (this.#composer) this.#composer.rules = event;
      if (this.#danmaku) this.#danmaku.allowed = event.danmaku;
    }
  }

  /** Where the page has a place for it, once is enough. */
  #count(watching: number, error = 0): void {
    const words = watchingWords(watching, error);
    const places = document.querySelectorAll("[data-live-watching]");
    for (const place of places) place.textContent = words;
    this.#watching.textContent = places.length > 0 ? "" : words;
  }

  #seen(index: number): void {
    if (index === 0) this.#chat?.shown();
  }

  async #react(kind: Reaction): Promise<void> {
    if (Math.random() * this.#clapsOneIn >= 1) return;
    const clap = this.#clapsOneIn > 1 ? { kind, one_in: this.#clapsOneIn } : { kind };
    // Applause that is lost is lost.
    await sendJson(`${this.#src}/reactions`, "POST", clap).catch(() => undefined);
  }

  async #vote(id: string, up: boolean): Promise<void> {
    try {
      await request(`${this.#src}/questions/${encodeURIComponent(id)}/votes`, { method: up ? "POST" : "DELETE" });
    } catch (error) {
      toast(error instanceof Refused ? error.message : text("room_vote_failed"));
      throw error;
    }
  }
}

/** The element starts itself. */
export function start(_root: ParentNode): void {
  if (!customElements.get("kj-room")) customElements.define("kj-room", KjRoom);
}
