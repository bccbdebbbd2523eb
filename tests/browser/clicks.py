"""A click on the panel of odr.explore, from the mouse to the painted answer."""

FULL = ".odr-causes-state:has-text('Full search:')"
# The rate, the trend and the bars have changed and the browser has painted them. Its own clock.
LISTEN = """() => {
  const seen = (window.odrSeen = {});
  let left = 3;
  const heard = (name) => {
    if (name in seen) return;
    seen[name] = performance.now() - seen.began;
    if (--left) return;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => (seen.painted = performance.now() - seen.began);
      after.port2.postMessage(0);
    });
  };
  document.addEventListener(
    "pointerdown", (event) => (seen.began = event.timeStamp), { once: true, capture: true });
  new MutationObserver((_, watch) => { watch.disconnect(); heard("rate"); }).observe(
    document.querySelector(".odr-standing"), { childList: true, subtree: true });
  for (const name of ["trend", "bars"]) {
    const place = document.querySelector(`.odr-${name}`);
    const figure = [place, ...place.querySelectorAll("*")].find((each) => each._fullLayout);
    figure.once("plotly_afterplot", () => heard(name));
  }
}"""


def milliseconds_to_paint(page, button=".odr-filter"):
    """Click with the mouse; the time until the rate, the trend and the bars are painted."""
    page.evaluate(LISTEN)
    box = page.locator(button).bounding_box()
    page.mouse.click(box["x"] + 8, box["y"] + 8)
    page.wait_for_function("() => window.odrSeen.painted", polling=50)
    return page.evaluate("() => window.odrSeen.painted")
