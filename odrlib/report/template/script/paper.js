// Links to orders, and paper.
// -- links to an order lead to its row, wherever that is folded away
const notice = document.querySelector(".notice");
const goToOrder = async () => {
  notice.hidden = true;
  const order = /^#order-(.+)$/.exec(decodeURIComponent(location.hash))?.[1];
  if (!order) return;
  for (const table of [...tables].sort((a, b) => b.data.home - a.data.home)) {
    const row = table.data.columns.find((column) => column.kind === "order")?.text.indexOf(order) ?? -1;
    if (row < 0) continue;
    if (table.input) table.input.value = "";
    table.state.marked = row;
    table.state.whole = table.state.whole || table.state.order.indexOf(row) >= table.first;
    table.render();
    const line = table.box.querySelector("tr.target");
    line.closest("details")?.setAttribute("open", "");
    line.tabIndex = -1;
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: "center", behavior: "instant" });
    return;
  }
  const { words } = await ready;
  notice.textContent = words.no_order.replace("{order}", order);
  notice.hidden = false;
};
addEventListener("hashchange", goToOrder);

const PRINT_WIDTH = 670; // px on A4 and Letter between margins of 14 mm

// -- paper: everything drawn, in light ink, as wide as the paper, nothing folded away
let closed = [];
addEventListener("beforeprint", () => {
  showHeadings(false);
  // The numbers behind a figure are printed as far as the page shows them; lists are whole.
  for (const table of tables) if (!table.box.closest(".how")) table.render(Infinity);
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

startTables().then(goToOrder);
startFigures();
