/** The run as the .NET side writes it; src/Glissade.Experiments/Reporting/RunReport.cs is the other half of this agreement. */
export interface Run {
  name: string;
  kind: string;
  status: Status;
  reason: string;
  /** As text: a 64-bit number does not fit a JavaScript number. */
  seed: string;
  seconds: number | null;
  started?: string | null;
  experiment: string;
  machine?: { processor: string; threads: number } | null;
  steps: number;
  parameters: number;
  stepsPerEpoch?: number | null;
  network: Layer[];
  metrics: Metric[];
  series: Series[];
  marks: Marks;
  clipBound?: number | null;
  best?: { step: number; label: string } | null;
  /** How each of several variants ended that are shown side by side. */
  variants?: Variant[] | null;
  landscape?: Landscape | null;
  confusion?: Confusion | null;
  predictions?: Predictions | null;
  warnings: string[];
}

export type Status = "completed" | "diverged" | "interrupted" | "failed";

export interface Layer {
  text: string;
  shape: string;
  parameters: number;
}

export interface Metric {
  name: string;
  value: number | null;
  higherIsBetter: boolean;
}

export interface Series {
  name: string;
  group: string;
  /** The variant it is of, where a run has variants. */
  variant?: string | null;
  axis: string;
  logarithmic: boolean;
  kind: "line" | "points";
  steps: number[];
  /** A null is a number that was not finite: a gap in the line. */
  values: (number | null)[];
  /** How many points were recorded, if more than are here. */
  recorded?: number | null;
}

export interface Marks {
  clipped: number[];
  skipped: number[];
  clippedCount: number;
  skippedCount: number;
}

export interface Variant {
  name: string;
  status: Status;
  reason: string;
  steps: number;
  metrics: Metric[];
  marks: Marks;
  clipBound?: number | null;
}

/** The way that was taken over a landscape; a null is a number that was not finite. */
export interface Path {
  name: string;
  x: (number | null)[];
  y: (number | null)[];
}

/** A function of two numbers on a grid. */
export interface Landscape {
  across: [number, number];
  upwards: [number, number];
  columns: number;
  /** Row by row, the lowest row first. */
  heights: (number | null)[];
  lowest?: [number, number] | null;
  paths: Path[];
}

export interface Confusion {
  classes: string[];
  /** A row for each true class, a column for each predicted one. */
  counts: number[][];
}

export interface Predictions {
  target: string;
  unit: string;
  truth: (number | null)[];
  predicted: (number | null)[];
  recorded?: number | null;
  /** Measured on all recorded points, not only on those shown. */
  errors?: { rSquared: number | null; rootMeanSquare: number | null; meanAbsolute: number | null } | null;
}

/** Reads the run out of the page; says what is wrong with it rather than showing an empty page. */
export function parseRun(text: string): Run {
  const run = JSON.parse(text) as Partial<Run>;
  for (const list of ["series", "metrics", "network", "warnings"] as const) {
    if (!Array.isArray(run[list])) throw new Error(`The run in this page has no list "${list}".`);
  }
  for (const series of run.series ?? []) {
    if (series.steps.length !== series.values.length) {
      throw new Error(`The series "${series.name}" has ${series.steps.length} steps but ${series.values.length} values.`);
    }
  }
  return run as Run;
}
