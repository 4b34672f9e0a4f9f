import { icon, make } from "./dom.ts";
import { clock } from "./format.ts";
import { isEmpty, keptNotes, type Note } from "./kept-notes.ts";
import { playerOf } from "./moments.ts";
import { text } from "./texts.ts";

/**
 * Notes pinned to moments: `[data-notes]`, whose rows are sent with the form named by `data-form`.
 *
 * What is not sent yet is kept on this device under `data-keep` (one reader, one stay of the submission) together with the
 * opinion beside it, and stands there again when the page is opened the next time.
 */
export function startNotes(): void {
  const list = document.querySelector<HTMLElement>("[data-notes]");
  if (!list) return;
  const key = list.dataset["keep"] ?? "";
  const keep = (sent = false) => keptNotes.keep(key, { ...written(list), written_ms: Date.now(), sent });
  // A refused form brings its notes back by itself, and knows them better.
  if (isEmpty(written(list))) restore(list, key);
  else keep();
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-note-add]")) pinNote();
    target?.closest("[data-note-remove]")?.closest(".note")?.remove();
    if (target?.closest("[data-note-add], [data-note-remove]")) keep();
  });
  for (const place of [list, opinion()]) place?.addEventListener("input", () => keep());
  form(list)?.addEventListener("submit", () => keep(true));
}

/** Adds a row at the player's moment and lets the words be typed. */
export function pinNote(): void {
  const list = document.querySelector<HTMLElement>("[data-notes]");
  const player = playerOf();
  if (!list || !player) return;
  const row = addRow(list, { at_ms: player.currentTimeMs, text: "" });
  row.querySelector<HTMLInputElement>("input.input")?.focus();
}

function form(list: HTMLElement): HTMLElement | null {
  return document.getElementById(list.dataset["form"] ?? "");
}

function opinion(): HTMLTextAreaElement | null {
  return document.querySelector<HTMLTextAreaElement>("textarea#opinion");
}

function written(list: HTMLElement): { notes: Note[]; opinion: string } {
  const values = (name: string) =>
    [...list.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)].map(({ value }) => value);
  const moments = values("note_at_ms").map(Number);
  const notes = values("note_text").map((words, n) => ({ at_ms: moments[n] ?? 0, text: words }));
  return { notes, opinion: opinion()?.value ?? "" };
}

/** A row `note_at_ms` and `note_text` of the form. */
function addRow(list: HTMLElement, note: Note): HTMLElement {
  const named = list.dataset["form"];
  const owner: Record<string, string> = named ? { form: named } : {};
  const seconds = note.at_ms / 1000;
  const words = make("input", {
    class: "input",
    name: "note_text",
    "aria-label": text("note_text"),
    maxlength: "500",
    value: note.text,
    ...owner,
  });
  const label = text("note_remove");
  const remove = make(
    "button",
    { type: "button", class: "button button-icon", "aria-label": label, "data-note-remove": true },
    icon("x"),
  );
  const href = `?t=${Math.floor(seconds)}`;
  const moment = make("a", { class: "moment", href, "data-at-ms": String(note.at_ms) }, clock(seconds));
  const hidden = make("input", { type: "hidden", name: "note_at_ms", value: String(note.at_ms), ...owner });
  const row = make("li", { class: "note" }, moment, words, remove, hidden);
  list.append(row);
  return row;
}

function restore(list: HTMLElement, key: string): void {
  const kept = keptNotes.read(key);
  if (!kept || isEmpty(kept)) return;
  const field = opinion();
  for (const note of kept.notes) addRow(list, note);
  if (field) field.value = kept.opinion;
  const discard = make("button", { type: "button", class: "button button-small" }, text("notes_discard"));
  const notice = make(
    "div",
    { class: "notice", role: "status" },
    icon("info"),
    make("p", { class: "notice-title" }, text("notes_restored")),
    make("p", {}, text("notes_restored_text")),
    make("div", { class: "notice-actions" }, discard),
  );
  discard.addEventListener("click", () => {
    list.replaceChildren();
    if (field) field.value = "";
    keptNotes.keep(key, { notes: [], opinion: "", written_ms: 0, sent: false });
    notice.remove();
  });
  list.before(notice);
}
