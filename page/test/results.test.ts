import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { accuracy, classScores, commonMistakes, rowShares } from "../src/confusion.ts";
import { parseRun } from "../src/contract.ts";
import { looksOf } from "../src/palette.ts";
import { predictionPoints } from "../src/predictions.ts";
import { linearRange, logRange } from "../src/range.ts";

describe("confusion", () => {
  const confusion = { classes: ["a", "b", "c"], counts: [[8, 2, 0], [1, 9, 0], [0, 0, 0]] };

  it("scores each class, and says nothing of what never came up", () => {
    const [a, b, c] = classScores(confusion);
    expect(a).toMatchObject({ support: 10, recall: 0.8 });
    expect(a?.precision).toBeCloseTo(8 / 9);
    expect(a?.f1).toBeCloseTo(16 / 19);
    expect(b?.precision).toBeCloseTo(9 / 11);
    expect(c).toEqual({ name: "c", support: 0, precision: null, recall: null, f1: null });
  });

  it("knows shares, accuracy and the commonest mistakes", () => {
    expect(rowShares(confusion)).toEqual([[0.8, 0.2, 0], [0.1, 0.9, 0], [0, 0, 0]]);
    expect(accuracy(confusion)).toBe(0.85);
    expect(accuracy({ classes: [], counts: [] })).toBeNull();
    expect(commonMistakes(confusion, 1)).toEqual([{ truth: "a", predicted: "b", count: 2 }]);
  });
});

it("predictionPoints sorts pairs, drops gaps and gives both axes one range", () => {
  const points = predictionPoints({ target: "y", unit: "", truth: [3, 1, null, 2], predicted: [4, 0, 5, null] });
  expect(points?.truth).toEqual([1, 3]);
  expect(points?.predicted).toEqual([0, 4]);
  expect(points?.range[0]).toBeLessThan(0);
  expect(points?.range[1]).toBeGreaterThan(4);
  expect(predictionPoints({ target: "y", unit: "", truth: [null], predicted: [1] })).toBeNull();
});

describe("ranges", () => {
  it("logarithmic ones end on figures of one digit", () => {
    expect(logRange(0.0321, 2.1)).toEqual([0.03, 3]);
    expect(logRange(0.003, 0.2)).toEqual([0.003, 0.2]);
    const [low, high] = logRange(1, 1);
    expect(low).toBeLessThan(high);
  });

  it("linear ones show zero when it is near", () => {
    expect(linearRange(0.1, 1)[0]).toBe(0);
    expect(linearRange(0.9, 1)[0]).toBeGreaterThan(0.8);
    const [low, high] = linearRange(5, 5);
    expect(low).toBeLessThan(high);
  });
});

describe("looksOf", () => {
  const all = [["loss", "train"], ["loss", "validation"], ["loss", "test"], ["accuracy", "test"], ["learning rate", "learning rate"], ["gradient norm", "norm"], ["value", "here"]]
    .map(([group, name]) => ({ group: group as string, name: name as string }));

  it("does not depend on what else there is", () => {
    const together = looksOf(all);
    for (const one of all) expect(looksOf([one])(one.group, one.name)).toEqual(together(one.group, one.name));
    expect(together("accuracy", "test")).toEqual(together("loss", "test"));
  });

  it("tells what is known apart by colour alone", () => {
    const look = looksOf(all);
    const colours = new Set(all.slice(0, 6).map(({ group, name }) => look(group, name).colour));
    expect(colours.size).toBe(5);
  });

  it("tells other names apart, by dashes when colours run out", () => {
    const many = Array.from({ length: 16 }, (_, index) => ({ group: "value", name: `run ${index}` }));
    const look = looksOf(many);
    expect(new Set(many.map(({ group, name }) => JSON.stringify(look(group, name)))).size).toBe(16);
    expect(() => looksOf([...many, { group: "value", name: "one more" }])).not.toThrow();
  });
});

describe("parseRun", () => {
  // Written by the .NET tests, which hold it against what the writer writes today.
  const text = readFileSync(new URL("contract.json", import.meta.url), "utf8");

  it("reads what .NET writes", () => {
    const run = parseRun(text);
    expect(run).toMatchObject({ name: "digits-mlp", status: "completed", seed: "18446744073709551557", steps: 300, clipBound: 1 });
    expect(run.started).toMatch(/^2026-03-14T09:26:53/);
    expect(run.machine?.threads).toBe(4);
    expect(run.network[0]).toEqual({ text: "Dense(64 → 128)", shape: "[batch, 128]", parameters: 8320 });
    expect(run.series.map((one) => `${one.group}/${one.name}/${one.kind}`)).toContain("gradient norm/norm/line");
    expect(run.series.at(-1)?.values).toContain(null);
    expect(run.marks).toMatchObject({ skipped: [150], skippedCount: 1 });
    expect(run.confusion?.counts).toHaveLength(10);
  });

  it("says what is wrong with what it cannot read", () => {
    expect(() => parseRun("{}")).toThrow('no list "series"');
    expect(() => parseRun(text.replace('"steps":[5,', '"steps":['))).toThrow("steps but");
    expect(() => parseRun("__RUN__")).toThrow();
  });
});
