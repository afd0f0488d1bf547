import type uPlot from "uplot";
import type { Run } from "./contract.ts";
import { createChart } from "./chart.ts";
import { attachKeys, attachTouch } from "./chartInput.ts";
import { gradientNorm, groupSeries, hasPositive, stepExtent, summarise, type ChartGroup } from "./chartData.ts";
import { choice, element, framed, headRow, numberCell, section } from "./dom.ts";
import { capitalised, formatCount, formatNumber } from "./format.ts";
import { looksOfVariants, marksOf, overlaid } from "./overlay.ts";
import { looksOf, readPalette, whenLooksChange } from "./palette.ts";

/** One picture on the page: its frame stays, the chart in it is made anew when a setting changes. */
interface Panel {
  group: ChartGroup;
  logarithmic: boolean;
  target: HTMLElement;
  chart: uPlot | null;
}

const heights = { wide: 300, narrow: 240 };

/** All curves over the steps, sharing their cursor and their zoom. */
export function curvesSection(run: Run): HTMLElement | null {
  const series = overlaid(run);
  const extent = stepExtent(series);
  if (extent === null) return null;
  const lookOfVariant = looksOfVariants((run.variants ?? []).map(({ name }) => name));
  const lookOf = run.variants == null ? looksOf(series) : (_group: string, name: string) => lookOfVariant(name);
  const groups = groupSeries(series);
  let stepsPerUnit = 1;
  let zoom: [number, number] | null = null;
  let moving = false;

  const panels: Panel[] = groups.map((group) => ({
    group,
    logarithmic: group.logarithmic && hasPositive(group.series),
    target: element("div", { class: "chart" }),
    chart: null,
  }));
  const whole = (): [number, number] => [extent[0] / stepsPerUnit, extent[1] / stepsPerUnit];
  const reset = element("button", { type: "button", class: "reset", hidden: "" }, "Show all steps");
  reset.addEventListener("click", () => show(whole()));

  function show(stretch: [number, number]): void {
    // Every chart reports that its stretch changed; one that was told to change need not tell the others again.
    moving = true;
    for (const { chart } of panels) chart?.setScale("x", { min: stretch[0], max: stretch[1] });
    moving = false;
    noteZoom(stretch);
  }

  function noteZoom([from, to]: [number, number]): void {
    const [first, last] = whole();
    zoom = from > first || to < last ? [from, to] : null;
    reset.hidden = zoom === null;
  }

  function draw(panel: Panel): void {
    panel.chart?.destroy();
    panel.chart = createChart(panel.group, {
      run,
      extent: extent as [number, number],
      lookOf,
      palette: readPalette(),
      logarithmic: panel.logarithmic,
      stepsPerUnit,
      width: Math.max(panel.target.clientWidth, 200),
      height: panel.target.clientWidth < 480 ? heights.narrow : heights.wide,
      zoomChanged: (from, to) => {
        if (!moving) noteZoom([from, to]);
      },
    }, panel.target);
    const chart = panel.chart;
    chart.root.querySelector("canvas")?.setAttribute("aria-hidden", "true");
    attachTouch(chart);
    if (zoom !== null) chart.setScale("x", { min: zoom[0], max: zoom[1] });
  }

  const drawAll = (): void => panels.forEach(draw);
  whenLooksChange(drawAll);

  const grid = element("div", { class: panels.length % 2 === 1 ? "charts odd" : "charts" });
  for (const panel of panels) {
    grid.append(figureOf(panel, run, () => draw(panel)));
    attachKeys(panel.target, () => panel.chart, whole, show);
    // In the next frame: drawing changes sizes, which an observer must not do while it observes.
    new ResizeObserver(() => requestAnimationFrame(() => {
      const width = panel.target.clientWidth;
      if (panel.chart === null || width === 0) draw(panel);
      else if (panel.chart.width !== width) panel.chart.setSize({ width, height: width < 480 ? heights.narrow : heights.wide });
    })).observe(panel.target);
  }

  const tools = element("div", { class: "tools" });
  if (run.stepsPerEpoch != null && run.stepsPerEpoch > 0) {
    const perEpoch = run.stepsPerEpoch;
    tools.append(
      choice("Horizontal axis", [["step", "Steps"], ["epoch", "Epochs"]], "step", (unit) => {
        const before = stepsPerUnit;
        stepsPerUnit = unit === "step" ? 1 : perEpoch;
        if (zoom !== null) zoom = [(zoom[0] * before) / stepsPerUnit, (zoom[1] * before) / stepsPerUnit];
        drawAll();
      }),
    );
  }
  tools.append(reset, element("p", { class: "hint" }, "Drag across a chart to zoom, double-click to go back; by keyboard: arrows, plus and minus, Escape."));
  return section("curves", "Curves", tools, grid, numbersOf(groups));
}

function figureOf(panel: Panel, run: Run, redraw: () => void): HTMLElement {
  const { group } = panel;
  const title = element("h3", {}, capitalised(group.name));
  const head = element("div", { class: "figure-head" }, title);
  if (hasPositive(group.series)) {
    head.append(
      choice(`Scale of ${group.name}`, [["linear", "Linear"], ["log", "Log"]], panel.logarithmic ? "log" : "linear", (scale) => {
        panel.logarithmic = scale === "log";
        redraw();
      }),
    );
  }
  panel.target.setAttribute("role", "group");
  panel.target.setAttribute("tabindex", "0");
  panel.target.setAttribute("aria-roledescription", "chart");
  panel.target.setAttribute("aria-label", describe(group));
  const figure = element("figure", {}, head, panel.target);
  const note = group.name === gradientNorm ? marksNote(group, run) : null;
  if (note !== null) figure.append(element("figcaption", {}, note));
  return figure;
}

/** The picture in words. */
function describe(group: ChartGroup): string {
  const parts = group.series.map((one) => {
    const { first, last, lowest, highest } = summarise(one);
    if (lowest === null || highest === null) return `${one.name}: no finite values`;
    return (
      `${one.name}: from ${formatNumber(first)} to ${formatNumber(last)}, ` +
      `lowest ${formatNumber(lowest.value)} at step ${formatCount(lowest.step)}, ` +
      `highest ${formatNumber(highest.value)} at step ${formatCount(highest.step)}`
    );
  });
  return `${capitalised(group.name)} over steps. ${parts.join(". ")}.`;
}

function marksNote(group: ChartGroup, run: Run): string | null {
  const notes = group.series.map((one) => {
    const { clippedCount, skippedCount } = marksOf(run, one);
    const steps = run.variants?.find(({ name }) => name === one.variant)?.steps ?? run.steps;
    const parts: string[] = [];
    if (clippedCount > 0) parts.push(`clipped at ${formatCount(clippedCount)} of ${formatCount(steps)} steps`);
    if (skippedCount > 0) parts.push(`skipped at ${formatCount(skippedCount)} (ticks at the foot)`);
    return parts.length === 0 ? null : `The update ${one.variant == null ? "" : `of ${one.variant} `}was ${parts.join(" and ")}.`;
  });
  const said = notes.filter((note) => note !== null);
  return said.length === 0 ? null : said.join(" ");
}

function numbersOf(groups: readonly ChartGroup[]): HTMLElement {
  const body = element("tbody");
  for (const group of groups) {
    for (const one of group.series) {
      const { first, last, lowest, highest, gaps } = summarise(one);
      const recorded = one.recorded ?? one.steps.length;
      body.append(
        element(
          "tr",
          {},
          element("th", { scope: "row" }, `${group.name}, ${one.name}`),
          numberCell(formatCount(recorded) + (recorded > one.steps.length ? ` (${formatCount(one.steps.length)} shown)` : "")),
          numberCell(formatNumber(first)),
          numberCell(formatNumber(last)),
          numberCell(lowest === null ? "–" : `${formatNumber(lowest.value)} at ${formatCount(lowest.step)}`),
          numberCell(highest === null ? "–" : `${formatNumber(highest.value)} at ${formatCount(highest.step)}`),
          numberCell(gaps === 0 ? "none" : formatCount(gaps)),
        ),
      );
    }
  }
  const head = headRow("Series", ["Points", "number"], ["First", "number"], ["Last", "number"], ["Lowest, at step", "number"], ["Highest, at step", "number"], ["Gaps", "number"]);
  const thinned = groups.some((group) => group.series.some((one) => (one.recorded ?? 0) > one.steps.length));
  return element(
    "details",
    {},
    element("summary", {}, "The curves in numbers"),
    framed("The curves in numbers", element("table", {}, head, body)),
    thinned ? element("p", { class: "hint" }, "Long series are thinned for this page: of every stretch of steps the lowest and the highest point stay, so no peak is lost.") : null,
  );
}
