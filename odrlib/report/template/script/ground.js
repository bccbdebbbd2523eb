// Ground: light and dark, the contents list, and what travels packed in the page.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const phone = matchMedia("(max-width: 40rem)");
const wide = matchMedia("(min-width: 64.01rem)");
const MISSING = "–"; // as in show.py
const drawn = new Set(); // figures that plotly has drawn
let themes; // plotly's template for each ground
const recolour = (name) => {
  for (const plot of drawn) window.Plotly.relayout(plot, { template: themes[name] });
};

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

// -- the contents list: open beside the text, where it follows the reader; closed above it
const contents = document.querySelector("details.contents");
if (contents) {
  contents.open = wide.matches;
  wide.addEventListener("change", () => { contents.open = wide.matches; });
  const links = new Map([...contents.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
  const keepInView = (link) => {
    const [box, line] = [contents.getBoundingClientRect(), link.getBoundingClientRect()];
    if (line.top < box.top + 40) contents.scrollTop -= box.top + 40 - line.top;
    if (line.bottom > box.bottom - 40) contents.scrollTop += line.bottom - box.bottom + 40;
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      for (const a of links.values()) a.removeAttribute("aria-current");
      links.get(target.id)?.setAttribute("aria-current", "true");
      if (wide.matches && links.has(target.id)) keepInView(links.get(target.id));
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  document.querySelectorAll("section[id]").forEach((section) => seen.observe(section));
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a") && !wide.matches) contents.open = false;
  });
  // On a phone the list is far away after a while: a link leads back and opens it.
  const up = document.querySelector(".up");
  new IntersectionObserver(([{ isIntersecting }]) => { up.hidden = isIntersecting || wide.matches; }).observe(contents);
  up.addEventListener("click", () => { contents.open = true; });
}
for (const more of document.querySelectorAll(".parts")) more.open = !phone.matches;
root.dataset.ready = ""; // until here the style has kept folded what is folded now

// -- what travels packed: gzip, then base64
const packed = document.getElementById("odr-data");
if (!packed) return;
const unpack = async (element) => {
  const text = atob(element.textContent);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at); // faster than from()
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
};
const ready = unpack(packed).then(JSON.parse);
