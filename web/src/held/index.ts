import { once } from "../dom.ts";
import { List } from "./list.ts";
import { HeldPage } from "./page.ts";
import { register } from "./register.ts";
import { Sender } from "./sender.ts";
import { USED } from "./sign-out.ts";
import { Store } from "./store.ts";

async function startForm(form: HTMLFormElement, outbox: HTMLElement): Promise<void> {
  localStorage.setItem(USED, "");
  await new HeldPage(await Store.open(), form, outbox).begin();
  void register();
}

/** A page that only tells what waits: the ledger, and the page that stands in without a network. */
async function startOutbox(place: HTMLElement): Promise<void> {
  // Who never recorded anything here needs no store for it.
  if (localStorage.getItem(USED) === null) return;
  const store = await Store.open();
  const list = new List(store, await store.who(), place);
  const sender = new Sender(store);
  list.onSend = () => void sender.now();
  sender.onOutcome = (outcome) => list.outcome(outcome);
  await list.read();
  await sender.now();
}

export function start(root: ParentNode): void {
  once<HTMLElement>(root, "[data-held-outbox]", (place) => {
    const form = root.querySelector<HTMLFormElement>("form[data-held-session]");
    // A form that was sent plainly and came back goes on plainly.
    if (form?.querySelector(".error-summary")) return;
    // A browser that keeps nothing (private, forbidden) leaves the plain form, which works online.
    const started = form ? startForm(form, place) : startOutbox(place);
    started.catch(() => place.toggleAttribute("data-failed", true));
  });
}
