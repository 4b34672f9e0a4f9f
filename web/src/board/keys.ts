/** What a key means on the moderation board. */
export type BoardCommand = "next" | "previous" | "approve" | "remove";

const TABLE: Record<string, BoardCommand> = { j: "next", k: "previous", a: "approve", d: "remove" };

/** Keys with Ctrl, Alt or Meta belong to the browser. */
export function boardCommand(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey">,
): BoardCommand | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  return TABLE[event.key.toLowerCase()];
}
