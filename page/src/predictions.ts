import type { Predictions } from "./contract.ts";

export interface PredictionPoints {
  /** Ascending. */
  truth: number[];
  predicted: number[];
  /** The limits that both axes share. */
  range: [number, number];
}

/** The pairs in which both numbers are finite, in order of the true value; null if there are none. */
export function predictionPoints({ truth, predicted }: Predictions): PredictionPoints | null {
  const pairs: [number, number][] = [];
  truth.forEach((value, index) => {
    const answer = predicted[index];
    if (value !== null && answer !== null && answer !== undefined) pairs.push([value, answer]);
  });
  if (pairs.length === 0) return null;
  pairs.sort((a, b) => a[0] - b[0]);
  let low = Infinity;
  let high = -Infinity;
  for (const [value, answer] of pairs) {
    low = Math.min(low, value, answer);
    high = Math.max(high, value, answer);
  }
  const air = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
  return { truth: pairs.map(([value]) => value), predicted: pairs.map(([, answer]) => answer), range: [low - air, high + air] };
}
