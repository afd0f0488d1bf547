import uPlot from "uplot";
import { plainAxis, verticalAxis } from "./axis.ts";
import { legendOptions } from "./chart.ts";
import type { Predictions } from "./contract.ts";
import { element, section } from "./dom.ts";
import { formatCount, formatNumber } from "./format.ts";
import { readPalette } from "./palette.ts";
import { predictionPoints } from "./predictions.ts";
import { linearTicks } from "./ticks.ts";

/** What the model said against what was true; on the line it was right. */
export function predictionsSection(predictions: Predictions): HTMLElement | null {
  const points = predictionPoints(predictions);
  if (points === null) return null;
  const unit = predictions.unit === "" ? "" : ` (${predictions.unit})`;
  const recorded = predictions.recorded ?? predictions.truth.length;
  const target = element("div", {
    class: "chart scatter",
    role: "img",
    "aria-label": `Predicted against true ${predictions.target}, ${formatCount(recorded)} examples; points on the diagonal are exact.`,
  });
  let chart: uPlot | null = null;

  function draw(): void {
    const width = Math.max(Math.min(target.clientWidth, 560), 240);
    chart?.destroy();
    chart = new uPlot(scatterOptions(width, points!.range, `true ${predictions.target}${unit}`, `predicted${unit}`), [points!.truth, points!.predicted, points!.truth], target);
  }

  // In the next frame: drawing changes sizes, which an observer must not do while it observes.
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (chart === null || Math.max(Math.min(target.clientWidth, 560), 240) !== chart.width) draw();
  })).observe(target);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  // After the page's own handlers, which choose the printer's colours.
  addEventListener("beforeprint", draw);
  addEventListener("afterprint", draw);

  const { errors } = predictions;
  const unitWord = predictions.unit === "" ? "" : ` ${predictions.unit}`;
  const words = errors == null
    ? `${formatCount(recorded)} examples.`
    : `${formatCount(recorded)} examples: R² ${formatNumber(errors.rSquared)}, root-mean-square error ${formatNumber(errors.rootMeanSquare)}${unitWord}, mean absolute error ${formatNumber(errors.meanAbsolute)}${unitWord}.`;
  const thinned = recorded > predictions.truth.length;
  return section(
    "predictions",
    "Predicted against true",
    element("p", {}, words),
    element("figure", {}, target, thinned ? element("figcaption", {}, `${formatCount(predictions.truth.length)} of them are drawn, the largest errors among these.`) : null),
  );
}

function scatterOptions(width: number, range: [number, number], across: string, up: string): uPlot.Options {
  const palette = readPalette();
  const vertical = verticalAxis(palette, up, false);
  const { incrs, values } = vertical;
  // Labels side by side take more room than labels above one another.
  const splits: uPlot.Axis.Splits = (_chart, _axis, low, high) => linearTicks(low, high, width < 400 ? 5 : 8);
  const colour = palette.series[0] as string;
  return {
    width,
    height: width - 20,
    scales: { x: { time: false, range: () => range }, y: { range: () => range } },
    axes: [{ ...plainAxis(palette), incrs, splits, values, label: across, size: 30 }, vertical],
    series: [
      { label: "true", value: (_chart, value) => (value == null ? "" : formatNumber(value)) },
      {
        label: "predicted",
        stroke: colour,
        width: 0,
        paths: () => null,
        points: { show: true, size: 5, width: 0, fill: `color-mix(in srgb, ${colour} 55%, transparent)` },
        value: (_chart, value) => (value == null ? "" : formatNumber(value)),
      },
      { label: "exact", stroke: palette.ink, width: 1.25, dash: [6, 4], points: { show: false }, value: () => "" },
    ],
    legend: legendOptions,
    cursor: { drag: { x: false, y: false }, points: { size: 7, width: 0 } },
  };
}
