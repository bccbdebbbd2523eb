// Tables: they sort, filter, unfold and download.
// -- tables
const compare = new Intl.Collator(root.lang, { numeric: true }).compare;
const tables = [];
const headings = [];
// Chromium repeats a table's head on each sheet only if there are no buttons in it.
const showHeadings = (sortable) => {
  for (const { th, button } of headings) th.replaceChildren(sortable ? button : button.textContent);
};
const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};
const link = (order) => element("a", order, { href: `#order-${order}`, class: "order" });
const cell = (column, row, name, words) => {
  const made = element(name, "", name === "th" ? { scope: "row" } : {});
  made.className = column.kind;
  made.dataset.label = column.label;
  const text = column.text[row];
  const orders = text === MISSING || !/^orders?$/.test(column.kind) ? [] : text.split(" ").filter(Boolean);
  if (orders.length === 1) made.append(link(orders[0]));
  else if (orders.length) {
    const details = element("details", "", { class: "orders" });
    details.append(element("summary", words.orders.replace("{count}", (column.sizes?.[row] || orders.length).toLocaleString(root.lang))));
    const list = element("ul", "");
    for (const order of orders) { const item = element("li", ""); item.append(link(order)); list.append(item); }
    if (column.sizes?.[row] > orders.length) list.append(element("li", "…"));
    details.append(list);
    made.append(details);
  } else made.textContent = text || (column.kind === "orders" ? words.orders.replace("{count}", "0") : "");
  return made;
};
// A spreadsheet runs a cell that starts like a formula, whatever unseen or full-width stands there;
// an apostrophe keeps it text (the same rule as `literal` in plain.py).
const FORMULA = /^(?:[\s\u0000-\u001f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r\n])/;
const csvCell = (value) => {
  let text = value === null || value === undefined ? "" : String(value);
  if (typeof value !== "number" && FORMULA.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
const save = (blob, name) => {
  const url = URL.createObjectURL(blob);
  element("a", "", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};
const startTables = async () => {
  const { tables: all, words, workbook: workbookName } = await ready;
  for (const box of document.querySelectorAll("[data-table]")) {
    const data = all[box.dataset.table];
    for (const column of data.columns) {
      if (column.plain) column.sort = column.text.map((text) => text === MISSING ? null : Number(text.replaceAll(",", "")));
    }
    const columns = data.columns.filter((column) => !column.aside); // the others are in the CSV only
    const [body, head] = [box.querySelector("tbody"), box.querySelectorAll("thead th")];
    const [showAll, input] = [box.querySelector(".all"), box.querySelector("input")];
    const shown = box.querySelector(".shown");
    const stacked = phone.matches && columns.some(({ kind }) => kind.includes("story"));
    const first = stacked && showAll ? Math.min(4, data.rows) : data.rows;
    const state = { order: [...Array(data.held).keys()], by: -1, down: false, whole: false, marked: -1 };
    const value = (column, row) => (column.sort || column.text)[row];
    const sorted = () => {
      const rows = [...Array(data.held).keys()];
      if (state.by < 0) return rows;
      const column = columns[state.by];
      const missing = (row) => value(column, row) === null || (!column.sort && column.text[row] === MISSING);
      const sign = state.down ? -1 : 1;
      return rows.sort((a, b) => {
        if (missing(a) || missing(b)) return missing(a) - missing(b);
        const [left, right] = [value(column, a), value(column, b)];
        return sign * (typeof left === "number" ? left - right : compare(left, right));
      });
    };
    const render = (limit = state.whole ? Infinity : first) => {
      const wanted = (input?.value || "").trim().toLocaleLowerCase();
      const found = wanted
        ? state.order.filter((row) => data.columns.some((column) => column.text[row].toLocaleLowerCase().includes(wanted)))
        : state.order;
      const rows = found.slice(0, limit);
      body.replaceChildren(...rows.map((row) => {
        const line = element("tr", "");
        if (row === state.marked) line.className = "target";
        line.append(...columns.map((column, at) => cell(column, row, at ? "td" : "th", words)));
        if (box.matches(".stacked")) {
          line.setAttribute("role", "row");
          for (const each of line.cells) each.setAttribute("role", each.matches("th") ? "rowheader" : "cell");
        }
        return line;
      }));
      if (!rows.length) {
        const line = element("tr", "");
        line.append(element("td", words.no_rows, { colspan: columns.length }));
        body.append(line);
      }
      if (shown) {
        shown.textContent = words.rows_shown
          .replace("{shown}", rows.length.toLocaleString(root.lang)).replace("{total}", (wanted ? found.length : data.total).toLocaleString(root.lang));
      }
      if (showAll) {
        showAll.textContent = state.whole ? words.show_few : words.show_all;
        showAll.setAttribute("aria-expanded", String(state.whole));
      }
    };
    head.forEach((th, at) => {
      const button = element("button", th.textContent, { type: "button", title: words.sort.replace("{column}", th.textContent) });
      button.addEventListener("click", () => {
        state.down = state.by === at ? !state.down : columns[at].kind === "number";
        state.by = at;
        state.order = sorted();
        head.forEach((other) => other.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", state.down ? "descending" : "ascending");
        render();
      });
      if (data.total > 1) headings.push({ th, button });
    });
    const scroll = box.querySelector(".scroll");
    const measure = () => box.classList.toggle("sideways", scroll.scrollWidth > scroll.clientWidth + 1);
    new ResizeObserver(measure).observe(scroll);
    const download = box.querySelector(".download");
    download?.addEventListener("click", () => {
      const lines = [data.columns.map((column) => csvCell(column.name))];
      for (let row = 0; row < data.held; row += 1) {
        lines.push(data.columns.map((column) =>
          csvCell(column.sort ? column.sort[row] : column.text[row] === MISSING ? null : column.text[row])));
      }
      const text = "\ufeff" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
      save(new Blob([text], { type: "text/csv" }), data.download);
    });
    showAll?.addEventListener("click", () => { state.whole = !state.whole; render(); });
    input?.addEventListener("input", () => render());
    box.querySelectorAll("[hidden]").forEach((tool) => { tool.hidden = false; });
    // The page itself holds the first rows, without lists of orders, for who has no JavaScript.
    if (stacked) {
      // A browser that draws a table as blocks forgets that it is one, unless it is told.
      box.classList.add("stacked");
      box.querySelector("table").setAttribute("role", "table");
    }
    const few = body.rows.length < Math.min(data.rows, data.held);
    if (few || stacked || columns.some(({ kind }) => kind === "orders")) render();
    tables.push({ box, data, state, first, render, input });
  }
  showHeadings(true);
  const take = document.querySelector(".take");
  const button = take.querySelector(".workbook");
  button.hidden = !all.length;
  button.addEventListener("click", async () => {
    button.disabled = true;
    save(await workbook(all, words), workbookName);
    button.disabled = false;
  });
  take.querySelector(".paper").addEventListener("click", () => print());
};
