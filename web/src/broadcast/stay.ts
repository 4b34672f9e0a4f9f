import { inserted } from "../dom.ts";
import { toast } from "../toast.ts";

/** Parts of the control room that are drawn anew; a page that sends must not be left. */
const PARTS = "[data-renewed]";

/**
 * Keeps the page while `isSending`: its forms are sent behind it, and what they change is drawn in place. Leaving asks first.
 * Gives back what looks whether somebody else changed the broadcast meanwhile.
 */
export function stay(isSending: () => boolean): () => Promise<void> {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Not yet confirmed, or none of ours.
    if (event.defaultPrevented || !isSending() || !(form instanceof HTMLFormElement) || !form.closest(PARTS)) return;
    event.preventDefault();
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) fields.append(name, String(value));
    void draw(fetch(form.action, { method: "POST", body: fields, headers: { Accept: "text/html" } }), true);
  });
  addEventListener("beforeunload", (event) => {
    if (isSending()) event.preventDefault();
  });
  return () => draw(fetch(location.pathname, { headers: { Accept: "text/html" } }), false);
}

async function draw(coming: Promise<Response>, always: boolean): Promise<void> {
  try {
    const response = await coming;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const told = page.querySelector(".notice-danger, .notice-success")?.textContent?.trim();
    if (told) toast(told);
    if (always || stateOf(page) !== stateOf(document)) renew(page);
  } catch {
    // The line is broken: the sender says so.
  }
}

function stateOf(page: Document): string | undefined {
  return page.querySelector<HTMLElement>("[data-renewed] .badge")?.dataset["state"];
}

function renew(page: Document): void {
  // Nobody can send any more; how the sender stands stays to be read.
  document.querySelector("kj-whip")?.toggleAttribute("data-over", !page.querySelector("kj-whip"));
  for (const part of document.querySelectorAll<HTMLElement>(PARTS)) {
    const fresh = page.querySelector(`[data-renewed="${part.dataset["renewed"]}"]`);
    if (!fresh) {
      part.replaceChildren();
      continue;
    }
    const taken = document.importNode(fresh, true);
    part.replaceWith(taken);
    inserted(taken);
  }
}
