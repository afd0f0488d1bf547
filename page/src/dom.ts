type Content = Node | string | null | undefined;

/** An element with attributes and content. Text is always text, so that no name in a run can become markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, string> = {},
  ...content: Content[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const part of content) if (part !== null && part !== undefined) made.append(part);
  return made;
}

export function section(id: string, title: string, ...content: Content[]): HTMLElement {
  return element("section", { "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), ...content);
}

/** One choice out of a few, as a row of buttons of which one is down. */
export function choice<Value extends string>(
  label: string,
  options: readonly (readonly [Value, string])[],
  chosen: Value,
  choose: (value: Value) => void,
): HTMLElement {
  const group = element("div", { class: "choice", role: "group", "aria-label": label });
  for (const [value, text] of options) {
    const button = element("button", { type: "button", "aria-pressed": String(value === chosen) }, text);
    button.addEventListener("click", () => {
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === button));
      choose(value);
    });
    group.append(button);
  }
  return group;
}

/** A table in a frame that scrolls sideways by finger and by keyboard when it is wider than the page. */
export function framed(label: string, table: HTMLElement): HTMLElement {
  return element("div", { class: "frame", role: "region", tabindex: "0", "aria-label": label }, table);
}

/** A cell of numbers, set in figures of equal width. */
export function numberCell(text: string): HTMLTableCellElement {
  return element("td", { class: "number" }, text);
}

export function headRow(...titles: (string | readonly [string, "number"])[]): HTMLElement {
  const row = element("tr");
  for (const title of titles) {
    row.append(
      typeof title === "string"
        ? element("th", { scope: "col" }, title)
        : element("th", { scope: "col", class: "number" }, title[0]),
    );
  }
  return element("thead", {}, row);
}
