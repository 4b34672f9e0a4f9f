import { defineConfig } from "vite";
import { budget } from "./vite/budget.ts";
import { icons } from "./vite/icons.ts";
import { worker } from "./vite/worker.ts";

export default defineConfig({
  plugins: [icons(), worker(), budget()],
  build: {
    manifest: "manifest.json",
    // Phones five years old and the web views of chat programs.
    target: ["chrome100", "edge100", "firefox115", "safari15.4"],
    cssTarget: ["chrome100", "edge100", "firefox115", "safari15.4"],
    // Data URLs are not in our content security policy.
    assetsInlineLimit: 0,
    // The player and the charts are lazy; vite/budget.ts watches the first page.
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: ["src/main.ts", "src/styles/main.css"] },
  },
});
