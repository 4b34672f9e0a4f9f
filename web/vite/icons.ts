import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/** Icons of the sprite, by their Lucide names. Templates use `<svg class="icon"><use href="SPRITE#name"></use></svg>`. */
export const ICONS = [
  "arrow-down",
  "arrow-left",
  "arrow-right",
  "arrow-up",
  "award",
  "badge-check",
  "bell",
  "book-open",
  "bookmark",
  "building-2",
  "calendar",
  "calendar-clock",
  "captions",
  "chart-column",
  "chart-line",
  "check",
  "chevron-down",
  "chevron-left",
  "chevron-right",
  "circle",
  "circle-alert",
  "circle-check",
  "circle-help",
  "circle-x",
  "clipboard-check",
  "clock",
  "cloud-off",
  "copy",
  "corner-up-left",
  "download",
  "ellipsis",
  "external-link",
  "eye",
  "file-text",
  "file-video",
  "film",
  "filter",
  "flag",
  "folder-tree",
  "gavel",
  "globe",
  "grip-vertical",
  "headphones",
  "history",
  "house",
  "image",
  "inbox",
  "info",
  "keyboard",
  "languages",
  "link",
  "list-ordered",
  "list-video",
  "lock",
  "log-out",
  "map-pin",
  "maximize",
  "menu",
  "message-circle",
  "minimize",
  "minus",
  "move",
  "pause",
  "pencil",
  "picture-in-picture-2",
  "pin",
  "play",
  "plus",
  "printer",
  "qr-code",
  "radio",
  "receipt-text",
  "refresh-cw",
  "rotate-ccw",
  "save",
  "search",
  "send",
  "settings",
  "share-2",
  "shield-check",
  "sliders-horizontal",
  "star",
  "tag",
  "trash-2",
  "triangle-alert",
  "tv",
  "undo-2",
  "upload",
  "user",
  "users",
  "volume-2",
  "volume-x",
  "wifi-off",
  "x",
  "zoom-in",
] as const;

/** One `<symbol>` per icon; strokes and sizes come from `.icon` in base.css. */
function sprite(): string {
  const require = createRequire(import.meta.url);
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

/** Writes the sprite to `assets/icons-HASH.svg` and names it `src/icons.svg` in the manifest; serves it in development. */
export function icons(): Plugin {
  return {
    name: "kaijiang-icons",
    configureServer(server) {
      server.middlewares.use("/assets/icons.svg", (_request, response) => {
        response.setHeader("Content-Type", "image/svg+xml");
        response.end(sprite());
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "src/icons.svg", source: sprite() });
    },
  };
}
