import type zh from "../texts/zh-CN.json";

/** A text of `texts/*.json`; the server puts the reader's language on the page as `<script id="texts">`. */
export type TextKey = keyof typeof zh;

let dictionary: Partial<Record<string, string>> | undefined;

function load(): Partial<Record<string, string>> {
  const source = document.getElementById("texts")?.textContent;
  return source ? (JSON.parse(source) as Record<string, string>) : {};
}

/** Fills `{name}` places of a pattern. Unknown places stay, so that a mistake is seen. */
export function fill(pattern: string, values: Record<string, string | number>): string {
  return pattern.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The text for `key` in the language of the page; the key itself when the page carries none. */
export function text(key: TextKey, values: Record<string, string | number> = {}): string {
  dictionary ??= load();
  return fill(dictionary[key] ?? key, values);
}
