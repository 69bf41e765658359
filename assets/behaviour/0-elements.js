// Building elements. Texts are always set as text, never as HTML: names come from other systems.
window.tandem = window.tandem || {};

window.tandem.make = function (tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  });
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
};

window.tandem.fill = function (id, ...children) {
  const element = document.getElementById(id);
  if (element) element.replaceChildren(...children.flat(Infinity));
  return element;
};

window.tandem.sayIn = function (id, text) {
  const element = window.tandem.fill(id, text || "");
  if (element) element.hidden = !text;
};

// A name with the colon after it, as the reader's language sets it.
window.tandem.named = (name) => `${name}${document.documentElement.lang.startsWith("fr") ? "\u00a0" : ""}: `;
