import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Django serves the build under /static/app/; `npm run dev` proxies to a running server instead. */
const backend = process.env.HEPASTAGE_URL ?? "http://127.0.0.1:8000";

export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/app/" : "/",
  plugins: [react()],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2022",
    // Plotly is one chunk of its own, loaded only by pages with a figure.
    chunkSizeWarningLimit: 1700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs, in one file that changes only when a dependency does.
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next)\// },
            { name: "mantine", test: /node_modules\/(@mantine|@floating-ui|react-remove-scroll|clsx)/ },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: backend, changeOrigin: false },
      "/ws": { target: backend, ws: true, changeOrigin: false },
    },
  },
  // Some tests read every source: seconds on an idle machine, more on a busy one.
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"], testTimeout: 60_000 },
}));
