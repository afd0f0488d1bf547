import { describe, expect, it } from "vitest";
import { linearTicks, logTicks, tickLabels } from "../src/ticks.ts";

describe("logTicks", () => {
  it("goes by decades with a stride when there are many", () => {
    expect(logTicks(1, 1e33)).toEqual([1, 1e5, 1e10, 1e15, 1e20, 1e25, 1e30]);
    expect(logTicks(2, 6e21)).toEqual([1e3, 1e6, 1e9, 1e12, 1e15, 1e18, 1e21]);
    expect(logTicks(0.003, 20)).toEqual([0.01, 0.1, 1, 10]);
  });

  it("takes figures within decades when there are few", () => {
    expect(logTicks(0.03, 3)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(logTicks(0.2, 3)).toEqual([0.2, 0.3, 0.5, 0.7, 1, 2, 3]);
    expect(logTicks(0.6, 0.7)).toEqual([0.6, 0.62, 0.64, 0.66, 0.68, 0.7]);
  });

  it("has four to eight labels wherever an axis may end", () => {
    for (let from = -40; from < 40; from++) {
      for (let decades = 0; decades < 60; decades++) {
        for (const [low, high] of [[1, 2], [3, 4], [1, 9], [2, 9], [8, 10], [5, 70], [9, 110]] as const) {
          const ticks = logTicks(Number(`${low}e${from}`), Number(`${high}e${from + decades}`));
          expect(ticks.length, `${low}e${from} to ${high}e${from + decades}: ${ticks.join(" ")}`).toBeGreaterThanOrEqual(4);
          expect(ticks.length, `${low}e${from} to ${high}e${from + decades}: ${ticks.join(" ")}`).toBeLessThanOrEqual(8);
        }
      }
    }
  });
});

it("linearTicks are round numbers, also very large ones", () => {
  expect(linearTicks(0, 0.003)).toEqual([0, 0.0005, 0.001, 0.0015, 0.002, 0.0025, 0.003]);
  expect(linearTicks(-1e33, 4e33)).toEqual([-1e33, 0, 1e33, 2e33, 3e33, 4e33]);
  expect(linearTicks(5, 5)).toEqual([]);
  expect(linearTicks(1, 1 + 1e-15).length).toBeLessThan(3);
});

describe("tickLabels", () => {
  it.each([
    [[1, 1e3, 1e6], ["1", "1e3", "1e6"]],
    [[0.01, 1, 100, 1e4, 1e7], ["0.01", "1", "100", "1e4", "1e7"]],
    [[0, 5000, 10000], ["0", "5,000", "10,000"]],
    [[0, 50000, 100000], ["0", "5e4", "1e5"]],
    [[-8e12, 0], ["−8e12", "0"]],
    [[0, 0.00005, 0.0001], ["0", "5e−5", "1e−4"]],
    [[0.001, 0.002], ["0.001", "0.002"]],
  ])("%j", (ticks, labels) => expect(tickLabels(ticks)).toEqual(labels));

  it("tells close ticks apart", () => {
    expect(tickLabels([0.9999, 0.99995, 1])).toEqual(["0.9999", "0.99995", "1"]);
    expect(tickLabels([1000100, 1000200])).toEqual(["1.0001e6", "1.0002e6"]);
  });
});
