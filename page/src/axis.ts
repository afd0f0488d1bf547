import type uPlot from "uplot";
import type { Palette } from "./palette.ts";
import { linearTicks, logTicks, tickLabels } from "./ticks.ts";

const size = { font: 12, least: 50, beside: 12 };

/** What all axes look like. */
export function plainAxis(palette: Palette): uPlot.Axis {
  const font = `${size.font}px ${palette.font}`;
  return {
    stroke: palette.faint,
    font,
    labelFont: font,
    labelSize: 20,
    grid: { stroke: palette.grid, width: 1 },
    ticks: { show: false },
  };
}

/** An axis with ticks of our own, however far the numbers reach, and as wide as its longest label. */
export function verticalAxis(palette: Palette, label: string, logarithmic: boolean) {
  return {
    ...plainAxis(palette),
    label,
    // The chart library looks for a step among its own first, finds none for very large numbers, and draws no ticks then.
    incrs: () => [Number.MAX_VALUE],
    splits: (_chart, _axis, low, high) => (logarithmic ? logTicks(low, high) : linearTicks(low, high)),
    filter: (_chart, ticks) => ticks,
    values: (_chart, ticks) => tickLabels(ticks),
    size: (chart, labels) => Math.max(size.least, widest(chart.ctx, `${size.font}px ${palette.font}`, labels ?? []) + size.beside),
  } satisfies uPlot.Axis;
}

function widest(ctx: CanvasRenderingContext2D, font: string, labels: readonly string[]): number {
  ctx.save();
  ctx.font = font;
  const width = Math.max(0, ...labels.map((label) => ctx.measureText(label).width));
  ctx.restore();
  return Math.ceil(width);
}
