// What the network says of each point of the plane, with the data on it.

import { contour } from "./contour.js";
import { $, clamp, h, percent, sharp, short, ticks } from "./dom.js";
import { painted, palette } from "./palette.js";
import { view } from "./state.js";

const MARGIN = { left: 40, right: 10, top: 8, bottom: 24 };
const NEAR = 14; // pixels from a point within which a click means it
const SIDES = [0, 4, 3, 5, 6, 4, 3, 5, 6, 4]; // corners of the mark of each class; 0 is a disc

export class Boundary {
  constructor(app) {
    this.app = app;
    this.cells = document.createElement("canvas");
    new ResizeObserver(() => this.theme()).observe($("points").parentElement);
    $("tests").onchange = ({ target }) => app.look({ tests: target.checked ? "shown" : "hidden" });
    $("points").onclick = (event) => this.choose(event);
  }

  ready({ data, network }) {
    this.data = data.extent ? data : null;
    $("plane").hidden = !data.extent;
    if (!this.data) return;
    this.value = network.outputs[0];
    this.span = [Math.min(...data.train.targets), Math.max(...data.train.targets)];
    this.box();
    this.legend();
    this.look();
  }

  box() {
    const { clientWidth: width, clientHeight: height } = $("points").parentElement;
    const [x0, x1, y0, y1] = this.data.extent;
    const { left, right, top, bottom } = MARGIN;
    this.size = { width, height, inner: [left, top, width - left - right, height - top - bottom] };
    this.x = (x) => left + ((x - x0) / (x1 - x0)) * this.size.inner[2];
    this.y = (y) => top + ((y1 - y) / (y1 - y0)) * this.size.inner[3];
  }

  legend() {
    const { classes, axes, columns, name } = this.data;
    const kinds = classes.map((kind, target) => {
      const swatch = h("canvas", { width: 14, height: 14, "aria-hidden": "true" });
      this.mark(swatch.getContext("2d"), 7, 7, target, false, 4.5);
      return h("span", {}, swatch, kind);
    });
    const isLine = axes.length < 2;
    const value = isLine
      ? "the line: what the network says"
      : `${this.value}: orange low, blue high`;
    const drawn = axes.map((axis, i) => `${columns[axis]} ${"→↑"[i]}; `).join("");
    const hint = `${name === "upload" ? drawn : ""}hollow: kept for the test`;
    $("classes").replaceChildren(
      ...(kinds.length ? kinds : [value]),
      h("span", { className: "hint" }, hint),
    );
  }

  frame({ arrays, test_accuracy: right, test_r2: fits }) {
    if (!this.data) return;
    this.array = arrays.boundary;
    this.fit = arrays.fit;
    this.confidence = arrays.confidence;
    this.draw();
    const score = right === null ? `R² ${short(fits)}` : `${percent(right)} of test points right`;
    $("points").ariaLabel = `What the network says of each point of the plane: ${score}`;
  }

  theme() {
    if (!this.data) return;
    this.box();
    this.draw();
    this.legend();
    this.marks();
  }

  look() {
    $("tests").checked = view.tests !== "hidden";
    if (this.data) this.marks();
  }

  draw() {
    const context = sharp($("boundary"), this.size.width, this.size.height);
    if (this.array) this.plane(context);
    if (this.fit) this.line(context);
  }

  plane(context) {
    const { values } = this.array;
    const [height, width] = this.array.shape;
    const sure = this.confidence?.values;
    if (sure) painted(this.cells, sure, width, height, (i) => palette.sure[values[i] % 10]);
    else painted(this.cells, values, width, height, palette.soft);
    const [left, top, wide, high] = this.size.inner;
    context.imageSmoothingEnabled = !sure;
    context.drawImage(this.cells, left, top, wide, high);
    if (this.data.classes.length !== 2) return;
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
    const marked = ({ points, targets }, hollow) =>
      points.forEach(([x, y], i) => this.mark(context, this.x(x), this.y(y), targets[i], hollow));
    if ($("tests").checked) marked(test, true);
    marked(train, false);
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
    const isClass = this.data.classes.length > 0;
    const corners = isClass ? SIDES[target % 10] : 0;
    if (!corners) context.arc(x, y, size, 0, 7);
    for (let i = 0; i < corners; i++) {
      const turn = (2 * Math.PI * (i + (corners === 4 ? 0.5 : 0))) / corners - Math.PI / 2;
      context.lineTo(x + 1.25 * size * Math.cos(turn), y + 1.25 * size * Math.sin(turn));
    }
    context.closePath();
    const colour = isClass ? palette.classes[target % 10] : this.shade(target);
    context.fillStyle = hollow ? palette.paper : colour;
    context.strokeStyle = hollow ? colour : palette.paper;
    context.lineWidth = hollow ? 1.5 : 1;
    context.fill();
    context.stroke();
  }

  /** The colour of a value, from the lowest to the highest. */
  shade(target) {
    if (this.data.axes.length < 2) return palette.positive;
    const [low, high] = this.span;
    const share = clamp((target - low) / (high - low || 1), 0, 1);
    const cell = palette.strong[Math.round(255 * share)];
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
