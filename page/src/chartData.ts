import type { Marks, Series } from "./contract.ts";

/** All the series that share one picture. */
export interface ChartGroup {
  name: string;
  axis: string;
  logarithmic: boolean;
  series: Series[];
}

/** A column of a chart: undefined where this series has no point, null where it has a gap. */
export type Column = (number | null | undefined)[];

export interface ChartTable {
  x: number[];
  columns: Column[];
}

export const gradientNorm = "gradient norm";
export const learningRate = "learning rate";

/** What a reader looks for first comes first; what is not known keeps the order it came in, before the machinery. */
const placeOf = new Map([["loss", 0], [learningRate, 1000], [gradientNorm, 1001]]);

export function groupSeries(series: readonly Series[]): ChartGroup[] {
  const groups = new Map<string, ChartGroup>();
  for (const one of series) {
    const group = groups.get(one.group);
    if (group === undefined) {
      groups.set(one.group, { name: one.group, axis: one.axis, logarithmic: one.logarithmic, series: [one] });
    } else {
      group.series.push(one);
      group.logarithmic ||= one.logarithmic;
    }
  }
  const inOrder = [...groups.values()].map((group, index) => ({ group, place: placeOf.get(group.name) ?? 1 + index }));
  return inOrder.sort((a, b) => a.place - b.place).map(({ group }) => group);
}

/** The first and the last step of all series, so that all pictures can show the same stretch. */
export function stepExtent(series: readonly Series[]): [number, number] | null {
  let first = Infinity;
  let last = -Infinity;
  for (const { steps } of series) {
    first = Math.min(first, steps[0] ?? Infinity);
    last = Math.max(last, steps[steps.length - 1] ?? -Infinity);
  }
  return first <= last ? [first, last] : null;
}

/**
 * Puts series with different steps over one common column of steps. The extent's ends are always in it,
 * which makes all charts span the same steps.
 */
export function align(series: readonly Pick<Series, "steps" | "values">[], extent: readonly number[]): ChartTable {
  const x = [...new Set([...extent, ...series.flatMap((one) => one.steps)])].sort((a, b) => a - b);
  const place = new Map(x.map((step, index) => [step, index]));
  const columns = series.map((one) => {
    const column: Column = new Array<undefined>(x.length).fill(undefined);
    one.steps.forEach((step, index) => {
      column[place.get(step) as number] = one.values[index] ?? null;
    });
    return column;
  });
  return { x, columns };
}

/** On a logarithmic axis zero and less have no place: they become gaps. */
export function positiveOnly(column: Column): Column {
  return column.map((value) => (value !== undefined && value !== null && value <= 0 ? null : value));
}

export function hasPositive(series: readonly Series[]): boolean {
  return series.some(({ values }) => values.some((value) => value !== null && value > 0));
}

/** The points of a curve at which the update was clipped, and the marked steps that have no point on it. */
export function clippedPoints(
  curve: Series,
  marks: Marks,
): { steps: number[]; values: (number | null)[]; elsewhere: number[] } {
  const clipped = new Set(marks.clipped);
  const steps: number[] = [];
  const values: (number | null)[] = [];
  curve.steps.forEach((step, index) => {
    const value = curve.values[index];
    if (value !== null && value !== undefined && clipped.delete(step)) {
      steps.push(step);
      values.push(value);
    }
  });
  return { steps, values, elsewhere: [...clipped].sort((a, b) => a - b) };
}

export interface SeriesSummary {
  first: number | null;
  last: number | null;
  lowest: { value: number; step: number } | null;
  highest: { value: number; step: number } | null;
  gaps: number;
}

export function summarise({ steps, values }: Pick<Series, "steps" | "values">): SeriesSummary {
  const summary: SeriesSummary = { first: null, last: null, lowest: null, highest: null, gaps: 0 };
  values.forEach((value, index) => {
    if (value === null) {
      summary.gaps++;
      return;
    }
    const point = { value, step: steps[index] as number };
    summary.first ??= value;
    summary.last = value;
    if (summary.lowest === null || value < summary.lowest.value) summary.lowest = point;
    if (summary.highest === null || value > summary.highest.value) summary.highest = point;
  });
  return summary;
}

/** A stretch around the middle, as wide as asked, kept within the whole. */
export function zoomed(
  [from, to]: readonly [number, number],
  factor: number,
  middle: number,
  [first, last]: readonly [number, number],
): [number, number] {
  const width = Math.min((to - from) * factor, last - first);
  const start = Math.min(Math.max(middle - width / 2, first), last - width);
  return [start, start + width];
}
