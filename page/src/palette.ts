/**
 * The colours of the charts, read from the style sheet, which knows light from dark. They are chosen to differ in
 * lightness as well as in hue, so that readers who see fewer hues, and printers without any, tell them apart.
 */
export interface Palette {
  ink: string;
  faint: string;
  grid: string;
  paper: string;
  warn: string;
  series: string[];
  font: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    faint: colour("faint"),
    grid: colour("grid"),
    paper: colour("paper"),
    warn: colour("warn"),
    series: [1, 2, 3, 4, 5, 6].map((index) => colour(`series-${index}`)),
    font: style.getPropertyValue("--sans").trim(),
  };
}

/** One colour for a name wherever it appears: "train" looks the same under the loss and under the accuracy. */
export function colourOf(names: readonly string[], name: string, colours: readonly string[]): string {
  return colours[Math.max(names.indexOf(name), 0) % colours.length] as string;
}

/** Past the number of colours, lines are told apart by their dashes. */
export function dashOf(names: readonly string[], name: string, colours: readonly string[]): number[] | null {
  const round = Math.floor(Math.max(names.indexOf(name), 0) / colours.length);
  return round === 0 ? null : [[8, 4], [2, 3], [10, 3, 2, 3]][(round - 1) % 3] as number[];
}

/** The names of all series in the order in which they first appear: what the colours go by. */
export function namesInOrder(series: readonly { name: string }[]): string[] {
  return [...new Set(series.map((one) => one.name))];
}
