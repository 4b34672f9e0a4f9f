import { bytes, length } from "../format.ts";
import { text } from "../texts.ts";
import type { Found, RuleName, Rules } from "./rules.ts";

/** One broken rule in words: which, what the file has, what is wanted. */
export interface Complaint {
  title: string;
  detail: string;
}

/** What was found and what is wanted, per rule. */
function facts(name: RuleName, rules: Rules, found: Found): [found: string, wanted: string] {
  const atMost = (value: string) => text("rule_at_most", { value });
  const atLeast = (value: string) => text("rule_at_least", { value });
  const size = `${found.width}×${found.height}`;
  const pixels = (n: number) => text("unit_pixels", { n });
  switch (name) {
    case "empty":
      return [bytes(0), text("rule_not_empty")];
    case "size":
      return [bytes(found.bytes), atMost(bytes(rules.max_bytes ?? 0))];
    case "container":
      return [found.name, text("rule_one_of", { values: (rules.containers ?? []).join(", ") })];
    case "too_short":
      return [length(found.seconds ?? 0), atLeast(length(rules.min_seconds ?? 0))];
    case "too_long":
      return [length(found.seconds ?? 0), atMost(length(rules.max_seconds ?? 0))];
    case "too_narrow":
      return [pixels(found.width ?? 0), atLeast(pixels(rules.min_width ?? 0))];
    case "too_low":
      return [pixels(found.height ?? 0), atLeast(pixels(rules.min_height ?? 0))];
    case "portrait":
      return [size, text("rule_landscape")];
  }
}

/** Names the rule, the value and the limit. */
export function complaint(name: RuleName, rules: Rules, file: Found): Complaint {
  const [found, wanted] = facts(name, rules, file);
  return { title: text(`rule_${name}`), detail: text("rule_found", { found, wanted }) };
}

/** `2.1 GB · 18 min · 1920×1080`, as far as it is known. */
export function summary(file: Found): string {
  const parts = [bytes(file.bytes)];
  if (file.seconds !== undefined) parts.push(length(file.seconds));
  if (file.width !== undefined) parts.push(`${file.width}×${file.height}`);
  return parts.join(" · ");
}
