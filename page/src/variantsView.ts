import type { Run } from "./contract.ts";
import { element, framed, headRow, numberCell, section } from "./dom.ts";
import { capitalised, formatCount, formatNumber } from "./format.ts";
import { swatch } from "./landscapeView.ts";
import { looksOfVariants } from "./overlay.ts";

/** How each variant ended, a line each, in the colours of the curves. */
export function variantsSection(run: Run): HTMLElement | null {
  const variants = run.variants;
  if (variants == null || variants.length === 0) return null;
  const lookOf = looksOfVariants(variants.map(({ name }) => name));
  const titles = [...new Set(variants.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  const marks = (["clipped", "skipped"] as const).filter((kind) => variants.some((one) => one.marks[`${kind}Count`] > 0));
  const body = element("tbody");
  for (const variant of variants) {
    const row = element("tr", {}, element("th", { scope: "row" }, swatch(lookOf(variant.name)), variant.name));
    row.append(element("td", { class: variant.status === "completed" ? "" : "ended", title: variant.reason }, variant.status), numberCell(formatCount(variant.steps)));
    for (const title of titles) row.append(numberCell(formatNumber(variant.metrics.find(({ name }) => name === title)?.value)));
    for (const kind of marks) row.append(numberCell(formatCount(variant.marks[`${kind}Count`])));
    body.append(row);
  }
  const number = (title: string): readonly [string, "number"] => [title, "number"];
  const head = headRow("Variant", "Ended", number("Steps"), ...titles.map((title) => number(capitalised(title))), ...marks.map((kind) => number(capitalised(kind))));
  const reasons = variants.filter(({ status }) => status !== "completed");
  return section(
    "variants",
    "Variants",
    framed("How each variant ended", element("table", {}, head, body)),
    ...reasons.map(({ name, status, reason }) => element("p", { class: "hint" }, `${capitalised(name)} ${status}: ${reason}.`)),
  );
}
