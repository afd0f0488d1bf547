/** The limits of a logarithmic axis: the data's own, widened to the nearest figure of one digit, where ticks can stand. */
export function logRange(lowest: number, highest: number): [number, number] {
  const low = oneDigit(lowest, Math.floor);
  const high = oneDigit(highest, Math.ceil);
  return low < high ? [low, high] : [low / 2, low * 2];
}

/** The limits of a linear axis: the data's own with a little air, and zero when it is near enough to be worth showing. */
export function linearRange(lowest: number, highest: number): [number, number] {
  const air = (highest - lowest) * 0.06 || Math.abs(highest) * 0.1 || 1;
  const nearZero = (highest - lowest) * 0.25;
  const low = lowest >= 0 && lowest <= nearZero ? 0 : lowest - air;
  const high = highest <= 0 && -highest <= nearZero ? 0 : highest + air;
  return [low, high];
}

function oneDigit(value: number, round: (value: number) => number): number {
  const power = Math.floor(Math.log10(value));
  // Powers are applied by division below one, where they are exact: 3 / 1000 is the double nearest 0.003.
  const digit = round(power < 0 ? value * 10 ** -power : value / 10 ** power);
  return power < 0 ? digit / 10 ** -power : digit * 10 ** power;
}
