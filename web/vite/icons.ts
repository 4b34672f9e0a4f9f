import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/** Icons of the sprite, by their Lucide names. Templates use `<svg class="icon"><use href="SPRITE#name"></use></svg>`. */
export const ICONS = [
  "activity",
  "arrow-big-up",
  "arrow-down",
  "arrow-left",
  "arrow-right",
  "arrow-up",
  "award",
  "badge-check",
  "ban",
  "bell",
  "book-open",
  "bookmark",
  "building-2",
  "calendar",
  "calendar-clock",
  "camera",
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
  "circle-pause",
  "circle-x",
  "clipboard-check",
  "clock",
  "cloud-off",
  "copy",
  "corner-up-left",
  "door-open",
  "download",
  "ellipsis",
  "eraser",
  "external-link",
  "eye",
  "file-text",
  "file-video",
  "film",
  "filter",
  "flag",
  "flower-2",
  "folder-tree",
  "gavel",
  "git-merge",
  "globe",
  "grip-vertical",
  "headphones",
  "heart",
  "history",
  "house",
  "image",
  "inbox",
  "info",
  "keyboard",
  "languages",
  "laugh",
  "link",
  "list-ordered",
  "list-video",
  "lock",
  "log-out",
  "map-pin",
  "maximize",
  "menu",
  "message-circle",
  "message-circle-question-mark",
  "message-square-off",
  "message-square-text",
  "messages-square",
  "mic",
  "minimize",
  "minus",
  "move",
  "party-popper",
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
  "key-round",
  "scissors",
  "share-2",
  "square",
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
