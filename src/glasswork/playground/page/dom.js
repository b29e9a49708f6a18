// Elements and numbers, in few words.

export const $ = (id) => document.getElementById(id);

/** An element with properties or attributes, listeners (onclick …) and children. */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A number with so many digits that tell something, and a true minus. */
export function short(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(digits - 1).replace("e+", "e")
    : Number(value.toPrecision(digits)).toString();
  return text.replaceAll("-", "−");
}

export const percent = (share) => (share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)} %`);

/** A canvas whose pixels are those of the screen: its context, in units of CSS. */
export function sharp(canvas, width = canvas.clientWidth, height = canvas.clientHeight) {
  const scale = Math.min(window.devicePixelRatio || 1, 2);
  const wanted = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wanted[0] || canvas.height !== wanted[1]) [canvas.width, canvas.height] = wanted;
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Minus, what it is, and plus. */
export function stepper(host, label, { value, low, high, by = 1, name = "" }, change) {
  const clamped = (wanted) => Math.min(Math.max(wanted, low), high);
  const button = (sign, step) =>
    h("button", { type: "button", "aria-label": `${sign === "+" ? "more" : "fewer"}: ${label}`, disabled: clamped(value + step) === value,
      onclick: () => change(clamped(value + step)) }, sign === "+" ? "+" : "−");
  const field = h("input", { type: "number", name, value, min: low, max: high, "aria-label": label, onchange: () => change(clamped(Math.round(field.value) || low)) });
  const focused = [...host.children].indexOf(document.activeElement);
  host.replaceChildren(button("-", -by), field, button("+", by));
  host.children[focused]?.focus();
}
