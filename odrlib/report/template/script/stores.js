// Stores: the rows of the index sort and filter where they stand.
// -- stores
const startStores = () => {
  const table = document.querySelector("table.stores");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const [input, choice] = [document.querySelector(".search input"), document.querySelector(".search select")];
  const [shown, none] = [document.querySelector(".search .shown"), document.querySelector(".search .none")];
  const worst = document.querySelector(".search .worst");
  const language = document.documentElement.lang;
  const texts = new Map(rows.map((row) => [row, row.textContent.toLocaleLowerCase()]));
  const filter = () => {
    const wanted = input.value.trim().toLocaleLowerCase();
    let number = 0;
    for (const row of rows) {
      const kept = (!wanted || texts.get(row).includes(wanted)) && (!choice.value || row.dataset.flags.split(" ").includes(choice.value));
      row.hidden = !kept;
      number += kept;
    }
    shown.textContent = shown.dataset.text.replace("{shown}", number.toLocaleString(language)).replace("{total}", rows.length.toLocaleString(language));
    none.hidden = number > 0;
  };
  const order = (sorted, at, down) => {
    body.append(...sorted);
    heads.forEach((th, place) => {
      if (place === at) th.setAttribute("aria-sort", down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    });
    worst.hidden = at < 0;
  };
  const compare = new Intl.Collator(language, { numeric: true }).compare;
  heads.forEach((th, at) => {
    if (!th.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    th.replaceChildren(button);
    // Chromium repeats a table's head on each sheet only if there are no buttons in it.
    addEventListener("beforeprint", () => th.replaceChildren(button.textContent));
    addEventListener("afterprint", () => th.replaceChildren(button));
    button.addEventListener("click", () => {
      const down = th.hasAttribute("aria-sort") ? th.getAttribute("aria-sort") === "ascending" : th.dataset.sort === "down";
      const value = (row) => row.cells[at].dataset.value;
      // What is not known stands before what is: nobody should overlook it.
      order([...rows].sort((a, b) => {
        const [left, right] = [value(a), value(b)];
        if (!left || !right) return (left ? 1 : 0) - (right ? 1 : 0);
        return (down ? -1 : 1) * compare(left, right);
      }), at, down);
    });
  });
  worst.addEventListener("click", () => { order(rows, -1, false); input.focus(); });
  input.addEventListener("input", filter);
  choice.addEventListener("change", filter);
  filter();
  // A link to a row that the filter hides shows it again.
  const show = () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row?.hidden) { input.value = ""; choice.value = ""; filter(); row.scrollIntoView(); }
  };
  addEventListener("hashchange", show);
};
startStores();
