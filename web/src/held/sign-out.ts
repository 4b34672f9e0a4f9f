import { ask } from "../dialogs.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";
import { inOrder } from "./queue.ts";
import { flush } from "./send.ts";
import { Store } from "./store.ts";
import { forgetPages } from "./worker-pages.ts";

/** Says in `localStorage` that this device has a store of held sessions. */
export const USED = "kj:held";

async function unsent(store: Store, account: string): Promise<number> {
  const { items, photos } = await store.everything(account);
  const halted = items.filter((item) => item.halt || item.draft);
  return new Set([...inOrder(items, photos), ...halted]).size;
}

/** Sends what waits, asks about what cannot be sent, signs out, and leaves nothing of this account on the device. */
export async function signOut(form: HTMLFormElement): Promise<void> {
  const store = await Store.open();
  const account = await store.who();
  if ((await unsent(store, account)) > 0) await flush(store);
  const left = await unsent(store, account);
  if (left > 0 && !(await ask(text("held_sign_out_ask", { n: left }), text("held_sign_out")))) return store.close();
  try {
    // The answer leads to another page; that it came is what counts.
    const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", redirect: "manual" });
    if (answer.type !== "opaqueredirect" && !answer.ok && answer.status !== 401)
      throw new TypeError(String(answer.status));
  } catch {
    store.close();
    return toast(text("held_sign_out_offline"));
  }
  await store.clear(account);
  await forgetPages();
  location.assign("/");
}
