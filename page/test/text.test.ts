import { describe, expect, it } from "vitest";
import type { Series } from "../src/contract.ts";
import { fileName, toCsv } from "../src/csv.ts";
import { formatDuration, formatEpochs, formatMoment, formatNumber, formatShare } from "../src/format.ts";

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [1200, "1,200"],
    [0.977777, "0.9778"],
    [123456.7, "123,457"],
    [-0.5, "−0.5"],
    [0.00001234, "1.234e−5"],
    [3e-5, "3e−5"],
    [2.5e12, "2.5e12"],
    [null, "–"],
    [undefined, "–"],
    [NaN, "–"],
    [Infinity, "–"],
  ])("%s is %s", (value, text) => expect(formatNumber(value)).toBe(text));
});

it.each([
  [0, 23, "0"],
  [7, 23, "in epoch 1"],
  [23, 23, "1"],
  [30, 23, "1, in epoch 2"],
  [46000, 23, "2,000"],
])("%s steps of %s to an epoch read %s", (steps, perEpoch, text) => expect(formatEpochs(steps, perEpoch)).toBe(text));

it("formatShare", () => {
  expect(formatShare(0.12345)).toBe("12.3%");
  expect(formatShare(null)).toBe("–");
});

it.each([
  [0.0123, "12 ms"],
  [4.374, "4.37 s"],
  [59.94, "59.9 s"],
  [61, "1 min 1 s"],
  [3599.8, "1 h 0 min"],
  [null, "–"],
])("%s seconds read %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it.each([
  ["2026-03-14T09:26:53+00:00", "2026-03-14 09:26 UTC"],
  ["2026-03-14T09:26:53.123+02:00", "2026-03-14 09:26 +02:00"],
  ["2026-03-14T09:26Z", "2026-03-14 09:26 UTC"],
  ["yesterday", "yesterday"],
])("the moment %s reads %s", (moment, text) => expect(formatMoment(moment)).toBe(text));

describe("toCsv", () => {
  const one = (name: string): Series => ({ group: "loss", name, axis: "", logarithmic: false, kind: "line", steps: [1, 2], values: [0.5, null] });

  it("writes a line a point and leaves gaps empty", () => {
    expect(toCsv([one("train")])).toBe("group,series,step,value\r\nloss,train,1,0.5\r\nloss,train,2,\r\n");
  });

  it("quotes what needs it and defuses formulas", () => {
    expect(toCsv([one('a,"b"')])).toContain('loss,"a,""b""",1,0.5');
    expect(toCsv([one("=cmd()")])).toContain("loss,'=cmd(),1,0.5");
  });
});

it("fileName is safe everywhere", () => {
  expect(fileName("../a b/ç:?", "csv")).toBe("a-b-ç.csv");
  expect(fileName("///", "csv")).toBe("run.csv");
});
