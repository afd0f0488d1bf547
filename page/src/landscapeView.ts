import { contourLevels, contourLines } from "./contour.ts";
import type { Landscape, Path, Run } from "./contract.ts";
import { element, section } from "./dom.ts";
import { formatCount, formatNumber } from "./format.ts";
import { looksOfVariants } from "./overlay.ts";
import { readPalette, whenLooksChange, type Look, type Palette } from "./palette.ts";
import { linearTicks, tickLabels } from "./ticks.ts";

const size = { font: 12, left: 56, right: 12, top: 10, bottom: 34, wide: 460, narrow: 300, point: 2.2, end: 5, dotted: 400 };

/** The ways taken over the contour lines of a function of two numbers. */
export function landscapeSection(run: Run): HTMLElement | null {
  const landscape = run.landscape;
  if (landscape == null) return null;
  const lookOf = looksOfVariants((run.variants ?? []).map(({ name }) => name));
  const canvas = element("canvas", { role: "img", "aria-label": describe(landscape) });
  const target = element("div", { class: "landscape" }, canvas);
  const draw = (): void => drawLandscape(canvas, target.clientWidth, landscape, lookOf, readPalette());
  whenLooksChange(draw);
  // In the next frame: drawing changes sizes, which an observer must not do while it observes.
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(target);

  const legend = element("ul", { class: "legend" });
  for (const path of landscape.paths) {
    if (path.name === "") continue;
    legend.append(element("li", {}, swatch(lookOf(path.name)), path.name));
  }
  const lines = "Contour lines, closer in height towards the lowest point; each way begins at the ring";
  const note = `${lines}${landscape.lowest == null ? "." : ", and the cross is the minimum."}${landscape.paths.some((path) => leaves(path, landscape)) ? " A way that ends at the frame has left the picture." : ""}`;
  return section("paths", landscape.paths.length > 1 ? "Paths" : "Path", element("figure", {}, target, legend, element("figcaption", {}, note)));
}

/** The colour of a variant as a short line, which the print has too. */
export function swatch({ colour, dash }: Look): HTMLElement {
  return element("span", { class: `swatch${dash === null ? "" : " dashed"}`, style: `--tone: var(--series-${colour + 1})`, "aria-hidden": "true" });
}

function leaves({ x, y }: Path, { across, upwards }: Landscape): boolean {
  return x.some((value, index) => {
    const other = y[index];
    return value === null || other == null || value < across[0] || value > across[1] || other < upwards[0] || other > upwards[1];
  });
}

/** The picture in words. */
function describe({ paths, lowest }: Landscape): string {
  const place = (x: number | null | undefined, y: number | null | undefined): string => `(${formatNumber(x)}, ${formatNumber(y)})`;
  const ways = paths.map(({ name, x, y }) => `${name === "" ? "The path" : name}: from ${place(x[0], y[0])} to ${place(x.at(-1), y.at(-1))} in ${formatCount(x.length - 1)} points`);
  return `Paths over contour lines. ${ways.join(". ")}.${lowest == null ? "" : ` The minimum is at ${place(lowest[0], lowest[1])}.`}`;
}

function drawLandscape(canvas: HTMLCanvasElement, width: number, landscape: Landscape, lookOf: (name: string) => Look, palette: Palette): void {
  if (width === 0) return;
  const height = width < 480 ? size.narrow : size.wide;
  const pixel = devicePixelRatio;
  canvas.width = Math.round(width * pixel);
  canvas.height = Math.round(height * pixel);
  canvas.style.height = `${height}px`;
  const ctx = canvas.getContext("2d") as CanvasRenderingContext2D;
  ctx.scale(pixel, pixel);
  const { across, upwards } = landscape;
  const frame = { x: size.left, y: size.top, width: width - size.left - size.right, height: height - size.top - size.bottom };
  const left = (x: number): number => frame.x + ((x - across[0]) / (across[1] - across[0])) * frame.width;
  const top = (y: number): number => frame.y + frame.height - ((y - upwards[0]) / (upwards[1] - upwards[0])) * frame.height;

  drawAxes(ctx, landscape, frame, left, top, palette);
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.x, frame.y, frame.width, frame.height);
  ctx.clip();
  drawContours(ctx, landscape, left, top, palette);
  for (const path of landscape.paths) drawPath(ctx, path, left, top, lookOf(path.name), palette);
  const { lowest } = landscape;
  if (lowest != null) {
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (const side of [1, -1]) {
      ctx.moveTo(left(lowest[0]) - size.end, top(lowest[1]) - side * size.end);
      ctx.lineTo(left(lowest[0]) + size.end, top(lowest[1]) + side * size.end);
    }
    ctx.stroke();
  }
  ctx.restore();
}

function drawAxes(
  ctx: CanvasRenderingContext2D,
  { across, upwards }: Landscape,
  frame: { x: number; y: number; width: number; height: number },
  left: (x: number) => number,
  top: (y: number) => number,
  palette: Palette,
): void {
  ctx.font = `${size.font}px ${palette.font}`;
  ctx.fillStyle = palette.faint;
  ctx.strokeStyle = palette.grid;
  ctx.strokeRect(frame.x, frame.y, frame.width, frame.height);
  const columns = linearTicks(across[0], across[1]);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  tickLabels(columns).forEach((label, index) => ctx.fillText(label, left(columns[index] as number), frame.y + frame.height + 6));
  ctx.fillText("x₁", frame.x + frame.width / 2, frame.y + frame.height + 20);
  const rows = linearTicks(upwards[0], upwards[1]);
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  tickLabels(rows).forEach((label, index) => ctx.fillText(label, frame.x - 6, top(rows[index] as number)));
  ctx.textAlign = "left";
  ctx.fillText("x₂", 4, frame.y + frame.height / 2);
}

function drawContours(ctx: CanvasRenderingContext2D, landscape: Landscape, left: (x: number) => number, top: (y: number) => number, palette: Palette): void {
  const levels = contourLevels(landscape.heights);
  ctx.strokeStyle = palette.faint;
  ctx.lineWidth = 0.75;
  levels.forEach((level, index) => {
    // Paler uphill, so that the valley is where the eye goes.
    ctx.globalAlpha = 0.85 - (0.4 * index) / levels.length;
    ctx.beginPath();
    for (const [fromX, fromY, toX, toY] of contourLines(landscape, level)) {
      ctx.moveTo(left(fromX), top(fromY));
      ctx.lineTo(left(toX), top(toY));
    }
    ctx.stroke();
  });
  ctx.globalAlpha = 1;
}

function drawPath(ctx: CanvasRenderingContext2D, { x, y }: Path, left: (x: number) => number, top: (y: number) => number, { colour, dash }: Look, palette: Palette): void {
  const points: [number, number][] = [];
  for (let index = 0; index < x.length; index++) {
    const across = x[index];
    const upwards = y[index];
    // What is not finite is the end: nothing sound came after it. Far outside, a canvas loses its way too.
    if (across == null || upwards == null || Math.abs(left(across)) > 1e6 || Math.abs(top(upwards)) > 1e6) break;
    points.push([left(across), top(upwards)]);
  }
  ctx.strokeStyle = ctx.fillStyle = palette.series[colour] as string;
  ctx.lineWidth = points.length <= size.dotted ? 1.5 : 0.75;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash ?? []);
  ctx.beginPath();
  points.forEach(([across, upwards], index) => (index === 0 ? ctx.moveTo(across, upwards) : ctx.lineTo(across, upwards)));
  ctx.stroke();
  ctx.setLineDash([]);
  if (points.length <= size.dotted) {
    ctx.beginPath();
    for (const [across, upwards] of points) disc(ctx, across, upwards, size.point);
    ctx.fill();
  }
  const last = points[points.length - 1];
  const first = points[0];
  if (last === undefined || first === undefined) return;
  ctx.beginPath();
  disc(ctx, last[0], last[1], size.end - 1);
  ctx.fill();
  ctx.strokeStyle = palette.ink;
  ctx.beginPath();
  disc(ctx, first[0], first[1], size.end);
  ctx.stroke();
}

function disc(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.moveTo(x + radius, y);
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}
