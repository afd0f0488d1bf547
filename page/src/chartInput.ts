import type uPlot from "uplot";
import { zoomed } from "./chartData.ts";
import { element } from "./dom.ts";

/** Moves the cursor and the zoom of a chart by keys, and says aloud what stands under the cursor. */
export function attachKeys(
  target: HTMLElement,
  chartOf: () => uPlot | null,
  whole: () => [number, number],
  show: (stretch: [number, number]) => void,
): void {
  const voice = element("div", { class: "unseen", "aria-live": "polite" });
  target.append(voice);
  target.addEventListener("keydown", (event) => {
    const chart = chartOf();
    const { min, max } = chart?.scales["x"] ?? {};
    if (chart === null || min == null || max == null || event.ctrlKey || event.metaKey || event.altKey) return;
    const width = chart.over.clientWidth;
    const at = chart.cursor.left ?? -1;
    const left = at < 0 ? width / 2 : at;
    const stride = width / (event.shiftKey ? 10 : 100);
    const middle = chart.posToVal(left, "x");
    const moves: Record<string, () => void> = {
      ArrowLeft: () => moveTo(chart, Math.max(left - stride, 0), voice),
      ArrowRight: () => moveTo(chart, Math.min(left + stride, width), voice),
      Home: () => moveTo(chart, 0, voice),
      End: () => moveTo(chart, width, voice),
      "+": () => show(zoomed([min, max], 0.5, middle, whole())),
      "=": () => show(zoomed([min, max], 0.5, middle, whole())),
      "-": () => show(zoomed([min, max], 2, middle, whole())),
      Escape: () => show(whole()),
      "0": () => show(whole()),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  });
}

/** A finger that moves sideways moves the cursor; up and down it scrolls the page as everywhere. */
export function attachTouch(chart: uPlot): void {
  const follow = (event: TouchEvent): void => {
    const touch = event.touches[0];
    if (touch === undefined) return;
    const box = chart.over.getBoundingClientRect();
    placeCursor(chart, Math.min(Math.max(touch.clientX - box.left, 0), box.width));
  };
  chart.over.addEventListener("touchstart", follow, { passive: true });
  chart.over.addEventListener("touchmove", follow, { passive: true });
}

function moveTo(chart: uPlot, left: number, voice: HTMLElement): void {
  placeCursor(chart, left);
  const rows = [...chart.root.querySelectorAll(".u-legend .u-series")];
  voice.textContent = rows
    .map((row) => `${row.querySelector(".u-label")?.textContent} ${row.querySelector(".u-value")?.textContent}`)
    .join(", ");
}

/** Puts the cursor of this chart there, and that of the others at the same step, as a mouse would. */
function placeCursor(chart: uPlot, left: number): void {
  // The third argument, which tells the other charts, is the library's own way of doing it but not in its types.
  const setCursor = chart.setCursor as (place: { left: number; top: number }, fire: boolean, publish: boolean) => void;
  setCursor({ left, top: chart.over.clientHeight / 2 }, true, true);
}
