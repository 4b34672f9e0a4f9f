import { openDialog } from "./dialogs.ts";
import { icon, isTyping, make, once } from "./dom.ts";
import { clock } from "./format.ts";
import { playerOf, startMoments } from "./moments.ts";
import { neighbour, reviewCommand } from "./review-keys.ts";
import { text } from "./texts.ts";

/**
 * The review page: `[data-review]`.
 *
 * J and K move in `[data-queue]` (its links; `aria-current` is where we are), keys of the verdict bar press their button
 * (`data-key`), N pins a note at the player's moment into `[data-notes]`, ? opens the dialog `keys`. On this page J and K
 * belong to the queue even when the player has the focus; its own arrows still work.
 */
export function start(root: ParentNode): void {
  once<HTMLElement>(root, "[data-review]", (page) => {
    startMoments();
    addEventListener("keydown", onKey, true);
    page.ownerDocument.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("[data-note-add]")) pinNote();
      target?.closest("[data-note-remove]")?.closest(".note")?.remove();
    });
  });
}

function verdictButtons(): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>("button[data-key]:not(:disabled)")];
}

function onKey(event: KeyboardEvent): void {
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const buttons = verdictButtons();
  const command = reviewCommand(
    event,
    buttons.map((button) => button.dataset["key"] ?? ""),
  );
  if (!command) return;
  event.preventDefault();
  event.stopPropagation();
  if (command === "next") move(1);
  else if (command === "previous") move(-1);
  else if (command === "help") openDialog("keys");
  else if (command === "note") pinNote();
  else buttons.find((button) => button.dataset["key"] === command.verdict)?.click();
}

function move(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-queue] a[href]")];
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = neighbour(current, links.length, step);
  if (next !== undefined) links[next]?.click();
}

/** Adds a row `note_at_ms` and `note_text` to the return form, which holds `[data-notes]`. */
function pinNote(): void {
  const list = document.querySelector<HTMLElement>("[data-notes]");
  const player = playerOf();
  if (!list || !player) return;
  const ms = String(player.currentTimeMs);
  const form = list.dataset["form"];
  const owner: Record<string, string> = form ? { form } : {};
  const words = make("input", {
    class: "input",
    name: "note_text",
    "aria-label": text("note_text"),
    maxlength: "500",
    ...owner,
  });
  const label = text("note_remove");
  const remove = make(
    "button",
    { type: "button", class: "button button-icon", "aria-label": label, "data-note-remove": true },
    icon("x"),
  );
  const moment = make(
    "a",
    { class: "moment", href: `?t=${Math.floor(Number(ms) / 1000)}`, "data-at-ms": ms },
    clock(Number(ms) / 1000),
  );
  const hidden = make("input", { type: "hidden", name: "note_at_ms", value: ms, ...owner });
  list.append(make("li", { class: "note" }, moment, words, remove, hidden));
  words.focus();
}
