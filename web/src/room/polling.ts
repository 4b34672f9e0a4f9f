import { getJson } from "../http.ts";
import { addressOf, again, type Transport } from "./transport.ts";

const DEFAULT_MS = 5000;

/** Asking again and again: works wherever a page works. */
export const polling: Transport = (room, hooks) =>
  again(async () => {
    const url = addressOf(room, "messages", hooks.after());
    const answer = await getJson<{ events: unknown; poll_ms?: number }>(url);
    hooks.opened();
    hooks.events(answer.events);
    return answer.poll_ms && answer.poll_ms >= 500 ? answer.poll_ms : DEFAULT_MS;
  }, hooks.lost);
