import uPlot from "uplot";
import { plainAxis, verticalAxis } from "./axis.ts";
import type { Run, Series } from "./contract.ts";
import { align, clippedPoints, gradientNorm, learningRate, positiveOnly, summarise, type ChartGroup } from "./chartData.ts";
import { formatCount, formatNumber } from "./format.ts";
import { clipBounds, marksOf } from "./overlay.ts";
import type { Look, Palette } from "./palette.ts";
import { linearRange, logRange } from "./range.ts";

export interface ChartSettings {
  run: Run;
  extent: [number, number];
  /** How a series is drawn, by its group and name. */
  lookOf: (group: string, name: string) => Look;
  palette: Palette;
  logarithmic: boolean;
  /** Steps in one unit of the horizontal axis: one, or the steps of an epoch. */
  stepsPerUnit: number;
  width: number;
  height: number;
  /** Told whenever the visible stretch changed. */
  zoomChanged: (from: number, to: number) => void;
}

/** The mark beside a name in the legend: points have no line whose colour it could take. */
export const legendOptions: uPlot.Legend = {
  markers: {
    width: 0,
    fill: (chart, index) => {
      const { stroke, points } = chart.series[index] as { stroke?: unknown; points?: { fill?: unknown } };
      const colour = typeof stroke === "function" ? stroke(chart, index) : stroke;
      return (colour ?? points?.fill ?? "transparent") as string;
    },
  },
};

const size = { font: 12, point: 6, mark: 7 };

/** Between two steps there is nothing to put a label on. */
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((figure) => figure * 10 ** power)).flat();

/** The picture of one group of series. */
export function createChart(group: ChartGroup, settings: ChartSettings, target: HTMLElement): uPlot {
  const { run, palette, stepsPerUnit, logarithmic } = settings;
  const marked = group.name === gradientNorm ? group.series : [];
  const clips = marked.map((curve) => ({ curve, ...clippedPoints(curve, marksOf(run, curve)) }));
  const drawn = clips.filter(({ steps }) => steps.length > 0);

  const table = align([...group.series, ...drawn], settings.extent);
  const x = stepsPerUnit === 1 ? table.x : table.x.map((step) => step / stepsPerUnit);
  const columns = logarithmic ? table.columns.map(positiveOnly) : table.columns;
  const series: uPlot.Series[] = [horizontal(stepsPerUnit), ...group.series.map((one) => curveOptions(one, settings))];
  for (const { curve, steps } of drawn) {
    const label = drawn.length === 1 ? "clipped" : `clipped in ${curve.name}`;
    series.push(clippedOptions(palette, curve.variant == null ? label : `steps ${label}`, curve, steps.length, marksOf(run, curve).clippedCount));
  }

  const options: uPlot.Options = {
    width: settings.width,
    height: settings.height,
    scales: {
      x: { time: false, range: (_chart, from, to) => (from === to ? [from - 1, to + 1] : [from, to]) },
      y: { distr: logarithmic ? 3 : 1, range: (_chart, low, high) => verticalRange(low, high, logarithmic, clipLines(group, run)[0] ?? null) },
    },
    axes: [
      { ...plainAxis(palette), ...(stepsPerUnit === 1 ? { incrs: wholeSteps } : {}), size: 30, values: (_chart, ticks) => ticks.map((tick) => formatNumber(tick)), label: stepsPerUnit === 1 ? "step" : "epoch" },
      verticalAxis(palette, group.axis, logarithmic),
    ],
    series,
    cursor: {
      sync: { key: "run", setSeries: false },
      drag: { x: true, y: false },
      y: false,
      points: { size: size.mark, width: 0 },
      // A sparse curve answers with its nearest point; that a step was clipped is true of that step alone.
      hover: { prox: (_chart, index) => (index > group.series.length ? 4 : null) },
    },
    legend: legendOptions,
    hooks: {
      draw: [(chart) => drawMarks(chart, group, settings, clips.flatMap(({ elsewhere }) => elsewhere))],
      setScale: [
        (chart, key) => {
          const { min, max } = chart.scales["x"] as uPlot.Scale;
          if (key === "x" && min != null && max != null) settings.zoomChanged(min, max);
        },
      ],
    },
  };
  return new uPlot(options, [x, ...columns] as uPlot.AlignedData, target);
}

function verticalRange(low: number | null, high: number | null, logarithmic: boolean, line: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return logarithmic ? [0.1, 10] : [0, 1];
  // The bound belongs in the picture unless it would flatten the curve against an edge.
  const near = line !== null && line > 0 && line < high * 2 && line > low / 2;
  const from = near ? Math.min(low, line) : low;
  const to = near ? Math.max(high, line) : high;
  return logarithmic ? logRange(from, to) : linearRange(from, to);
}

function clipLines(group: ChartGroup, run: Run): number[] {
  return group.name === gradientNorm ? clipBounds(run) : [];
}

function horizontal(stepsPerUnit: number): uPlot.Series {
  return {
    label: stepsPerUnit === 1 ? "step" : "epoch",
    value: (_chart, value) => (value == null ? "latest" : stepsPerUnit === 1 ? formatCount(Math.round(value)) : formatNumber(value)),
  };
}

function curveOptions(one: Series, { lookOf, palette }: ChartSettings): uPlot.Series {
  const look = lookOf(one.group, one.name);
  const colour = palette.series[look.colour] as string;
  const points = one.kind === "points";
  const sparse = one.steps.length <= 60;
  const options: uPlot.Series = {
    label: one.name,
    stroke: colour,
    width: points ? 0 : sparse || one.steps.length < 400 ? 2 : 1.25,
    points: { show: points || sparse, size: points ? size.point : 5, fill: colour, width: 0 },
    value: (chart, value, index) => formatNumber(value ?? latest(chart, index)),
  };
  if (points) options.paths = () => null;
  if (look.dash !== null) options.dash = look.dash;
  return options;
}

function clippedOptions(palette: Palette, label: string, curve: Series, drawn: number, count: number): uPlot.Series {
  // Beside a single curve the colour of warnings; among the colours of variants it could be one of theirs.
  const colour = curve.variant == null ? palette.warn : palette.ink;
  return {
    label,
    stroke: colour,
    width: 0,
    paths: () => null,
    points: { show: true, size: drawn > 50 ? 4 : size.point, fill: colour, width: 0 },
    // Its points lie on the curve, whose value stands beside it: what there is to say is how many.
    value: () => (curve.variant != null ? formatCount(count) : count === 1 ? "1 step" : `${formatCount(count)} steps`),
  };
}

/** With no cursor on the chart the legend shows where the curve ended. */
function latest(chart: uPlot, series: number): number | null {
  if (chart.cursor.idx != null) return null;
  const column = chart.data[series] ?? [];
  for (let index = column.length - 1; index >= 0; index--) if (column[index] != null) return column[index] as number;
  return null;
}

/** Lines and ticks that are not data: the best point, the clip bound, steps that were skipped or clipped off the curve. */
function drawMarks(chart: uPlot, group: ChartGroup, { run, palette, stepsPerUnit }: ChartSettings, clippedElsewhere: number[]): void {
  const { ctx, bbox } = chart;
  const pixel = uPlot.pxRatio;
  const across = (step: number): number => chart.valToPos(step / stepsPerUnit, "x", true);
  const inside = (position: number): boolean => position >= bbox.left && position <= bbox.left + bbox.width;
  ctx.save();
  ctx.lineWidth = pixel;
  ctx.font = `${size.font * pixel}px ${palette.font}`;

  const machinery = group.name === gradientNorm || group.name === learningRate;
  if (run.best != null && !machinery && inside(across(run.best.step))) {
    const position = across(run.best.step);
    ctx.strokeStyle = ctx.fillStyle = palette.faint;
    ctx.setLineDash([4 * pixel, 4 * pixel]);
    line(ctx, position, bbox.top, position, bbox.top + bbox.height);
    const leftOfLine = position > bbox.left + bbox.width / 2;
    const wide = ctx.measureText(run.best.label).width;
    // In the corner that the curves leave free, and on paper of its own should a curve pass all the same.
    const left = leftOfLine ? position - wide - 6 * pixel : position + 6 * pixel;
    const foot = bbox.top + (climbs(group) ? bbox.height - 6 * pixel : size.font * pixel + 6 * pixel);
    ctx.fillStyle = palette.paper;
    ctx.fillRect(left - 2 * pixel, foot - size.font * pixel, wide + 4 * pixel, (size.font + 3) * pixel);
    ctx.fillStyle = palette.faint;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(run.best.label, left, foot);
  }

  for (const bound of clipLines(group, run)) {
    const position = chart.valToPos(bound, "y", true);
    if (position >= bbox.top && position <= bbox.top + bbox.height) {
      ctx.strokeStyle = ctx.fillStyle = palette.warn;
      ctx.setLineDash([6 * pixel, 4 * pixel]);
      line(ctx, bbox.left, position, bbox.left + bbox.width, position);
      ctx.textAlign = "right";
      ctx.textBaseline = "bottom";
      ctx.fillText(`clipped above ${formatNumber(bound)}`, bbox.left + bbox.width - 4 * pixel, position - 3 * pixel);
    }
  }

  if (group.name === gradientNorm) {
    ctx.setLineDash([]);
    const foot = bbox.top + bbox.height;
    for (const [steps, colour, height] of [[clippedElsewhere, palette.warn, 6], [group.series.flatMap((one) => marksOf(run, one).skipped), palette.ink, 12]] as const) {
      ctx.strokeStyle = colour;
      for (const step of steps) if (inside(across(step))) line(ctx, across(step), foot, across(step), foot - height * pixel);
    }
  }
  ctx.restore();
}

/** Whether the curves end higher than they began, which leaves the lower right corner free. */
function climbs(group: ChartGroup): boolean {
  const { first, last } = summarise(group.series[0] as Series);
  return first !== null && last !== null && last > first;
}

function line(ctx: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
