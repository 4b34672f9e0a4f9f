import { ask } from "./dialogs.ts";

/**
 * Forms and submit buttons with `data-confirm="what will happen"` ask first.
 * `data-confirm-ok` names the button. Without script the server shows its own confirmation page.
 */
export function startConfirm(): void {
  const confirmed = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const source = event.submitter?.dataset["confirm"] ? (event.submitter as HTMLElement) : form;
    const consequence = source.dataset["confirm"];
    if (!consequence || confirmed.delete(form)) return;
    event.preventDefault();
    void ask(consequence, source.dataset["confirmOk"]).then((yes) => {
      if (!yes) return;
      confirmed.add(form);
      form.requestSubmit(event.submitter);
    });
  });
}
