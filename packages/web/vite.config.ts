import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  worker: { format: "es" },
  build: {
    target: "es2024",
    outDir: "dist",
    emptyOutDir: true,
    // Browsers that run this have it; the polyfill would be one more inline-like loader.
    modulePreload: { polyfill: false },
    // Inlined assets would need data: in places where the policy allows none.
    assetsInlineLimit: 0,
    sourcemap: false,
  },
});
