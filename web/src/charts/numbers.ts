/** Names and figures of one column of a table. */
export interface Series {
  names: string[];
  values: number[];
}

/** Names without the year that all of them share, which the period above the chart says already: `11月3日`, `3 Nov`. */
export function withoutYear(names: readonly string[]): string[] {
  const year = /\d{4}/.exec(names[0] ?? "")?.[0];
  if (!year || names.length < 2) return [...names];
  const short = names.map((name) => name.replace(new RegExp(`^${year}[年-]|,? ${year}$`), "").trim());
  return short.every((name, n) => name !== "" && name !== names[n]) ? short : [...names];
}

/** A figure as people write it: `12,486`, `3.5%`, `−2`; NaN for anything else. */
export function figure(written: string): number {
  const plain = written.replace(/[,\s%]/g, "").replace("−", "-");
  return plain === "" ? Number.NaN : Number(plain);
}

/** The rows' first cells and those of `column` (0 is the name); rows without a figure are left out. */
export function seriesOf(rows: readonly (readonly string[])[], column: number): Series {
  const kept = rows.filter((row) => !Number.isNaN(figure(row[column] ?? "")));
  return { names: kept.map((row) => row[0] ?? ""), values: kept.map((row) => figure(row[column] ?? "")) };
}
