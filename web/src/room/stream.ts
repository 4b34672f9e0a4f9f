import { addressOf, type Transport } from "./transport.ts";

/** Server-sent events, for lines whose proxies let no socket through. */
export const stream: Transport = (room, hooks) => {
  const line = new EventSource(addressOf(room, "events", hooks.after()));
  line.onopen = () => hooks.opened();
  line.onmessage = ({ data }) => hooks.events(JSON.parse(String(data)));
  line.onerror = () => {
    // It would come back by itself, but from the place it began at and without our patience.
    line.close();
    hooks.lost();
  };
  return () => line.close();
};
