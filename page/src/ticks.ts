import { formatNumber, minus } from "./format.ts";

/** What may stand within a decade, from all figures to none but the power itself. */
const figures = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]];

/** Where a logarithmic axis has its labels: every so many decades when it spans many, else on figures within them. */
export function logTicks(low: number, high: number, most = 8): number[] {
  // A limit that should be a power may have missed it by a rounding.
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const powers = last - first + 1;
  if (powers >= 4) {
    const stride = Math.ceil(powers / most);
    const ticks: number[] = [];
    for (let power = Math.ceil(first / stride) * stride; power <= last; power += stride) ticks.push(Number(`1e${power}`));
    return ticks;
  }
  for (const set of figures) {
    const ticks: number[] = [];
    for (let power = first - 1; power <= last; power++) {
      for (const figure of set) {
        const tick = Number(`${figure}e${power}`);
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    }
    // So short a stretch of a logarithmic axis is all but linear.
    if (set === figures[0] && ticks.length < 4) return linearTicks(low, high, most);
    if (ticks.length <= most) return ticks;
  }
  return [];
}

/** Where a linear axis has its labels: on multiples of one, two or five times a power of ten. */
export function linearTicks(low: number, high: number, most = 8): number[] {
  const least = (high - low) / (most - 1);
  if (!(least > 0) || !Number.isFinite(least)) return [];
  const power = Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((figure) => Number(`${figure}e${power}`)).find((one) => one >= least) as number;
  const ticks: number[] = [];
  // A limit that should be a multiple may have missed it by a rounding.
  const last = Math.floor(high / step + 1e-9);
  for (let index = Math.ceil(low / step - 1e-9); index <= last; index++) {
    // Added to zero, for which minus zero becomes plain zero.
    const tick = 0 + Number((index * step).toPrecision(12));
    // Where the doubles lie further apart than the step, the next would be the same one again.
    if (tick === ticks[ticks.length - 1]) break;
    ticks.push(tick);
  }
  return ticks;
}

/**
 * The labels of one axis. They tell its ticks apart, and when one of them would be long, all take powers of ten
 * wherever that is shorter: 1, 1e3, 1e6.
 */
export function tickLabels(ticks: readonly number[]): string[] {
  const compact = ticks.some((tick) => tick !== 0 && (Math.abs(tick) >= 1e5 || Math.abs(tick) < 1e-4));
  let labels: string[] = [];
  for (let digits = 3; digits <= 9; digits++) {
    labels = ticks.map((tick) => {
      const plain = formatNumber(tick, digits);
      if (!compact || tick === 0) return plain;
      const power = withPower(tick, digits);
      return power.length < plain.length ? power : plain;
    });
    if (new Set(labels).size === labels.length) break;
  }
  return labels;
}

function withPower(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
  return minus(`${Number(mantissa)}e${Number(exponent)}`);
}
