import { clock } from "../format.ts";

/** A piece of the past that can still be watched, in seconds of the media. */
export interface Window {
  from: number;
  edge: number;
}

/** Shorter than this there is nothing worth a bar. */
const WORTH_A_BAR_S = 30;
/** A viewer this close to the edge is at it: segments arrive in steps. */
const SLACK_S = 3;
const SLACK_OF_WHOLE_SEGMENTS_S = 10;

export function worthABar({ from, edge }: Window): boolean {
  return edge - from >= WORTH_A_BAR_S;
}

/** Seconds a viewer at `atS` is behind what could be watched; 0 at the edge. */
export function behind(atS: number, edgeS: number, lowLatency: boolean): number {
  const seconds = edgeS - atS;
  return seconds > (lowLatency ? SLACK_S : SLACK_OF_WHOLE_SEGMENTS_S) ? seconds : 0;
}

/** The delay as it stands beside the word: `-0:23`. */
export function delayText(seconds: number): string {
  return `-${clock(seconds)}`;
}

/** A moment inside the window. */
export function within({ from, edge }: Window, atS: number): number {
  return Math.min(edge, Math.max(from, atS));
}
