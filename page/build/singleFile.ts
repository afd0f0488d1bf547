import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Plugin, Rollup } from "vite";

/** Text that ends a script element early if it stands in one; a backslash before the slash means the same to JavaScript. */
const closingScript = /<\/(script)/gi;

/**
 * Folds the built script, the style sheet and the licence of the chart library into one HTML file.
 * The file appears whole or not at all: a build of .NET may read it at any moment.
 */
export function singleFile(output: string): Plugin {
  return {
    name: "glissade-single-file",
    apply: "build",
    enforce: "post",
    generateBundle(_options, bundle) {
      const parts = Object.values(bundle);
      const page = parts.find((part) => part.type === "asset" && part.fileName.endsWith(".html"));
      if (page === undefined) throw new Error("The build made no HTML file.");
      const scripts = parts.filter((part): part is Rollup.OutputChunk => part.type === "chunk");
      const styles = parts.filter((part) => part.type === "asset" && part.fileName.endsWith(".css"));

      const licence = readFileSync("node_modules/uplot/LICENSE", "utf8").trim();
      const style = styles.map((part) => text(part)).join("\n");
      const script = scripts.map((part) => part.code.replace(closingScript, "<\\/$1")).join("\n");
      // The tags that name separate files go; replacements are functions because code contains "$&" and the like.
      const html = text(page)
        .replace(/<script type="module"[^>]*src=[^>]*><\/script>\s*/g, "")
        .replace(/<link rel="stylesheet"[^>]*>\s*/g, "")
        .replace("</head>", () => `<style>${style}</style>\n</head>`)
        .replace("</body>", () => `<script type="module">${script}</script>\n</body>`)
        .replace("</html>", () => `<!--\nCharts: uPlot.\n${licence.replaceAll("--", "- -")}\n-->\n</html>`);

      for (const name of Object.keys(bundle)) delete bundle[name];
      mkdirSync(dirname(output), { recursive: true });
      const unfinished = `${output}.${process.pid}.tmp`;
      writeFileSync(unfinished, html);
      renameSync(unfinished, output);
      this.info(`${output}: ${(html.length / 1024).toFixed(0)} KB`);
    },
  };
}

/** While developing (`npx vite`), fills the placeholder as the .NET side does, with a stored run. */
export function sampleRun(path: string): Plugin {
  return {
    name: "glissade-sample-run",
    apply: "serve",
    transformIndexHtml: (html) =>
      html.replace("__RUN__", () => readFileSync(path, "utf8").replaceAll("<", "\\u003c")).replace("__TITLE__", "Sample"),
  };
}

function text(part: Rollup.OutputAsset | Rollup.OutputChunk): string {
  if (part.type === "chunk") return part.code;
  return typeof part.source === "string" ? part.source : new TextDecoder().decode(part.source);
}
