import { defineConfig } from "vite";
import { icons } from "./vite/icons.ts";

export default defineConfig({
  plugins: [icons()],
  build: {
    manifest: "manifest.json",
    // Phones five years old and the web views of chat programs.
    target: ["chrome100", "edge100", "firefox115", "safari15.4"],
    cssTarget: ["chrome100", "edge100", "firefox115", "safari15.4"],
    // Data URLs are not in our content security policy.
    assetsInlineLimit: 0,
    // The player and the charts are lazy; the budget of the first page is checked by tests/budget.test.ts.
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: ["src/main.ts", "src/styles/main.css"] },
  },
});
