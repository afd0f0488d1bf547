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
    series: [1, 2, 3, 4, 5, 6, 7].map((index) => colour(`series-${index}`)),
    font: style.getPropertyValue("--sans").trim(),
  };
}

/** How one series is drawn: which of the colours, and dashed if others have that colour too. */
export interface Look {
  colour: number;
  dash: number[] | null;
}

/** What is known keeps its colour whatever else is or is not in a run. */
const known = new Map([
  ["train", 0],
  ["test", 1],
  ["validation", 3],
  ["learning rate/learning rate", 2],
  ["gradient norm/norm", 6],
]);
/** For all other names: colours that are not those of the loss and of what is measured beside it. */
const others = [4, 5, 2, 6];
const dashes = [[8, 4], [2, 3], [10, 3, 2, 3]];

/** The look of each series by its group and name. "train" looks the same under the loss and under the accuracy. */
export function looksOf(series: readonly { group: string; name: string }[]): (group: string, name: string) => Look {
  const fixed = (group: string, name: string): number | undefined => known.get(`${group}/${name}`) ?? known.get(name);
  const names = [...new Set(series.filter(({ group, name }) => fixed(group, name) === undefined).map(({ name }) => name))];
  const taken = new Map<number, string>();
  const places = new Map<string, number>();
  const all = others.length * (dashes.length + 1);
  for (const name of names) {
    // A name begins at a place of its own, and moves on only from one that another name has.
    let place = hash(name) % others.length;
    for (let tried = 0; tried < all && taken.has(place); tried++) place = (place + 1) % all;
    taken.set(place, name);
    places.set(name, place);
  }
  return (group, name) => {
    const colour = fixed(group, name);
    if (colour !== undefined) return { colour, dash: null };
    const place = places.get(name) ?? 0;
    const round = Math.floor(place / others.length);
    return { colour: others[place % others.length] as number, dash: round === 0 ? null : (dashes[round - 1] as number[]) };
  };
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (Math.imul(sum, 31) + (character.codePointAt(0) as number)) >>> 0;
  return sum;
}

/** Calls back when light turns to dark or back, and when the page goes to the printer, where it is always light. */
export function whenLooksChange(redraw: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    redraw();
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    redraw();
  });
}
