import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { build, type Plugin, type Rollup } from "vite";

const ICONS = new URL("../icons/", import.meta.url);

/** Pictures of the installed page; `icons/draw.js` draws them. */
function appIcons(): { name: string; source: Buffer }[] {
  const names = readdirSync(ICONS).filter((name) => name.endsWith(".png"));
  return names.sort().map((name) => ({ name, source: readFileSync(new URL(name, ICONS)) }));
}

/** Files that the form of held sessions needs without a network, with the script of every page first. */
function shell(bundle: Rollup.OutputBundle): string[] {
  const files = new Set<string>();
  const take = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || files.has(name)) return;
    files.add(name);
    chunk.imports.forEach(take);
  };
  const entry = (end: string) =>
    Object.values(bundle).find((one) => one.type === "chunk" && one.facadeModuleId?.endsWith(end))?.fileName ?? "";
  take(entry("src/main.ts"));
  take(entry("src/held/index.ts"));
  take(entry("src/held/sign-out.ts"));
  for (const one of Object.values(bundle)) {
    if (one.type === "asset" && /^assets\/(main-.*\.css|icons-.*\.svg)$/.test(one.fileName)) files.add(one.fileName);
  }
  return [...files].map((name) => `/${name}`);
}

/** The worker in one file: old browsers do not load modules in workers. */
async function bundled(files: string[]): Promise<string> {
  const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 16);
  const result = await build({
    configFile: false,
    logLevel: "warn",
    define: { SHELL: JSON.stringify({ version, files, script: files[0] }) },
    build: {
      write: false,
      target: ["chrome100", "edge100", "firefox115", "safari15.4"],
      rollupOptions: { input: "src/held/worker.ts", output: { format: "iife", entryFileNames: "sw.js" } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !("output" in output)) throw new Error("the worker was not built");
  return output.output[0].code;
}

/** Writes `sw.js`, which knows the names of the files that it keeps, and the pictures of the installed page. */
export function worker(): Plugin {
  return {
    name: "kaijiang-worker",
    async generateBundle(_options, bundle) {
      for (const { name, source } of appIcons()) {
        this.emitFile({ type: "asset", name, originalFileName: `icons/${name}`, source });
      }
      this.emitFile({ type: "asset", fileName: "sw.js", source: await bundled(shell(bundle)) });
    },
  };
}
