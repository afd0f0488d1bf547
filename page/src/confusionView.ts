import type { Confusion } from "./contract.ts";
import { accuracy, classScores, commonMistakes, rowShares, type Mistake } from "./confusion.ts";
import { choice, element, framed, headRow, numberCell, section } from "./dom.ts";
import { formatCount, formatShare } from "./format.ts";

/** Which class was taken for which: right answers in one colour, wrong ones in another, darker for a larger share of the row. */
export function confusionSection(confusion: Confusion): HTMLElement {
  const shares = rowShares(confusion);
  const cells: { cell: HTMLElement; count: number; share: number }[] = [];

  const corner = element("th", { scope: "col", class: "corner" }, "true \\ predicted");
  const head = element("tr", {}, corner, ...confusion.classes.map((name) => element("th", { scope: "col" }, name)));
  const body = element("tbody");
  confusion.classes.forEach((name, row) => {
    const line = element("tr", {}, element("th", { scope: "row" }, name));
    confusion.classes.forEach((predicted, column) => {
      const count = confusion.counts[row]?.[column] ?? 0;
      const share = shares[row]?.[column] ?? 0;
      const kind = row === column ? "right" : "wrong";
      const cell = element("td", { class: `${kind}${share > 0.5 ? " strong" : ""}`, title: `${name} called ${predicted}: ${formatCount(count)} (${formatShare(share)})` });
      // The root lifts small shares of mistakes, which are what one looks for, out of the paper's colour.
      cell.style.setProperty("--share", `${Math.round(100 * Math.sqrt(share))}%`);
      cells.push({ cell, count, share });
      line.append(cell);
    });
    body.append(line);
  });

  function fill(unit: "count" | "share"): void {
    for (const { cell, count, share } of cells) {
      cell.textContent = count === 0 ? "·" : unit === "count" ? formatCount(count) : `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)}%`;
    }
  }
  fill("count");

  const caption = element("caption", { class: "unseen" }, "Confusion matrix: a row for each true class, a column for each predicted class");
  const matrix = element("table", { class: "confusion" }, caption, element("thead", {}, head), body);
  return section(
    "confusion",
    "Confusion matrix",
    element("p", {}, `${formatShare(accuracy(confusion))} of ${formatCount(cells.reduce((sum, { count }) => sum + count, 0))} examples were called by their right name. Rows are true classes, columns what the model said.`),
    element("div", { class: "tools" }, choice("Numbers in the matrix", [["count", "Counts"], ["share", "Share of row"]], "count", fill)),
    element(
      "div",
      { class: "beside" },
      element("div", {}, framed("Confusion matrix", matrix), mistakesNote(commonMistakes(confusion, 5))),
      element("div", {}, element("h3", {}, "Class by class"), framed("Precision and recall of each class", scoreTable(confusion))),
    ),
  );
}

function mistakesNote(mistakes: readonly Mistake[]): HTMLElement | null {
  if (mistakes.length === 0) return null;
  const list = mistakes.map(({ truth, predicted, count }) => `${truth} for ${predicted} (${formatCount(count)})`);
  return element("p", { class: "hint" }, `Most often mistaken: ${list.join(", ")}.`);
}

function scoreTable(confusion: Confusion): HTMLElement {
  const body = element("tbody");
  for (const { name, support, precision, recall, f1 } of classScores(confusion)) {
    body.append(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, name),
        numberCell(formatCount(support)),
        numberCell(formatShare(precision)),
        numberCell(formatShare(recall)),
        numberCell(formatShare(f1)),
      ),
    );
  }
  return element("table", {}, headRow("Class", ["Examples", "number"], ["Precision", "number"], ["Recall", "number"], ["F1", "number"]), body);
}
