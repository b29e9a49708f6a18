// Pictures of units: what one gives over the plane, its weights, or what it gives for each digit.

import { inked, painted, palette } from "./palette.js";

const STRONG = 2; // a bias that fills its mark

export class Pictures {
  constructor() {
    for (const name of ["thumbs", "inputs", "seen"]) this[name] = document.createElement("canvas");
    this.drawing = new Array(64).fill(0);
  }

  /** For a network, whose units stand in this order. */
  of({ layers }, isDigits) {
    this.isDigits = isDigits;
    this.frame = null;
    this.offsets = layers.map((_, k) =>
      layers.slice(0, k).reduce((sum, { units }) => sum + units, 0),
    );
  }

  /** Paint all pictures again, those of a layer's units one below the other. */
  paint(frame = this.frame, drawing = this.drawing) {
    Object.assign(this, { frame, drawing });
    inked(this.seen, drawing);
    if (!frame) return;
    const { thumbs, inputs } = frame.arrays;
    if (inputs) this.features = inputs;
    this.stack(this.thumbs, thumbs);
    this.stack(this.inputs, this.features);
  }

  stack(canvas, array) {
    if (!array) return;
    const [count, height, width] = array.shape;
    painted(canvas, array.values, width, count * height, palette.strong);
  }

  /** Draw the picture of a unit of column c, around x and y. */
  draw(context, c, u, x, y, size) {
    const [left, top] = [x - size / 2, y - size / 2];
    context.fillStyle = palette.panel;
    context.fillRect(left, top, size, size);
    context.imageSmoothingEnabled = !this.isDigits;
    const byClass = this.frame.arrays[`by_class.${c - 1}`];
    if (byClass) bars(context, byClass, u, left, top, size);
    else if (!c && this.isDigits) context.drawImage(this.seen, left, top, size, size);
    else {
      const atlas = c ? this.thumbs : this.inputs;
      const at = (c ? this.offsets[c - 1] + u : u) * atlas.width; // they are square
      context.drawImage(atlas, 0, at, atlas.width, atlas.width, left, top, size, size);
    }
    context.lineWidth = 1;
    context.strokeStyle = palette.line;
    context.strokeRect(left + 0.5, top + 0.5, size - 1, size - 1);
    if (c) this.bias(context, this.biasOf(c - 1, u), x, y + size / 2, size / 2);
  }

  biasOf(k, u) {
    return this.frame.arrays[`biases.${k}`].values[u];
  }

  /** A mark under a unit. */
  bias(context, value, x, bottom, reach) {
    context.fillStyle = value > 0 ? palette.positive : palette.negative;
    context.fillRect(x, bottom + 1, reach * Math.max(-1, Math.min(1, value / STRONG)), 2);
  }
}

/** What a unit gives for each digit, on average. */
function bars(context, { values, shape }, unit, left, top, size) {
  const row = values.subarray(unit * shape[1], (unit + 1) * shape[1]);
  const low = Math.min(0, ...row);
  const span = Math.max(0, ...row) - low || 1;
  const width = size / row.length;
  const zero = top + size * (1 + low / span);
  row.forEach((value, i) => {
    context.fillStyle = value > 0 ? palette.positive : palette.negative;
    context.fillRect(left + i * width, zero, Math.max(width - 0.5, 0.5), (-value / span) * size);
  });
}
