import type { HlsConfig } from "hls.js";

/** How an address is played: a recording from anywhere, or what happens now. */
export interface Manner {
  live: boolean;
  /** Parts of segments as they come; off for the mass profile, whose caches hold whole segments only. */
  lowLatency: boolean;
}

export const RECORDED: Manner = { live: false, lowLatency: false };

/** What a player element asks for: `live`, and `mode="mass"` against low latency. */
export function mannerOf(player: Element): Manner {
  const live = player.hasAttribute("live");
  return { live, lowLatency: live && player.getAttribute("mode") !== "mass" };
}

/** Settings of hls.js; `atS` is where a recording starts, a live picture always starts at its edge. */
export function configOf(manner: Manner, atS: number): Partial<HlsConfig> {
  // A worker would be a blob: script, which our content security policy forbids; fMP4 needs hardly any work anyway.
  const always: Partial<HlsConfig> = { enableWorker: false, capLevelToPlayerSize: true };
  if (!manner.live) return { ...always, startPosition: atS > 0 ? atS : -1 };
  return {
    ...always,
    startPosition: -1,
    lowLatencyMode: manner.lowLatency,
    // The default never catches up after a stall.
    maxLiveSyncPlaybackRate: 1.5,
    // The default keeps a whole second more after each stall, for good.
    liveSyncOnStallIncrease: 0.2,
    // Hours of a live picture would fill the memory of a phone; going back fetches it again.
    backBufferLength: 30,
    // Without an end there is no length: reports of play rely on that.
    liveDurationInfinity: true,
  };
}
