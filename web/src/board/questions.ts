import { ask } from "../dialogs.ts";
import { make } from "../dom.ts";
import type { Question } from "../room/events.ts";
import { timeOfDay } from "../room/moment.ts";
import { text } from "../texts.ts";
import type { Api } from "./api.ts";
import { act, Column, said } from "./column.ts";
import { forBoard } from "./question-order.ts";

/** Questions: what to let through, what to answer next, what is answered. */
export class BoardQuestions {
  readonly column = new Column(text("room_questions"), text("board_questions_empty"));
  readonly #api: Api;
  readonly #questions = new Map<string, Question>();

  constructor(api: Api) {
    this.#api = api;
  }

  put(question: Question): void {
    const known = this.#questions.get(question.id);
    this.#questions.set(question.id, question);
    const line = this.column.find(question.id);
    // Another vote must not throw away an answer that is being written.
    if (line && known?.state === question.state)
      line.querySelector(".board-votes")?.replaceChildren(this.#votes(question));
    else this.column.put(question.id, this.#line(question));
    this.#arrange();
  }

  remove(id: string): void {
    this.#questions.delete(id);
    this.column.remove(id);
  }

  #arrange(): void {
    const order = forBoard(this.#questions.values());
    for (const line of this.column.lines) {
      if (!order.some(({ id }) => id === line.dataset["id"])) line.remove();
    }
    // While somebody is at work in the column nothing moves under their hands.
    if (!this.column.list.contains(document.activeElement)) {
      for (const { id } of order) this.column.list.append(this.column.find(id) ?? "");
    }
    this.column.changed();
  }

  #votes({ votes, state }: Question): string {
    return state === "waiting" ? text("room_waiting") : text("board_votes", { n: votes });
  }

  #line(question: Question): HTMLElement {
    const line = make("li", { class: "board-line board-question", "data-state": question.state });
    const votes = make("p", { class: "board-votes" }, this.#votes(question));
    const acts = make("div", { class: "board-acts" }, ...this.#acts(question, line));
    const answer = make("p", { class: "board-answer" }, question.answer ?? text("room_answered_aloud"));
    answer.hidden = question.state !== "answered";
    line.append(said(question.name, question.text, timeOfDay(question.at)), votes, answer, acts);
    return line;
  }

  #acts({ id, state }: Question, line: HTMLElement): HTMLElement[] {
    const remove = act(text("board_remove"), async () => {
      if (!(await ask(text("board_question_remove_ask"), text("board_remove")))) return;
      if (await this.#api.removeQuestion(id)) this.remove(id);
    });
    if (state === "waiting") return [act(text("board_show"), () => this.#api.show(id), ""), remove];
    if (state === "answered") return [remove];
    return [
      act(text("board_aloud"), () => this.#api.answeredAloud(id), ""),
      act(text("board_answer"), async () => this.#open(line, this.#answerForm(id))),
      act(text("board_merge"), async () => this.#open(line, this.#mergeForm(id))),
      remove,
    ];
  }

  /** One form at a time in a line; the same button closes it. */
  #open(line: HTMLElement, form: HTMLElement): void {
    const there = line.querySelector<HTMLElement>(".board-form");
    there?.remove();
    if (there?.dataset["kind"] === form.dataset["kind"]) return;
    line.append(form);
    form.querySelector<HTMLElement>("textarea, select")?.focus();
  }

  #answerForm(id: string): HTMLElement {
    const words = make("textarea", { class: "input", rows: "3", maxlength: "2000", required: true });
    words.setAttribute("aria-label", text("board_answer_label"));
    return this.#form("answer", words, text("board_answer_send"), () => this.#api.answer(id, words.value.trim()));
  }

  #mergeForm(id: string): HTMLElement {
    const others = forBoard(this.#questions.values()).filter((other) => other.id !== id && other.state === "shown");
    const into = make(
      "select",
      { class: "input", required: true },
      make("option", { value: "" }, text("board_merge_into")),
    );
    into.setAttribute("aria-label", text("board_merge_into"));
    for (const other of others) into.append(make("option", { value: other.id }, other.text));
    return this.#form("merge", into, text("board_merge_do"), () => this.#api.merge(id, into.value));
  }

  #form(kind: string, field: HTMLElement, name: string, run: () => Promise<boolean>): HTMLElement {
    const button = make("button", { class: "button button-small" }, name);
    const form = make("form", { class: "board-form", "data-kind": kind }, field, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      button.setAttribute("aria-busy", "true");
      void run().then((done) => {
        button.removeAttribute("aria-busy");
        if (done) form.remove();
      });
    });
    return form;
  }
}
