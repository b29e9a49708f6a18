// Elements and numbers, in few words.

export const $ = (id) => document.getElementById(id);

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** An element with properties or attributes, listeners (onclick …) and children. */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  if (tag === "button") made.type = "button";
  for (const [name, value] of Object.entries(given)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A table: its heads, and rows of texts and elements, each named by its first. */
export function table(heads, rows) {
  const head = h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)));
  const body = rows.map(([first, ...cells]) =>
    h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell))),
  );
  return h("table", {}, h("thead", {}, head), h("tbody", {}, ...body));
}

/** A number with so many digits that tell something, and a true minus. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const isFar = size !== 0 && (size < 1e-3 || size >= 1e5);
  const text = isFar ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
  return text.replace(/\.?0*e\+?/, "e").replaceAll("-", "−");
}

export const percent = (share) => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–");

/** A few round numbers between two. */
export function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough);
  const found = [];
  for (let i = Math.ceil(low / by); i * by <= high; i++)
    found.push(Number((i * by).toPrecision(6)));
  return found;
}

/** A canvas whose pixels are those of the screen: its context, in units of CSS. */
export function sharp(canvas, width = canvas.clientWidth, height = canvas.clientHeight) {
  const scale = Math.min(devicePixelRatio, 2);
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high)
    Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Which step an arrow key means, to the right and down; undefined for other keys. */
export const arrow = ({ key }) =>
  ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] })[key];
