import type { Run, Status } from "./contract.ts";
import { element, framed, headRow, numberCell, section } from "./dom.ts";
import { capitalised, formatCount, formatDuration, formatEpochs, formatMoment, formatNumber } from "./format.ts";

/** Each status has a sign of its own, so that it does not hang on colour. */
const signs: Record<Status, string> = { completed: "✓", diverged: "↗", interrupted: "‖", failed: "✕" };

export function header(run: Run): HTMLElement {
  const badge = element("span", { class: `badge ${run.status}` }, element("span", { "aria-hidden": "true" }, signs[run.status] ?? "•"), ` ${run.status}`);
  return element(
    "header",
    {},
    element("p", { class: "kind" }, run.kind),
    element("div", { class: "title" }, element("h1", {}, run.name), badge),
    run.reason === "" ? null : element("p", { class: "reason" }, run.reason),
  );
}

export function headline(run: Run): HTMLElement | null {
  if (run.metrics.length === 0) return null;
  const list = element("dl", { class: "headline" });
  for (const { name, value, higherIsBetter } of run.metrics) {
    list.append(
      element(
        "div",
        {},
        element("dt", {}, name),
        element("dd", {}, formatNumber(value), element("small", {}, higherIsBetter ? "higher is better" : "lower is better")),
      ),
    );
  }
  return list;
}

export function warnings(run: Run): HTMLElement | null {
  if (run.warnings.length === 0) return null;
  return element(
    "aside",
    { class: "warnings", "aria-label": "Warnings" },
    element("ul", {}, ...run.warnings.map((warning) => element("li", {}, warning))),
  );
}

export function facts(run: Run): HTMLElement {
  const list = element("dl", { class: "facts" });
  const fact = (name: string, value: string): void => list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  fact("Steps", formatCount(run.steps));
  // The steps of several variants together make no epochs.
  if (run.variants == null && run.stepsPerEpoch != null && run.stepsPerEpoch > 0) fact("Epochs", formatEpochs(run.steps, run.stepsPerEpoch));
  if (run.parameters > 0) fact("Parameters", formatCount(run.parameters));
  if (run.best != null) fact(capitalised(run.best.label), `step ${formatCount(run.best.step)}`);
  fact("Time", formatDuration(run.seconds));
  if (run.seconds !== null && run.seconds > 0 && run.steps > 0) fact("Speed", `${formatNumber(run.steps / run.seconds, 3)} steps/s`);
  fact("Seed", run.seed);
  if (run.started != null) fact("Started", formatMoment(run.started));
  if (run.machine != null) {
    fact("Processor", run.machine.processor);
    fact("Threads", formatCount(run.machine.threads));
  }
  return list;
}

export function networkSection(run: Run): HTMLElement | null {
  if (run.network.length === 0) return null;
  const body = element("tbody");
  run.network.forEach(({ text, shape, parameters }, index) =>
    body.append(
      element("tr", {}, numberCell(String(index + 1)), element("th", { scope: "row" }, text), element("td", {}, shape), numberCell(parameters === 0 ? "–" : formatCount(parameters))),
    ),
  );
  const total = run.network.reduce((sum, { parameters }) => sum + parameters, 0);
  const foot = element("tfoot", {}, element("tr", {}, element("td"), element("th", { scope: "row" }, "Together"), element("td"), numberCell(formatCount(total))));
  return section(
    "network",
    "Network",
    framed("Layers of the network", element("table", { class: "network" }, headRow(["#", "number"], "Layer", "Shape", ["Parameters", "number"]), body, foot)),
  );
}

export function experimentSection(run: Run): HTMLElement | null {
  if (run.experiment.trim() === "") return null;
  return section(
    "experiment",
    "Experiment",
    element("p", {}, "As it was run, every default written out."),
    element("pre", { tabindex: "0", "aria-label": "The experiment file" }, element("code", {}, run.experiment.trimEnd())),
  );
}
