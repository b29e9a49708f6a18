// Small pictures of data, to choose from.

const KINDS = {
  // where the points of each kind are, on a square of 40, as t goes from 0 to 1
  moons: [
    (t) => [15 - 9 * Math.cos(3 * t), 23 - 10 * Math.sin(3 * t)],
    (t) => [25 + 9 * Math.cos(3 * t), 17 + 10 * Math.sin(3 * t)],
  ],
  circles: [14, 6].map((r) => (t) => [20 + r * Math.cos(6.3 * t), 20 + r * Math.sin(6.3 * t)]),
  spirals: [0, Math.PI].map((turn) => (t) => [
    20 + 15 * t * Math.cos(8 * t + turn),
    20 + 15 * t * Math.sin(8 * t + turn),
  ]),
  line: [(t) => [6 + 28 * t, 33 - 26 * t + 3 * Math.sin(40 * t)]],
};
const SIGNS = { digits: "8", upload: "↥" };
const POINTS = 14;

export function sketch(name) {
  const drawn = svg("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" });
  if (SIGNS[name])
    drawn.append(svg("text", { x: 20, y: 30, "text-anchor": "middle" }, SIGNS[name]));
  KINDS[name]?.forEach((at, kind) => {
    for (let i = 1; i <= POINTS; i++) {
      const [cx, cy] = at(i / POINTS);
      drawn.append(svg("circle", { cx, cy, r: 1.7, class: kind ? "second" : "first" }));
    }
  });
  return drawn;
}

function svg(tag, given, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in given) made.setAttribute(name, given[name]);
  made.append(text);
  return made;
}
