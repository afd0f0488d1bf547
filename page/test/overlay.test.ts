import { describe, expect, it } from "vitest";
import { contourLevels, contourLines } from "../src/contour.ts";
import type { Landscape, Marks, Series } from "../src/contract.ts";
import { toCsv } from "../src/csv.ts";
import { groupSeries } from "../src/chartData.ts";
import { clipBounds, looksOfVariants, marksOf, overlaid } from "../src/overlay.ts";

const curve = (group: string, name: string, variant: string | null): Series => ({ group, name, variant, axis: "", logarithmic: false, kind: "line", steps: [1, 2], values: [3, 4] });
const none: Marks = { clipped: [], skipped: [], clippedCount: 0, skippedCount: 0 };
const variant = (name: string, clipped: number[], clipBound: number | null) => ({
  name, status: "completed" as const, reason: "", steps: 2, metrics: [], clipBound, marks: { clipped, skipped: [], clippedCount: clipped.length, skippedCount: 0 },
});

describe("curves of variants", () => {
  const variants = [variant("low", [], null), variant("high", [2], 1)];
  const series = ["low", "high"].flatMap((name) => [curve("loss", "train", name), curve("loss", "test", name), curve("gradient norm", "norm", name)]);

  it("share a picture for each thing that is measured, named by their variants", () => {
    const groups = groupSeries(overlaid({ series, variants }));
    expect(groups.map(({ name }) => name)).toEqual(["loss, train", "loss, test", "gradient norm"]);
    for (const group of groups) expect(group.series.map(({ name }) => name)).toEqual(["low", "high"]);
  });

  it("stay as they are in a run without variants", () => {
    const plain = [curve("loss", "train", null), curve("loss", "test", null)];
    expect(overlaid({ series: plain, variants: null })).toBe(plain);
  });

  it("carry the marks of their own variant, and the bounds each once", () => {
    const run = { series, variants, marks: none, clipBound: 7 };
    expect(marksOf(run, curve("gradient norm", "norm", "high")).clipped).toEqual([2]);
    expect(marksOf(run, curve("gradient norm", "norm", "low")).clipped).toEqual([]);
    expect(clipBounds(run)).toEqual([1]);
    expect(clipBounds({ variants: [...variants, variant("other", [], 1), variant("third", [], 5)], clipBound: null })).toEqual([1, 5]);
    expect(clipBounds({ variants: null, clipBound: 7 })).toEqual([7]);
    expect(marksOf({ marks: variants[1]!.marks, variants: null }, curve("gradient norm", "norm", null)).clipped).toEqual([2]);
  });

  it("look different from each other, up to the number a file may have", () => {
    const names = Array.from({ length: 12 }, (_, index) => `v${index}`);
    const lookOf = looksOfVariants(names);
    expect(new Set(names.map((name) => JSON.stringify(lookOf(name)))).size).toBe(12);
    expect(lookOf("v3")).toEqual(looksOfVariants(names.slice(0, 5))("v3"));
  });

  it("tell their variant in the table of all points", () => {
    expect(toCsv([curve("loss", "train", "low")]).split("\r\n").slice(0, 2)).toEqual(["group,series,variant,step,value", "loss,train,low,1,3"]);
    expect(toCsv([curve("loss", "train", null)]).split("\r\n").slice(0, 2)).toEqual(["group,series,step,value", "loss,train,1,3"]);
  });
});

describe("contour lines", () => {
  const grid = (height: (x: number, y: number) => number | null, columns = 41, rows = 31): Landscape => {
    const across: [number, number] = [-2, 2];
    const upwards: [number, number] = [-1.5, 1.5];
    const at = ([low, high]: [number, number], index: number, count: number): number => low + ((high - low) * index) / (count - 1);
    const heights = Array.from({ length: columns * rows }, (_, i) => height(at(across, i % columns, columns), at(upwards, Math.floor(i / columns), rows)));
    return { across, upwards, columns, heights, paths: [] };
  };

  it("of a bowl lie on a circle and close", () => {
    const segments = contourLines(grid((x, y) => x * x + y * y), 1.21001);
    const ends = new Map<string, number>();
    let length = 0;
    for (const [fromX, fromY, toX, toY] of segments) {
      expect(Math.hypot(fromX, fromY)).toBeCloseTo(1.1, 2);
      length += Math.hypot(toX - fromX, toY - fromY);
      for (const [x, y] of [[fromX, fromY], [toX, toY]] as const) {
        const key = `${x.toFixed(9)},${y.toFixed(9)}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    }
    expect(length).toBeCloseTo(2.2 * Math.PI, 1);
    expect([...ends.values()].every((count) => count === 2)).toBe(true);
  });

  it("of a plane are straight, and exact", () => {
    const segments = contourLines(grid((x) => x), 0.55);
    expect(segments).toHaveLength(30);
    for (const [fromX, , toX] of segments) expect([fromX, toX].map((x) => Math.abs(x - 0.55) < 1e-12)).toEqual([true, true]);
  });

  it("of a saddle do not cross", () => {
    // One cell with two opposite corners above: two lines, each cutting off a corner.
    const cell: Landscape = { across: [0, 1], upwards: [0, 1], columns: 2, heights: [0, 3, 3, 0], paths: [] };
    // The mean of the corners is 1.5: above a level of 1, so the low corners are cut off; below one of 2, so the high ones are.
    const corners = (level: number): number[][] => contourLines(cell, level).map(([fromX, fromY, toX, toY]) => [Math.round((fromX + toX) / 2), Math.round((fromY + toY) / 2)]);
    expect(corners(1)).toEqual([[0, 0], [1, 1]]);
    expect(corners(2)).toEqual([[1, 0], [0, 1]]);
  });

  it("leave out cells whose heights are no numbers, and flat ones", () => {
    expect(contourLines(grid(() => null), 1)).toEqual([]);
    expect(contourLevels([2, 2, null])).toEqual([]);
  });

  it("stand closer in height towards the lowest point, all within the heights", () => {
    const levels = contourLevels([3, 10, null, 103]);
    expect(levels).toHaveLength(20);
    levels.forEach((level, index) => {
      expect(level).toBeGreaterThan(3);
      expect(level).toBeLessThan(103);
      if (index > 1) expect(level - levels[index - 1]!).toBeGreaterThan(levels[index - 1]! - levels[index - 2]!);
    });
  });
});
