// What the network says of each point of the plane, with the data on it.

import { contour } from "./contour.js";
import { $, h, percent, sharp, short } from "./dom.js";
import { classColour, painted, palette } from "./palette.js";
import { view } from "./state.js";

const MARGIN = { left: 40, right: 10, top: 8, bottom: 24 };
const NEAR = 14; // pixels from a point within which a click means it
const SIDES = [0, 4, 3, 5, 6, 4, 3, 5, 6, 4]; // corners of the mark of each class; 0 is a disc

export class Boundary {
  constructor(app) {
    this.app = app;
    this.cells = document.createElement("canvas");
    new ResizeObserver(() => this.theme()).observe($("points").parentElement);
    $("tests").onchange = () => this.marks();
    $("points").onclick = (event) => this.choose(event);
  }

  ready({ data, network }) {
    this.data = data.extent ? data : null;
    $("plane").hidden = !data.extent;
    if (!this.data) return;
    this.classes = data.classes.length;
    this.box();
    this.legend(data, network);
    this.marks();
  }

  box() {
    const { clientWidth: width, clientHeight: height } = $("points").parentElement;
    const [x0, x1, y0, y1] = this.data.extent;
    const { left, right, top, bottom } = MARGIN;
    this.size = { width, height, inner: [left, top, width - left - right, height - top - bottom] };
    this.x = (x) => left + ((x - x0) / (x1 - x0)) * this.size.inner[2];
    this.y = (y) => top + ((y1 - y) / (y1 - y0)) * this.size.inner[3];
  }

  legend(data, network) {
    const swatch = (target) => {
      const mark = h("canvas", { width: 14, height: 14, "aria-hidden": "true" });
      this.mark(mark.getContext("2d"), 7, 7, target, false, 4.5);
      return mark;
    };
    const value =
      data.axes.length < 2
        ? "the line: what the network says"
        : `${network.outputs[0]}: orange is low, blue is high`;
    const said = data.classes.length
      ? data.classes.map((name, target) => h("span", {}, swatch(target), name))
      : [value];
    const axes =
      data.name === "upload"
        ? `${data.axes.map((axis) => data.features[axis]).join(" → ")} ↑; `
        : "";
    $("classes").replaceChildren(
      ...said,
      h("span", { className: "hint" }, `${axes}hollow: kept for the test`),
    );
  }

  frame({ arrays, test_accuracy: right, test_r2: fits }) {
    if (!this.data) return;
    this.array = arrays.boundary;
    this.fit = arrays.fit;
    this.confidence = arrays.confidence;
    this.draw();
    const score = right === null ? `R² ${short(fits)}` : `${percent(right)} of test points right`;
    $("points").setAttribute(
      "aria-label",
      `What the network says of each point of the plane: ${score}`,
    );
  }

  theme() {
    if (!this.data) return;
    this.box();
    this.draw();
    this.marks();
  }

  look() {
    if (this.data) this.marks();
  }

  draw() {
    const context = sharp($("boundary"), this.size.width, this.size.height);
    if (this.array) this.plane(context);
    if (this.fit) this.line(context);
  }

  plane(context) {
    const {
      values,
      shape: [height, width],
    } = this.array;
    const sure = this.confidence?.values;
    if (sure) painted(this.cells, sure, width, height, (i) => palette.sure[values[i] % 10]);
    else painted(this.cells, values, width, height, palette.soft);
    const [left, top, wide, high] = this.size.inner;
    context.imageSmoothingEnabled = !sure;
    context.drawImage(this.cells, left, top, wide, high);
    if (this.classes !== 2) return;
    context.save();
    context.translate(left, top);
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.4;
    contour(context, values, width, height, 127.5, wide / width, high / height);
    context.restore();
  }

  line(context) {
    const { values } = this.fit;
    const [x0, x1] = this.data.extent;
    context.save();
    context.beginPath();
    context.rect(...this.size.inner);
    context.clip();
    context.beginPath();
    values.forEach((value, i) =>
      context.lineTo(this.x(x0 + ((x1 - x0) * i) / (values.length - 1)), this.y(value)),
    );
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.stroke();
    context.restore();
  }

  marks() {
    const context = sharp($("points"), this.size.width, this.size.height);
    this.frameOf(context);
    const { train, test } = this.data;
    if ($("tests").checked)
      test.points.forEach(([x, y], i) =>
        this.mark(context, this.x(x), this.y(y), test.targets[i], true),
      );
    train.points.forEach(([x, y], i) =>
      this.mark(context, this.x(x), this.y(y), train.targets[i], false),
    );
    const chosen = train.points[view.row];
    if (!chosen) return;
    context.strokeStyle = palette.accent;
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(this.x(chosen[0]), this.y(chosen[1]), 8, 0, 7);
    context.stroke();
  }

  /** The frame, and the ticks on it. */
  frameOf(context) {
    const [left, top, wide, high] = this.size.inner;
    const [x0, x1, y0, y1] = this.data.extent;
    context.strokeStyle = palette.line;
    context.strokeRect(left - 0.5, top - 0.5, wide + 1, high + 1);
    context.fillStyle = palette.muted;
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    for (const x of ticks(x0, x1)) context.fillText(short(x), this.x(x), top + high + 15);
    context.textAlign = "right";
    for (const y of ticks(y0, y1)) context.fillText(short(y), left - 6, this.y(y) + 4);
  }

  mark(context, x, y, target, hollow, size = 3.4) {
    context.beginPath();
    const corners = this.classes ? SIDES[target % 10] : 0;
    if (!corners) context.arc(x, y, size, 0, 7);
    for (let i = 0; i < corners; i++) {
      const turn = (2 * Math.PI * (i + (corners === 4 ? 0.5 : 0))) / corners - Math.PI / 2;
      context.lineTo(x + 1.25 * size * Math.cos(turn), y + 1.25 * size * Math.sin(turn));
    }
    context.closePath();
    const colour = this.classes ? classColour(target, this.classes) : this.shade(target);
    context.fillStyle = hollow ? palette.paper : colour;
    context.strokeStyle = hollow ? colour : palette.paper;
    context.lineWidth = hollow ? 1.5 : 1;
    context.fill();
    context.stroke();
  }

  /** The colour of a value, from the lowest to the highest. */
  shade(target) {
    if (this.data.axes.length < 2) return palette.positive;
    const { targets } = this.data.train;
    this.data.span ||= [Math.min(...targets), Math.max(...targets)];
    const [low, high] = this.data.span;
    const cell =
      palette.strong[
        Math.round(255 * Math.min(Math.max((target - low) / (high - low || 1), 0), 1))
      ];
    return `rgb(${cell & 255} ${(cell >> 8) & 255} ${(cell >> 16) & 255})`;
  }

  /** A click on a point: the unit that is looked at is told for it. */
  choose({ offsetX, offsetY }) {
    const away = this.data.train.points.map(([x, y]) =>
      Math.hypot(this.x(x) - offsetX, this.y(y) - offsetY),
    );
    const nearest = away.indexOf(Math.min(...away));
    if (away[nearest] < NEAR) this.app.look({ row: nearest });
  }
}

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
