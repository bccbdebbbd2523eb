// What a reader has on a page, counted in the page itself.
() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const yes = (so) => so ? "yes" : "no";
  const large = (element) => {
    // What stands behind a tab has no place on the screen, but a size of its own.
    const { width, height } = element.getBoundingClientRect();
    const own = element.viewBox?.baseVal || { width: element.naturalWidth, height: element.naturalHeight };
    return Math.max(width, own.width || 0) >= 150 && Math.max(height, own.height || 0) >= 80;
  };
  const kinds = ".js-plotly-plot, svg, img, canvas";
  const tables = all("table").filter((table) => table.rows.length > 1);
  const charts = all(kinds).filter((element) => large(element) && !element.parentElement.closest(kinds));
  const named = charts.filter((chart) => chart.closest("[aria-label], [aria-labelledby]")
    || chart.alt || chart.closest("figure")?.querySelector("figcaption"));
  const buttons = all("button, a").map((element) => element.textContent + (element.title || ""));
  const rules = [...document.styleSheets].flatMap((sheet) => { try { return [...sheet.cssRules]; } catch { return []; } });
  const links = all('a[href^="#"]').filter((a) => a.hash.length > 1 && document.getElementById(decodeURIComponent(a.hash.slice(1))));
  return {
    "charts with a name or a text alternative": `${named.length} of ${charts.length}`,
    "tables with a caption": `${tables.filter((t) => t.caption).length} of ${tables.length}`,
    "tables with th scope": `${tables.filter((t) => t.querySelector("th[scope]")).length} of ${tables.length}`,
    "charts that say how they were counted": String(all("figure ~ .how, .how").filter((e) => e.tagName === "DETAILS").length),
    "a table can be downloaded (CSV)": yes(buttons.some((text) => /csv/i.test(text))),
    "all tables in one XLSX": yes(buttons.some((text) => /xlsx|excel/i.test(text))),
    "links within the page that lead somewhere": String(new Set(links.map((a) => a.hash)).size),
    "landmarks main and nav": `${all("main, [role=main]").length} and ${all("nav, [role=navigation]").length}`,
    "language of the page is told": yes(Boolean(document.documentElement.lang)),
    "has rules for paper": yes(rules.some((rule) => rule.media && /print/.test(rule.media.mediaText))),
  };
}
