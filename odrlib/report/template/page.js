// The page's own script: unpacks the data, draws the figures, sorts and filters the tables.
"use strict";
(() => {
  const root = document.documentElement;
  document.querySelector(".scriptless")?.remove();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const phone = matchMedia("(max-width: 40rem)");
  const wide = matchMedia("(min-width: 64.01rem)");
  const MISSING = "–"; // as in show.py
  const PRINT_WIDTH = 670; // px on A4 and Letter between margins of 15 mm
  const PRINT_ROWS = 1000; // rows of one table on paper; the CSV has them all

  // -- light and dark
  const chosen = () => { try { return localStorage.getItem("odr-theme"); } catch { return null; } };
  const ground = () => root.dataset.theme || (dark.matches ? "dark" : "light");
  if (chosen()) root.dataset.theme = chosen();
  const toggle = document.querySelector(".theme");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    root.dataset.theme = ground() === "dark" ? "light" : "dark";
    try { localStorage.setItem("odr-theme", root.dataset.theme); } catch { /* a page from disk may not keep it */ }
    recolour(ground());
  });
  dark.addEventListener("change", () => recolour(ground()));

  // -- the contents list: open beside the text, closed above it
  const contents = document.querySelector("details.contents");
  if (contents) {
    contents.open = wide.matches;
    wide.addEventListener("change", () => { contents.open = wide.matches; });
    const links = new Map([...contents.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const a of links.values()) a.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-10% 0px -80% 0px" });
    document.querySelectorAll("section[id]").forEach((section) => seen.observe(section));
    contents.addEventListener("click", (event) => {
      if (event.target.closest("a") && !wide.matches) contents.open = false;
    });
  }

  // -- what travels packed: gzip, then base64
  const packed = document.getElementById("odr-data");
  if (!packed) return;
  const unpack = async (element) => {
    const text = atob(element.textContent);
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  };
  const ready = unpack(packed).then(JSON.parse);

  // -- figures
  const plots = [...document.querySelectorAll(".plot")];
  const drawn = new Set();
  for (const plot of plots) plot.style.height = `${plot.dataset.height}px`;
  let themes, figures;
  const loadPlotly = async () => {
    const element = document.getElementById("odr-plotly");
    if (!element) return;
    const script = document.createElement("script");
    script.textContent = await unpack(element);
    document.head.append(script);
  };
  const draw = (plot) => {
    if (drawn.has(plot)) return;
    drawn.add(plot);
    const { data, layout } = figures[plot.dataset.figure];
    layout.template = themes[ground()];
    layout.autosize = true;
    if (phone.matches || matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    window.Plotly.newPlot(plot, data, layout, { displayModeBar: false, responsive: true, displaylogo: false });
  };
  const recolour = (name) => {
    for (const plot of drawn) window.Plotly.relayout(plot, { template: themes[name] });
  };
  const whenIdle = window.requestIdleCallback || ((work) => setTimeout(work, 30));
  const drawRest = () => {
    const next = plots.find((plot) => !drawn.has(plot));
    if (!next) { root.dataset.drawn = "all"; return; }
    draw(next);
    whenIdle(drawRest);
  };
  const startFigures = async () => {
    ({ themes, figures } = await ready);
    if (plots.length) await loadPlotly();
    const near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) { near.unobserve(target); draw(target); }
      }
    }, { rootMargin: "600px 0px" });
    plots.forEach((plot) => near.observe(plot));
    whenIdle(drawRest);
  };

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
    const text = column.text[row];
    const orders = text === MISSING || !/^orders?$/.test(column.kind) ? [] : text.split(" ").filter(Boolean);
    if (orders.length === 1) made.append(link(orders[0]));
    else if (orders.length) {
      const details = element("details", "", { class: "orders" });
      details.append(element("summary", words.orders.replace("{count}", orders.length.toLocaleString("en"))));
      const list = element("ul", "");
      for (const order of orders) { const item = element("li", ""); item.append(link(order)); list.append(item); }
      details.append(list);
      made.append(details);
    } else made.textContent = text || (column.kind === "orders" ? words.orders.replace("{count}", "0") : "");
    return made;
  };
  // A spreadsheet runs a cell that starts like a formula; an apostrophe keeps it text.
  const csvCell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (typeof value !== "number" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const startTables = async () => {
    const { tables: all, words } = await ready;
    for (const box of document.querySelectorAll("[data-table]")) {
      const data = all[box.dataset.table];
      const columns = data.columns.filter((column) => !column.aside); // the others are in the CSV only
      const [body, head] = [box.querySelector("tbody"), box.querySelectorAll("thead th")];
      const [showAll, input] = [box.querySelector(".all"), box.querySelector("input")];
      const shown = box.querySelector(".shown");
      const state = { order: [...Array(data.total).keys()], by: -1, down: false, whole: false, marked: -1 };
      const value = (column, row) => (column.sort || column.text)[row];
      const sorted = () => {
        const rows = [...Array(data.total).keys()];
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
      const render = (limit = state.whole ? Infinity : data.rows) => {
        const wanted = (input?.value || "").trim().toLocaleLowerCase();
        const found = wanted
          ? state.order.filter((row) => data.columns.some((column) => column.text[row].toLocaleLowerCase().includes(wanted)))
          : state.order;
        const rows = found.slice(0, limit);
        body.replaceChildren(...rows.map((row) => {
          const line = element("tr", "");
          if (row === state.marked) line.className = "target";
          line.append(...columns.map((column, at) => cell(column, row, at ? "td" : "th", words)));
          return line;
        }));
        if (!rows.length) {
          const line = element("tr", "");
          line.append(element("td", words.no_rows, { colspan: columns.length }));
          body.append(line);
        }
        if (shown) {
          shown.textContent = words.rows_shown
            .replace("{shown}", rows.length.toLocaleString("en")).replace("{total}", found.length.toLocaleString("en"));
        }
        if (showAll) {
          showAll.textContent = state.whole ? words.show_few : words.show_all;
          showAll.setAttribute("aria-expanded", String(state.whole));
        }
      };
      head.forEach((th, at) => {
        const button = element("button", th.textContent, { type: "button", title: `${words.sort} ${th.textContent}` });
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
      const download = box.querySelector(".download");
      download?.addEventListener("click", () => {
        const lines = [data.columns.map((column) => csvCell(column.name))];
        for (let row = 0; row < data.total; row += 1) {
          lines.push(data.columns.map((column) =>
            csvCell(column.sort ? column.sort[row] : column.text[row] === MISSING ? null : column.text[row])));
        }
        const text = "\ufeff" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
        const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
        element("a", "", { href: url, download: data.download }).click();
        setTimeout(() => URL.revokeObjectURL(url), 10000);
      });
      showAll?.addEventListener("click", () => { state.whole = !state.whole; render(); });
      input?.addEventListener("input", () => render());
      box.querySelectorAll("[hidden]").forEach((tool) => { tool.hidden = false; });
      tables.push({ box, data, state, render, input });
    }
    showHeadings(true);
  };

  // -- links to an order lead to its row, wherever that is folded away
  const goToOrder = () => {
    const order = /^#order-(.+)$/.exec(decodeURIComponent(location.hash))?.[1];
    if (!order) return;
    for (const table of [...tables].sort((a, b) => b.data.home - a.data.home)) {
      const row = table.data.columns.find((column) => column.kind === "order")?.text.indexOf(order) ?? -1;
      if (row < 0) continue;
      if (table.input) table.input.value = "";
      table.state.marked = row;
      table.state.whole = table.state.whole || table.state.order.indexOf(row) >= table.data.rows;
      table.render();
      const line = table.box.querySelector("tr.target");
      line.closest("details")?.setAttribute("open", "");
      line.tabIndex = -1;
      line.focus({ preventScroll: true });
      line.scrollIntoView({ block: "center" });
      return;
    }
  };
  addEventListener("hashchange", goToOrder);

  // -- paper: everything drawn, in light ink, as wide as the paper, nothing folded away
  let closed = [];
  addEventListener("beforeprint", () => {
    showHeadings(false);
    // The numbers behind a figure are printed as far as the page shows them; lists are whole.
    for (const table of tables) if (!table.box.closest(".how")) table.render(PRINT_ROWS);
    closed = [...document.querySelectorAll("main details:not([open])")]
      .filter((details) => !details.matches(".how td .orders"));
    for (const details of closed) details.open = true;
    for (const plot of figures ? plots : []) {
      draw(plot);
      window.Plotly.relayout(plot, { template: themes.light, width: PRINT_WIDTH });
    }
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
    showHeadings(true);
    for (const table of tables) table.render();
    for (const plot of drawn) window.Plotly.relayout(plot, { template: themes[ground()], width: null, autosize: true });
  });

  Promise.all([startTables(), startFigures()]).then(goToOrder);
})();
