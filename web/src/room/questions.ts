import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";
import type { Question } from "./events.ts";
import { timeOfDay } from "./moment.ts";
import { inOrder } from "./question-order.ts";
import "./questions.css";

/** Votes pour in; the list may not dance under a finger. */
const SETTLE_MS = 1500;

export interface Poll {
  /** Whether this reader voted for it. */
  voted(id: string): boolean;
  vote(id: string, up: boolean): void;
  /** Votes are for those who signed in. */
  mayVote: boolean;
}

/** The list of questions to the lecturer. */
export class Questions {
  readonly element: HTMLElement;
  readonly #poll: Poll;
  readonly #list = make("ol", { class: "question-list" });
  readonly #empty = make("p", { class: "room-empty" }, text("room_questions_empty"));
  readonly #questions = new Map<string, Question>();
  readonly #lines = new Map<string, HTMLElement>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(poll: Poll) {
    this.#poll = poll;
    this.element = make("div", { class: "question-frame", tabindex: "0" }, this.#empty, this.#list);
    this.element.setAttribute("role", "region");
    this.element.setAttribute("aria-label", text("room_questions"));
  }

  /** How many wait for an answer. */
  get open(): number {
    return [...this.#questions.values()].filter(({ state }) => state === "shown").length;
  }

  put(question: Question): void {
    const known = this.#questions.get(question.id);
    this.#questions.set(question.id, question);
    const line = this.#lines.get(question.id);
    if (line) this.#fill(line, question);
    // News is shown at once, another vote waits for a calm moment.
    if (known?.state === question.state) this.#timer ??= setTimeout(() => this.#arrange(), SETTLE_MS);
    else this.#arrange();
  }

  remove(id: string): void {
    this.#questions.delete(id);
    this.#arrange();
  }

  #arrange(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const order = inOrder(this.#questions.values());
    this.#empty.hidden = order.length > 0;
    for (const [id, line] of this.#lines) {
      if (order.some((question) => question.id === id)) continue;
      line.remove();
      this.#lines.delete(id);
    }
    const focused = document.activeElement;
    order.forEach((question, index) => {
      const line = this.#lines.get(question.id) ?? this.#make(question);
      // Moved only when it must: a node that moves loses its focus.
      if (this.#list.children[index] !== line) this.#list.insertBefore(line, this.#list.children[index] ?? null);
    });
    if (focused instanceof HTMLElement && this.#list.contains(focused)) focused.focus({ preventScroll: true });
  }

  #make(question: Question): HTMLElement {
    const line = make("li", { class: "question" });
    this.#lines.set(question.id, line);
    this.#fill(line, question);
    return line;
  }

  #fill(line: HTMLElement, question: Question): void {
    line.dataset["state"] = question.state;
    const vote = line.querySelector<HTMLButtonElement>(".vote") ?? this.#vote(question.id);
    vote.querySelector(".vote-count")?.replaceChildren(question.votes.toLocaleString());
    vote.setAttribute("aria-label", text("room_vote", { n: question.votes, question: question.text }));
    vote.setAttribute("aria-pressed", String(this.#poll.voted(question.id)));
    vote.disabled = !this.#poll.mayVote || question.state !== "shown";
    const body = make(
      "div",
      { class: "question-body" },
      make("p", { class: "question-text" }, question.text),
      make("p", { class: "meta" }, make("span", {}, question.name), make("span", {}, timeOfDay(question.at))),
    );
    if (question.state === "answered") body.append(this.#answer(question));
    if (vote.parentElement !== line) line.replaceChildren(vote);
    line.querySelector(".question-body")?.remove();
    line.append(body);
  }

  #vote(id: string): HTMLButtonElement {
    const button = make("button", { type: "button", class: "vote" }, icon("arrow-big-up"));
    button.append(make("span", { class: "vote-count" }));
    button.addEventListener("click", () => {
      const question = this.#questions.get(id);
      const up = button.getAttribute("aria-pressed") !== "true";
      this.#poll.vote(id, up);
      if (question) this.put({ ...question, votes: Math.max(0, question.votes + (up ? 1 : -1)) });
    });
    return button;
  }

  #answer({ answer }: Question): HTMLElement {
    const how = make(
      "span",
      { class: "question-answered" },
      icon("check"),
      text(answer ? "room_answered" : "room_answered_aloud"),
    );
    return make("div", { class: "question-answer" }, how, answer ? make("p", {}, answer) : null);
  }
}
