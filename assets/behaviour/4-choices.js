// On a narrow window the choices are folded behind one button, which says what is chosen.
window.tandem = window.tandem || {};

(function () {
  const { make, fill } = window.tandem;
  const button = () => document.getElementById("choices");

  const open = function (wanted) {
    const opener = button();
    if (!opener) return;
    opener.setAttribute("aria-expanded", String(wanted));
    document.getElementById("controls").classList.toggle("open", wanted);
  };

  const chosen = ({ options, value }) => (options.find((each) => each.value === value) || {}).text;

  // The place, and below it what of it and the chosen periods: `Pill · 2018 – 2019`.
  window.tandem.nameChoices = function (crumbs, periods, subject) {
    const place = crumbs.length ? crumbs[crumbs.length - 1].name : "";
    const span = periods.filter(Boolean).map(chosen).filter(Boolean).join(" – ");
    const below = [subject && chosen(subject), span].filter(Boolean).join(" · ");
    if (!place && !below) return;
    fill("choices", make("b", {}, place), make("span", {}, below));
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("#choices");
    if (opener) open(opener.getAttribute("aria-expanded") !== "true");
    else if (event.target.closest(".controls a")) open(false); // one goes on at the place one chose
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest("#controls.open")) return;
    open(false);
    button().focus();
  });
})();
