import { getJson } from "../http.ts";

/** Where the parts of a lesson are; signed, and good for a while only. */
export interface Address {
  manifest: string;
  /** The sound alone, when there is a playlist for it. */
  audio_manifest?: string;
  token?: string;
}

/** The addresses the page came with. */
export function addressOf(player: Element): Address {
  const address: Address = { manifest: player.getAttribute("manifest") ?? "" };
  const audio = player.getAttribute("audio-manifest");
  const token = player.getAttribute("token");
  if (audio) address.audio_manifest = audio;
  if (token) address.token = token;
  return address;
}

/** Asks for newly signed addresses; undefined when the viewer may no longer watch or nothing can be asked. */
export async function renewed(player: Element): Promise<Address | undefined> {
  const url = player.getAttribute("refresh");
  if (!url) return undefined;
  return getJson<Address>(url).catch(() => undefined);
}
