import { FIELDS, type FieldName, type Fields } from "./model.ts";

export type Side = "mine" | "theirs";

/** A field that says one thing here and another there. */
export interface Difference {
  field: FieldName;
  mine: Fields[FieldName];
  theirs: Fields[FieldName];
  /** Whose it is when only one of the two changed it; none when both did. */
  side: Side | undefined;
}

/** Fields in which `mine` and `theirs` differ; `base` is what both began with, if that is known. */
export function compare(base: Fields | null, mine: Fields, theirs: Fields): Difference[] {
  const differing = FIELDS.filter((field) => mine[field] !== theirs[field]);
  return differing.map((field) => ({ field, mine: mine[field], theirs: theirs[field], side: side(field) }));

  function side(field: FieldName): Side | undefined {
    if (!base) return undefined;
    if (base[field] === mine[field]) return "theirs";
    return base[field] === theirs[field] ? "mine" : undefined;
  }
}

/** The lecturer's id goes with the name: an id beside another name would name somebody else. */
const TOGETHER: Partial<Record<FieldName, FieldName>> = { lecturer_id: "lecturer" };

/** `theirs`, with `mine` where that was chosen. */
export function merge(mine: Fields, theirs: Fields, chosen: Partial<Record<FieldName, Side>>): Fields {
  const take = (field: FieldName) => (chosen[TOGETHER[field] ?? field] ?? chosen[field]) === "mine";
  const entries = FIELDS.map((field) => [field, take(field) ? mine[field] : theirs[field]]);
  return Object.fromEntries(entries) as unknown as Fields;
}

/** The fields that people are asked about; what goes with another field is not asked. */
export function asked(differences: readonly Difference[]): Difference[] {
  const there = new Set(differences.map((difference) => difference.field));
  return differences.filter(({ field }) => {
    const leader = TOGETHER[field];
    return !leader || !there.has(leader);
  });
}
