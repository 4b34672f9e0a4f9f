import { make } from "./dom.ts";
import { text } from "./texts.ts";

/** Opens the dialog `id` of the page, if it is there. */
export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** Asks before something that cannot simply be undone; `consequence` says what happens, `ok` and `no` name the buttons. */
export function ask(consequence: string, ok = text("confirm"), no = text("cancel")): Promise<boolean> {
  const dialog = make(
    "dialog",
    { class: "dialog" },
    make(
      "form",
      { method: "dialog", class: "dialog-body" },
      make("p", { class: "dialog-title" }, consequence),
      make(
        "div",
        { class: "dialog-actions" },
        make("button", { class: "button", value: "no" }, no),
        make("button", { class: "button button-danger", value: "yes" }, ok),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** Buttons with `data-dialog="ID"` open that dialog; a click beside an open one closes it. */
export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>("[data-dialog]");
    if (opener?.dataset["dialog"]) openDialog(opener.dataset["dialog"]);
    if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
  });
}
