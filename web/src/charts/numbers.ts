/** Names and figures of one column of a table. */
export interface Series {
  names: string[];
  values: number[];
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
