import type { Landscape } from "./contract.ts";

/** A piece of a contour line, in the landscape's own coordinates. */
export type Segment = [fromX: number, fromY: number, toX: number, toY: number];

/** Heights of contour lines: each a fixed share of the way above the lowest point, so that a valley has as many as its walls. */
export function contourLevels(heights: readonly (number | null)[], count = 20, decades = 5): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const height of heights) {
    if (height === null) continue;
    low = Math.min(low, height);
    high = Math.max(high, height);
  }
  if (!(low < high)) return [];
  return Array.from({ length: count }, (_, index) => low + (high - low) * 10 ** (-decades * (1 - index / count)));
}

/**
 * The lines of one height: in each cell of the grid the height is crossed on two of its sides or on all four, and the
 * crossings are joined. Lorensen and Cline (1987) in the plane; a saddle is cut by the mean of its corners.
 */
export function contourLines({ across, upwards, columns, heights }: Landscape, level: number): Segment[] {
  const rows = heights.length / columns;
  const x = (column: number): number => across[0] + ((across[1] - across[0]) * column) / (columns - 1);
  const y = (row: number): number => upwards[0] + ((upwards[1] - upwards[0]) * row) / (rows - 1);
  const segments: Segment[] = [];
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      // Around the cell, from the lower left corner.
      const corners = [heights[at], heights[at + 1], heights[at + columns + 1], heights[at + columns]];
      if (corners.some((corner) => corner == null)) continue;
      const [a, b, c, d] = corners as [number, number, number, number];
      const share = (from: number, to: number): number => (level - from) / (to - from);
      const sides: ([number, number] | null)[] = [
        a < level !== b < level ? [column + share(a, b), row] : null,
        b < level !== c < level ? [column + 1, row + share(b, c)] : null,
        d < level !== c < level ? [column + share(d, c), row + 1] : null,
        a < level !== d < level ? [column, row + share(a, d)] : null,
      ];
      const crossed = sides.filter((side) => side !== null);
      const join = (from: [number, number], to: [number, number]): void => {
        segments.push([x(from[0]), y(from[1]), x(to[0]), y(to[1])]);
      };
      if (crossed.length === 2) join(crossed[0] as [number, number], crossed[1] as [number, number]);
      if (crossed.length === 4) {
        const [lower, right, upper, left] = crossed as [number, number][];
        // The middle belongs to the first corner or it does not: its corner is cut off, or the other two are.
        const joined = (a + b + c + d) / 4 < level === a < level;
        join(lower as [number, number], (joined ? right : left) as [number, number]);
        join(upper as [number, number], (joined ? left : right) as [number, number]);
      }
    }
  }
  return segments;
}
