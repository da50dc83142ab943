import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running program: `netsonde demo` listens here. */
const PROGRAM = "http://127.0.0.1:8765";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  worker: { format: "es" },
  // The program replaces the placeholder at each response and sends the same value in its content security policy.
  html: { cspNonce: "__NONCE__" },
  build: {
    target: "es2022",
    // Nothing becomes a `data:` address: the content security policy allows the page's own origin only.
    assetsInlineLimit: 0,
    sourcemap: false,
    // One chunk loads faster than several from the same machine; scripts/bundle-size.mjs holds the budget.
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: { "/api": { target: PROGRAM, ws: true, changeOrigin: true } },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
