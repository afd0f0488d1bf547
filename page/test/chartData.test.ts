import { describe, expect, it } from "vitest";
import { align, clippedPoints, groupSeries, positiveOnly, stepExtent, summarise, zoomed } from "../src/chartData.ts";
import type { Series } from "../src/contract.ts";

function series(group: string, name: string, steps: number[], values: (number | null)[]): Series {
  return { group, name, steps, values, axis: "", logarithmic: false, kind: "line" };
}

describe("groupSeries", () => {
  it("puts the loss first and the machinery last", () => {
    const names = ["gradient norm", "accuracy", "learning rate", "reward", "loss", "accuracy"];
    const groups = groupSeries(names.map((name) => series(name, "a", [], [])));
    expect(groups.map((group) => group.name)).toEqual(["loss", "accuracy", "reward", "learning rate", "gradient norm"]);
    expect(groups[1]?.series).toHaveLength(2);
  });
});

describe("align", () => {
  it("tells a step without a point from a gap", () => {
    const table = align([series("loss", "a", [1, 3], [10, null]), series("loss", "b", [2, 3], [5, 6])], [0, 4]);
    expect(table.x).toEqual([0, 1, 2, 3, 4]);
    expect(table.columns).toEqual([
      [undefined, 10, undefined, null, undefined],
      [undefined, undefined, 5, 6, undefined],
    ]);
  });
});

it("stepExtent spans all series and is null for none", () => {
  expect(stepExtent([series("a", "a", [5, 9], [1, 1]), series("a", "b", [2], [1]), series("a", "c", [], [])])).toEqual([2, 9]);
  expect(stepExtent([series("a", "c", [], [])])).toBeNull();
});

it("positiveOnly makes gaps of what a logarithm cannot show", () => {
  expect(positiveOnly([1, 0, -1, null, undefined])).toEqual([1, null, null, null, undefined]);
});

it("clippedPoints finds the marked points of a curve and the marks off it", () => {
  const marks = { clipped: [1, 2, 3, 7], skipped: [], clippedCount: 4, skippedCount: 0 };
  expect(clippedPoints(series("gradient norm", "norm", [1, 3, 5, 7], [4, 5, 6, null]), marks)).toEqual({
    steps: [1, 3],
    values: [4, 5],
    elsewhere: [2, 7],
  });
});

it("summarise passes over gaps", () => {
  expect(summarise(series("loss", "a", [1, 2, 3, 4, 5], [null, 3, 1, 2, null]))).toEqual({
    first: 3,
    last: 2,
    lowest: { value: 1, step: 3 },
    highest: { value: 3, step: 2 },
    gaps: 2,
  });
  expect(summarise(series("loss", "a", [1], [null])).lowest).toBeNull();
});

it("zoomed stays within the whole", () => {
  expect(zoomed([0, 100], 0.5, 50, [0, 100])).toEqual([25, 75]);
  expect(zoomed([0, 100], 0.5, 1, [0, 100])).toEqual([0, 50]);
  expect(zoomed([60, 100], 2, 99, [0, 100])).toEqual([20, 100]);
  expect(zoomed([0, 100], 2, 50, [0, 100])).toEqual([0, 100]);
});
