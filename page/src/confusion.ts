import type { Confusion } from "./contract.ts";

export interface ClassScore {
  name: string;
  /** Examples of this class. */
  support: number;
  /** Of those called by this name, the share that deserved it; null if none was called so. */
  precision: number | null;
  /** Of those that are of this class, the share found; null if there are none. */
  recall: number | null;
  f1: number | null;
}

export interface Mistake {
  truth: string;
  predicted: string;
  count: number;
}

export function classScores({ classes, counts }: Confusion): ClassScore[] {
  return classes.map((name, index) => {
    const hits = counts[index]?.[index] ?? 0;
    const support = sum(counts[index] ?? []);
    const called = sum(counts.map((row) => row[index] ?? 0));
    const precision = called === 0 ? null : hits / called;
    const recall = support === 0 ? null : hits / support;
    // The harmonic mean written with counts, which stays defined when one of the two shares is zero.
    const f1 = support + called === 0 ? null : (2 * hits) / (support + called);
    return { name, support, precision, recall, f1 };
  });
}

/** Each row divided by its sum; rows without examples stay zero. */
export function rowShares({ counts }: Confusion): number[][] {
  return counts.map((row) => {
    const total = sum(row);
    return row.map((count) => (total === 0 ? 0 : count / total));
  });
}

export function accuracy({ counts }: Confusion): number | null {
  const total = sum(counts.map(sum));
  return total === 0 ? null : sum(counts.map((row, index) => row[index] ?? 0)) / total;
}

/** The pairs most often taken for one another, commonest first. */
export function commonMistakes({ classes, counts }: Confusion, limit: number): Mistake[] {
  const mistakes: Mistake[] = [];
  counts.forEach((row, truth) =>
    row.forEach((count, predicted) => {
      if (truth !== predicted && count > 0) {
        mistakes.push({ truth: classes[truth] ?? "", predicted: classes[predicted] ?? "", count });
      }
    }),
  );
  return mistakes.sort((a, b) => b.count - a.count).slice(0, limit);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
