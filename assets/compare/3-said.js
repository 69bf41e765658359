// What is said first and the headline figures keep the room that they once took: the next place's move no chart.
// On a small screen a long warning is cut, and one button opens the rest.
window.tandem = window.tandem || {};

(function () {
  const box = () => document.getElementById("compare-said");
  const button = () => document.getElementById("compare-read-on");
  let watched = null;

  const open = function (wanted) {
    box().classList.toggle("whole", wanted);
    button().setAttribute("aria-expanded", String(wanted));
  };

  const offer = function () {
    if (!box()) return;
    const [warning] = box().children;
    const words = warning.firstChild;
    const cut = Boolean(words) && words.scrollHeight > words.clientHeight + 1;
    button().hidden = !cut && !box().classList.contains("whole");
  };

  // Told after the layout and before the paint, so that nothing is laid out twice.
  const sizes = new ResizeObserver(offer);

  const rooms = () => document.querySelectorAll("#compare .kpis, #compare-said");
  const kept = new ResizeObserver((entries) => entries.forEach(({ target, borderBoxSize: [{ blockSize }] }) => {
    if (blockSize && !target.classList.contains("whole")) target.style.minHeight = `${blockSize}px`;
  }));
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (width === window.innerWidth) return;
    width = window.innerWidth;
    rooms().forEach((each) => { each.style.minHeight = ""; });
  });

  window.tandem.drawSaid = function () {
    open(false);
    if (watched === box()) return;
    watched = box();
    sizes.disconnect();
    [watched, ...watched.children].forEach((each) => sizes.observe(each));
    kept.disconnect();
    rooms().forEach((each) => kept.observe(each));
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#compare-read-on")) open(!box().classList.contains("whole"));
  });
  // Whoever comes by keyboard to what is below the edge sees it.
  document.addEventListener("focusin", (event) => {
    const hidden = event.target.closest("#compare-said .notes") && event.target.matches(":focus-visible");
    if (hidden && !button().hidden) open(true);
  });
})();
