import { openDialog } from "./dialogs.ts";
import { isTyping, once } from "./dom.ts";
import { startMoments } from "./moments.ts";
import { pinNote, startNotes } from "./notes.ts";
import { neighbour, reviewCommand } from "./review-keys.ts";

/**
 * The review page: `[data-review]`.
 *
 * J and K move in `[data-queue]` (its links; `aria-current` is where we are), keys of the verdict bar press their button
 * (`data-key`), N pins a note at the player's moment (`notes.ts`), ? opens the dialog `keys`. On this page J and K
 * belong to the queue even when the player has the focus; its own arrows still work.
 */
export function start(root: ParentNode): void {
  once<HTMLElement>(root, "[data-review]", () => {
    startMoments();
    startNotes();
    addEventListener("keydown", onKey, true);
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
