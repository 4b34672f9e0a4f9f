import { type Command, commandOf } from "./keys.ts";

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">;

/** What a viewer of a common showing may do: everyone sees the same moment, so there is nowhere to go. */
const COMMON: ReadonlySet<Command["do"]> = new Set(["mute", "fullscreen", "captions", "volume", "edge"]);

/** The command of a key while a live picture plays: 0 and End go to the edge, speed is not for choosing. */
export function liveCommandOf(event: Press, common: boolean): Command | undefined {
  const command = commandOf(event);
  const isEdge = (event.key === "0" || event.key === "End") && !event.ctrlKey && !event.altKey && !event.metaKey;
  const live: Command | undefined = isEdge ? { do: "edge" } : command;
  if (live?.do === "faster") return undefined;
  if (!common || !live) return live;
  if (live.do === "toggle") return { do: "mute" };
  return COMMON.has(live.do) ? live : undefined;
}
