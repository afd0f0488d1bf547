import type { Marks, Run, Series } from "./contract.ts";
import type { Look } from "./palette.ts";

/** Every curve of a run with variants in the picture of its kind: the picture is named by what is measured, the curve by its variant. */
export function overlaid(run: Pick<Run, "series" | "variants">): Series[] {
  if (run.variants == null) return run.series;
  const names = new Map<string, Set<string>>();
  for (const { group, name } of run.series) names.set(group, (names.get(group) ?? new Set()).add(name));
  return run.series.map((one) => {
    if (one.variant == null) return one;
    // A group of one kind of curve is a picture already; train and test of three variants in one would be six lines that nobody tells apart.
    const single = (names.get(one.group)?.size ?? 0) === 1;
    return { ...one, group: single ? one.group : `${one.group}, ${one.name}`, name: one.variant };
  });
}

/** Blue, orange, green, violet first: the colours that lie furthest apart. */
const order = [0, 1, 2, 6, 4, 3, 5];
const dashes: (number[] | null)[] = [null, [8, 4], [2, 3]];

/** The look of each variant, the same in every picture. */
export function looksOfVariants(names: readonly string[]): (name: string) => Look {
  return (name) => {
    const index = Math.max(names.indexOf(name), 0);
    return { colour: order[index % order.length] as number, dash: dashes[Math.floor(index / order.length) % dashes.length] ?? null };
  };
}

/** What was done to the updates that a curve tells of: those of its variant, or of the run. */
export function marksOf(run: Pick<Run, "marks" | "variants">, series: Pick<Series, "variant">): Marks {
  return run.variants?.find(({ name }) => name === series.variant)?.marks ?? run.marks;
}

/** The bounds on the gradient norm, each once. */
export function clipBounds(run: Pick<Run, "clipBound" | "variants">): number[] {
  const bounds = run.variants == null ? [run.clipBound] : run.variants.map(({ clipBound }) => clipBound);
  return [...new Set(bounds.filter((bound): bound is number => bound != null))];
}
