import "uplot/dist/uPlot.min.css";
import "./style.css";
import { confusionSection } from "./confusionView.ts";
import { parseRun, type Run } from "./contract.ts";
import { fileName, toCsv } from "./csv.ts";
import { curvesSection } from "./curves.ts";
import { element, section } from "./dom.ts";
import { landscapeSection } from "./landscapeView.ts";
import { predictionsSection } from "./predictionsView.ts";
import { variantsSection } from "./variantsView.ts";
import { experimentSection, facts, header, headline, networkSection, warnings } from "./summary.ts";

const page = document.getElementById("page") as HTMLElement;
try {
  show(parseRun(document.getElementById("run")?.textContent ?? ""));
} catch (error) {
  page.append(element("h1", {}, "This report cannot be shown"), element("p", { role: "alert" }, String(error)));
}

function show(run: Run): void {
  document.title = `${run.name}: ${run.status}`;
  const parts = [
    header(run),
    warnings(run),
    headline(run),
    facts(run),
    variantsSection(run),
    landscapeSection(run),
    curvesSection(run),
    run.confusion == null ? null : confusionSection(run.confusion),
    run.predictions == null ? null : predictionsSection(run.predictions),
    networkSection(run),
    experimentSection(run),
    dataSection(run),
    element("footer", {}, "Written by Glissade."),
  ];
  for (const part of parts) if (part !== null) page.append(part);
}

function dataSection(run: Run): HTMLElement | null {
  if (run.series.length === 0) return null;
  const download = element("button", { type: "button" }, "Download the curves (CSV)");
  download.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([toCsv(run.series)], { type: "text/csv;charset=utf-8" }));
    const link = element("a", { href: address, download: fileName(run.name, "csv") });
    link.click();
    // The browser may read the data after the click has returned.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  });
  const thinned = run.series.some((one) => (one.recorded ?? 0) > one.steps.length);
  return section(
    "data",
    "Data",
    element("p", {}, `One line a point: group, series, ${run.variants == null ? "" : "variant, "}step, value${thinned ? "; long series as thinned for this page" : ""}.`),
    element("div", { class: "tools" }, download),
  );
}
