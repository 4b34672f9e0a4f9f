/** Fields of a form by name; a name that repeats (ticks) gives a list. */
export type Fields = Record<string, string | string[]>;

/** What is typed now. Files travel by themselves and are left out; so are names that start with `_`. */
export function fieldsOf(data: Iterable<[string, FormDataEntryValue]>, lists: ReadonlySet<string>): Fields {
  const fields: Fields = {};
  for (const name of lists) fields[name] = [];
  for (const [name, value] of data) {
    if (typeof value !== "string" || name.startsWith("_")) continue;
    const there = fields[name];
    if (Array.isArray(there)) there.push(value);
    else if (there === undefined) fields[name] = value;
    else fields[name] = [there, value];
  }
  return fields;
}

/** Names in `kept` whose value differs from `now`. */
export function changed(kept: Fields, now: Fields): string[] {
  return Object.keys(kept).filter((name) => JSON.stringify(kept[name]) !== JSON.stringify(now[name] ?? ""));
}

const PREFIX = "kj:draft:";

/** Unsent text of one form on this device. Storage may be full or forbidden: then nothing is kept. */
export const unsent = {
  read(url: string): Fields | undefined {
    try {
      const kept = localStorage.getItem(PREFIX + url);
      return kept ? (JSON.parse(kept) as Fields) : undefined;
    } catch {
      return undefined;
    }
  },
  keep(url: string, fields: Fields): void {
    try {
      localStorage.setItem(PREFIX + url, JSON.stringify(fields));
    } catch {
      // The state line already says that it is not saved.
    }
  },
  forget(url: string): void {
    try {
      localStorage.removeItem(PREFIX + url);
    } catch {
      // Nothing was kept either.
    }
  },
};
