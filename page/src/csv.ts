import type { Series } from "./contract.ts";

/** The curves as a table, one point a line: what every spreadsheet and data frame reads. */
export function toCsv(series: readonly Series[]): string {
  const hasVariants = series.some(({ variant }) => variant != null);
  const lines = [hasVariants ? "group,series,variant,step,value" : "group,series,step,value"];
  for (const one of series) {
    const name = `${field(one.group)},${field(one.name)}${hasVariants ? `,${field(one.variant ?? "")}` : ""}`;
    one.steps.forEach((step, index) => lines.push(`${name},${step},${one.values[index] ?? ""}`));
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** Quoted where RFC 4180 asks for it; a leading sign that a spreadsheet would take for a formula is made plain text. */
function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** A file name that every system takes. */
export function fileName(name: string, ending: string): string {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return `${safe === "" ? "run" : safe}.${ending}`;
}
