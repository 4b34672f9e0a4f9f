/** What a slot of a lesson accepts; the attribute `rules` of `<kj-upload>`. Absent means no limit. */
export interface Rules {
  max_bytes?: number;
  min_seconds?: number;
  max_seconds?: number;
  /** Pixels, as shown (after rotation). */
  min_width?: number;
  min_height?: number;
  /** File name endings without the dot. */
  containers?: string[];
  landscape?: boolean;
}

/** What the browser could find out. A property it could not read is absent, and its rules are left to the server. */
export interface Found {
  name: string;
  bytes: number;
  seconds?: number;
  width?: number;
  height?: number;
}

export type RuleName =
  | "empty"
  | "size"
  | "container"
  | "too_short"
  | "too_long"
  | "too_narrow"
  | "too_low"
  | "portrait";

/** Rules that `found` breaks, in the order a person would mend them. */
export function broken(rules: Rules, found: Found): RuleName[] {
  const { seconds, width, height } = found;
  const ending = found.name.slice(found.name.lastIndexOf(".") + 1).toLowerCase();
  const checks: [RuleName, boolean][] = [
    ["empty", found.bytes === 0],
    ["container", rules.containers !== undefined && !rules.containers.includes(ending)],
    ["size", found.bytes > (rules.max_bytes ?? Number.POSITIVE_INFINITY)],
    ["too_short", seconds !== undefined && seconds < (rules.min_seconds ?? 0)],
    ["too_long", seconds !== undefined && seconds > (rules.max_seconds ?? Number.POSITIVE_INFINITY)],
    ["portrait", rules.landscape === true && width !== undefined && height !== undefined && height > width],
    ["too_narrow", width !== undefined && width < (rules.min_width ?? 0)],
    ["too_low", height !== undefined && height < (rules.min_height ?? 0)],
  ];
  return checks.filter(([, isBroken]) => isBroken).map(([name]) => name);
}

/** Rules that no re-encoding on the server could mend: uploading would be a waste of the sender's line. */
export function isHopeless(name: RuleName): boolean {
  return name === "empty" || name === "size" || name === "container";
}
