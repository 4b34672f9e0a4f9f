import { icon, make } from "../dom.ts";
import { type TextKey, text } from "../texts.ts";
import type { Item, Photo, Standing } from "./model.ts";
import { standing } from "./queue.ts";

const SAYS: Record<Standing, [icon: string, title: TextKey, text: TextKey]> = {
  draft: ["pencil", "held_is_draft", "held_after_waiting"],
  waiting: ["cloud-off", "held_after_kept", "held_after_waiting"],
  sending: ["upload", "held_after_sending", "held_after_sending_text"],
  sent: ["circle-check", "held_after_sent", "held_after_sent_text"],
  refused: ["circle-alert", "held_after_refused", "held_after_refused_text"],
  conflict: ["git-merge", "held_conflict_title", "held_conflict_short"],
};

/** What stands in place of the form once it is saved: what became of it, and what to do next. */
export class After {
  readonly #place = make("section", { class: "held-after", role: "status", tabindex: "-1" });
  #item = "";
  /** Begins another one. */
  onNext: () => void = () => undefined;
  /** Opens it again. */
  onEdit: (item: string) => void = () => undefined;

  get element(): HTMLElement {
    return this.#place;
  }

  /** Which one it is about; none hides it. */
  about(item: string): void {
    this.#item = item;
    this.#place.hidden = item === "";
    delete this.#place.dataset["standing"];
  }

  read(items: readonly Item[], photos: readonly Photo[], sending: string): void {
    const item = items.find(({ id }) => id === this.#item);
    if (!item || this.#item === "") return;
    const now = standing(item, photos, sending);
    const known = `${now} ${item.id} ${item.seen > 0}`;
    if (this.#place.dataset["standing"] === known) return;
    this.#place.dataset["standing"] = known;
    this.#place.dataset["look"] = now;
    const [picture, title, words] = SAYS[now];
    const troubled = now === "refused" || now === "conflict";
    const look = (first: boolean) => `button button-wide${first ? " button-primary" : ""}`;
    const edits = text(now === "conflict" ? "held_after_settle" : "held_after_edit");
    const next = this.#button(look(!troubled), "plus", text("held_after_next"), () => this.onNext());
    const edit = this.#button(look(troubled), "pencil", edits, () => this.onEdit(item.id));
    const show = make("a", { class: look(false), href: `/held-sessions/${item.id}` }, text("held_after_show"));
    const actions = troubled ? [edit, next] : [next, now === "sent" ? show : edit];
    this.#place.replaceChildren(
      make("span", { class: "held-after-seal" }, icon(picture)),
      make("h2", {}, text(title)),
      make("p", {}, text(words)),
      make("div", { class: "held-after-actions" }, ...actions),
    );
  }

  #button(look: string, picture: string, words: string, press: () => void): HTMLButtonElement {
    const button = make("button", { type: "button", class: look }, icon(picture), words);
    button.addEventListener("click", press);
    return button;
  }
}
