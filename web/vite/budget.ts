import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Most that every page may cost, in bytes after gzip: the script with what it imports at once, and the styles. */
const LIMITS = { script: 25_000, styles: 20_000 };

/** Fails the build when the first page grows past its budget (200 KB in all, before media). */
export function budget(): Plugin {
  return {
    name: "kaijiang-budget",
    generateBundle(_options, bundle) {
      const cost = { script: 0, styles: 0 };
      const counted = new Set<string>();
      const count = (file: string) => {
        const chunk = bundle[file];
        if (chunk?.type !== "chunk" || counted.has(file)) return;
        counted.add(file);
        cost.script += gzipSync(chunk.code).length;
        for (const imported of chunk.imports) count(imported);
      };
      for (const [file, output] of Object.entries(bundle)) {
        if (output.type === "chunk" && output.facadeModuleId?.endsWith("src/main.ts")) count(file);
        if (output.type === "asset" && /^assets\/main-.*\.css$/.test(file))
          cost.styles += gzipSync(output.source).length;
      }
      for (const part of ["script", "styles"] as const) {
        if (cost[part] === 0 || cost[part] > LIMITS[part]) {
          this.error(`${part} of every page: ${cost[part]} bytes after gzip, allowed are 1 to ${LIMITS[part]}`);
        }
      }
    },
  };
}
