import type { Fields, Habit } from "./model.ts";

const LECTURERS = 8;

/** What is remembered after `fields` were saved. */
export function remembered(
  before: Habit | undefined,
  account: string,
  organisation: string,
  fields: Fields,
  at: number,
): Habit {
  const { lecturer, lecturer_id, lecturer_kind } = fields;
  const others = (before?.lecturers ?? []).filter((one) => one.lecturer !== lecturer);
  const lecturers = [{ lecturer, lecturer_id, lecturer_kind }, ...others].slice(0, LECTURERS);
  return { account, organisation, fields, at, lecturers };
}

/**
 * What a new form says. `given` is what the server wrote into the page at `made`; when this device saved something later (the
 * page was kept, there was no network), what stays the same from one session to the next comes from there.
 */
export function suggestion(given: Fields, made: number, habit: Habit | undefined, heldAt: string): Fields {
  const bound = given.plan !== null;
  if (bound) return given;
  const start = { ...given, title: "", people: -1, note: "", held_at: heldAt };
  if (!habit || habit.at <= made) return start;
  const { minutes, lecturer, lecturer_id, lecturer_kind, form, venue_kind, topic, place } = habit.fields;
  return { ...start, minutes, lecturer, lecturer_id, lecturer_kind, form, venue_kind, topic, place };
}
