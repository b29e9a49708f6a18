// Loss and score by step: on the training part, and on the part kept for the test.

import { $, percent, sharp, short } from "./dom.js";
import { ticks } from "./boundary.js";
import { palette } from "./palette.js";

const MARGIN = { left: 40, right: 10, top: 8, bottom: 18 };

export class Curves {
  constructor() {
    this.points = [];
    new ResizeObserver(() => this.theme()).observe($("loss-curve").parentElement);
  }

  ready({ data }) {
    this.isRegression = data.task === "regression";
    $("score-name").textContent = this.isRegression ? "R²" : "Accuracy";
  }

  frame(frame) {
    const { values } = frame.arrays.curve;
    this.points.length = Math.min(this.points.length, frame.history.from);
    for (let i = 0; i < values.length; i += 5) this.points.push(values.subarray(i, i + 5));
    this.now = [
      frame.step,
      frame.loss,
      frame.test_loss,
      frame.accuracy ?? frame.r2,
      frame.test_accuracy ?? frame.test_r2,
    ];
    const said = this.isRegression ? short : percent;
    $("loss").value = `${short(frame.loss)}, test ${short(frame.test_loss)}`;
    $("score").value = `${said(this.now[3])}, test ${said(this.now[4])}`;
    this.theme();
  }

  theme() {
    if (!this.now) return;
    const points = [...this.points, this.now];
    this.plot(
      $("loss-curve"),
      points,
      1,
      0,
      Math.max(...points.flatMap((point) => [point[1], point[2]]).filter(Number.isFinite), 1e-6) *
        1.05,
    );
    const least = Math.min(
      ...points.flatMap((point) => [point[3], point[4]]).filter(Number.isFinite),
      0.5,
    );
    this.plot(
      $("score-curve"),
      points,
      3,
      Math.max(least, -1),
      1,
      this.isRegression ? short : (share) => `${Math.round(100 * share)} %`,
    );
  }

  plot(canvas, points, column, low, high, said = short) {
    const { clientWidth: width, clientHeight: height } = canvas;
    const context = sharp(canvas, width, height);
    const last = Math.max(this.now[0], 1);
    const { left, right, top, bottom } = MARGIN;
    const x = (step) => left + (step / last) * (width - left - right);
    const y = (value) => top + ((high - value) / (high - low)) * (height - top - bottom);
    grid(context, { x, y, width, height, last, low, high, said });
    for (const [at, dash, colour] of [
      [column + 1, [4, 3], palette.muted],
      [column, [], palette.ink],
    ]) {
      context.setLineDash(dash);
      context.strokeStyle = colour;
      context.lineWidth = 1.6;
      context.beginPath();
      for (const point of points)
        if (Number.isFinite(point[at])) context.lineTo(x(point[0]), y(Math.max(point[at], low)));
      context.stroke();
    }
    context.setLineDash([]);
  }
}

function grid(context, { x, y, width, height, last, low, high, said }) {
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = palette.muted;
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.textAlign = "right";
  for (const value of ticks(low, high)) {
    const at = Math.round(y(value)) + 0.5;
    context.beginPath();
    context.moveTo(MARGIN.left, at);
    context.lineTo(width - MARGIN.right, at);
    context.stroke();
    context.fillText(said(value), MARGIN.left - 6, at + 4);
  }
  context.textAlign = "center";
  for (const step of ticks(0, last))
    if (Number.isInteger(step))
      context.fillText(step.toLocaleString(), Math.min(x(step), width - 16), height - 4);
}
