// Loss and score by step: on the training part, and on the part kept for the test.

import { $, percent, sharp, short, ticks } from "./dom.js";
import { palette } from "./palette.js";

const MARGIN = { left: 40, right: 10, top: 8, bottom: 18 };
const LEAST = -1; // score that is drawn

export class Curves {
  constructor() {
    this.points = []; // step, loss, loss on the test part, score, score on the test part
    new ResizeObserver(() => this.theme()).observe($("loss-curve").parentElement);
  }

  ready({ data }) {
    const isRegression = data.task === "regression";
    $("score-name").textContent = isRegression ? "R²" : "Accuracy";
    this.said = isRegression ? short : percent;
    this.onAxis = isRegression ? short : (share) => `${Math.round(100 * share)} %`;
  }

  frame({ arrays, history, step, loss, test_loss, accuracy, test_accuracy, r2, test_r2 }) {
    const { values } = arrays.curve;
    this.points.length = Math.min(this.points.length, history.from);
    for (let i = 0; i < values.length; i += 5) this.points.push(values.subarray(i, i + 5));
    const [score, test] = [accuracy ?? r2, test_accuracy ?? test_r2];
    this.now = [step, loss, test_loss, score, test];
    $("loss").textContent = short(loss);
    $("test-loss").textContent = `test ${short(test_loss)}`;
    $("score").textContent = this.said(score);
    $("test-score").textContent = `test ${this.said(test)}`;
    this.theme();
  }

  theme() {
    if (!this.now) return;
    const points = [...this.points, this.now];
    const found = (...columns) =>
      points.flatMap((point) => columns.map((column) => point[column])).filter(Number.isFinite);
    const highest = 1.05 * Math.max(...found(1, 2), 1e-6);
    const lowest = Math.max(Math.min(...found(3, 4), 0.5), LEAST);
    plot($("loss-curve"), points, 1, 0, highest, short);
    plot($("score-curve"), points, 3, lowest, 1, this.onAxis);
  }
}

/** Two columns of points by step: the training part drawn through, the test part dashed. */
function plot(canvas, points, column, low, high, said) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = sharp(canvas, width, height);
  const { left, right, top, bottom } = MARGIN;
  const last = Math.max(points.at(-1)[0], 1);
  const x = (step) => left + (step / last) * (width - left - right);
  const y = (value) => top + ((high - value) / (high - low)) * (height - top - bottom);
  Object.assign(context, { font: "11px system-ui, sans-serif", fillStyle: palette.muted });
  levels(context, ticks(low, high), y, width, said);
  context.textAlign = "center";
  for (const step of ticks(0, last).filter(Number.isInteger))
    context.fillText(step.toLocaleString(), Math.min(x(step), width - 16), height - 4);
  const line = (at, dash, strokeStyle) => {
    context.setLineDash(dash);
    Object.assign(context, { strokeStyle, lineWidth: 1.6 });
    context.beginPath();
    for (const point of points)
      if (Number.isFinite(point[at])) context.lineTo(x(point[0]), y(Math.max(point[at], low)));
    context.stroke();
  };
  line(column + 1, [4, 3], palette.muted);
  line(column, [], palette.ink);
}

function levels(context, values, y, width, said) {
  Object.assign(context, { strokeStyle: palette.line, lineWidth: 1, textAlign: "right" });
  context.setLineDash([]);
  for (const value of values) {
    const at = Math.round(y(value)) + 0.5;
    context.beginPath();
    context.moveTo(MARGIN.left, at);
    context.lineTo(width - MARGIN.right, at);
    context.stroke();
    context.fillText(said(value), MARGIN.left - 6, at + 4);
  }
}
