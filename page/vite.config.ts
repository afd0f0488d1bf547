import { defineConfig } from "vite";
import { sampleRun, singleFile } from "./build/singleFile.ts";

export default defineConfig({
  plugins: [sampleRun("test/contract.json"), singleFile("dist/report.html")],
  build: {
    target: "es2022",
    cssCodeSplit: false,
    // The module is inlined, so there is nothing to preload.
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: false,
  },
});
