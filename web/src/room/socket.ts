import { addressOf, type Transport } from "./transport.ts";

/** Text frames, each a JSON array of events. */
export const socket: Transport = (room, hooks) => {
  const url = new URL(addressOf(room, "socket", hooks.after()), location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const line = new WebSocket(url);
  line.onopen = () => hooks.opened();
  line.onmessage = ({ data }) => hooks.events(JSON.parse(String(data)));
  line.onclose = () => hooks.lost();
  return () => {
    line.onclose = null;
    line.close();
  };
};
