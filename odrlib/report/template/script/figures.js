// Figures: plotly draws what is near first, then the rest, one after another.
// -- figures
// Dates on axes and under the pointer, as the page's language writes them.
const MONTHS = Array.from({ length: 12 }, (_, month) => `${month + 1}月`);
const DAYS = [..."日一二三四五六"];
const CHINESE = root.lang.startsWith("zh") && {
  moduleType: "locale", name: "zh-CN", dictionary: {}, format: {
    days: DAYS.map((day) => `星期${day}`), shortDays: DAYS.map((day) => `周${day}`), months: MONTHS, shortMonths: MONTHS,
    date: "%Y年%-m月%-d日", year: "%Y年", month: "%Y年%-m月", dayMonth: "%-m月%-d日", dayMonthYear: "%Y年%-m月%-d日",
  },
};
const LOCALE = CHINESE ? CHINESE.name : "en";

const plots = [...document.querySelectorAll(".plot")];
let figures;
const loadPlotly = async () => {
  const element = document.getElementById("odr-plotly");
  if (!element) return;
  const script = document.createElement("script");
  script.textContent = await unpack(element);
  document.head.append(script);
  if (CHINESE) window.Plotly.register(CHINESE);
};
const draw = (plot) => {
  if (drawn.has(plot)) return;
  drawn.add(plot);
  const { data, layout } = figures[plot.dataset.figure];
  layout.template = themes[ground()];
  layout.autosize = true;
  if (phone.matches || matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
  window.Plotly.newPlot(plot, data, layout, { displayModeBar: false, responsive: true, displaylogo: false, typesetMath: false, locale: LOCALE });
};
// What is far away is drawn in bursts, with room between them for the reader's own doings.
const BURST = 80; // ms
const drawRest = () => {
  const until = performance.now() + BURST;
  for (const plot of plots) {
    if (drawn.has(plot)) continue;
    if (performance.now() > until) { setTimeout(drawRest); return; }
    draw(plot);
  }
  root.dataset.drawn = "all";
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
  setTimeout(drawRest);
};
