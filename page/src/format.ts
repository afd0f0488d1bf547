/** A number to about four significant digits, as short as that allows; an en dash for what is not a number. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e") as [string, string];
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return minus(`${short}e${exponent.replace("+", "")}`);
  }
  const text = Number.isInteger(value)
    ? value.toLocaleString("en")
    : value.toLocaleString("en", size >= 10 ** digits ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: digits });
  return minus(text);
}

export function formatCount(value: number): string {
  return value.toLocaleString("en");
}

/** The epochs that were completed, and the one that was not. */
export function formatEpochs(steps: number, stepsPerEpoch: number): string {
  const epochs = steps / stepsPerEpoch;
  const whole = Math.floor(epochs + 1e-9);
  if (epochs - whole < 1e-9) return formatCount(whole);
  return whole === 0 ? "in epoch 1" : `${formatCount(whole)}, in epoch ${formatCount(whole + 1)}`;
}

/** A share as a percentage with one decimal. */
export function formatShare(value: number | null): string {
  return value === null || !Number.isFinite(value) ? "–" : `${(100 * value).toFixed(1)}%`;
}

export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? 2 : 1))} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** The moment as it was written, without the part of it that only computers read. */
export function formatMoment(moment: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(moment);
  if (parts === null) return moment;
  const zone = parts[3] === undefined ? "" : parts[3] === "Z" || parts[3] === "+00:00" ? " UTC" : ` ${parts[3]}`;
  return `${parts[1]} ${parts[2]}${zone}`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With the sign that is as wide as a figure. */
export function minus(text: string): string {
  return text.replaceAll("-", "−");
}
