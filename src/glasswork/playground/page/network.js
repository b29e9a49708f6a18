// The network: a picture for each unit, a line for each weight, and buttons to look closer.

import { $, h, short, sharp, stepper } from "./dom.js";
import { curve, drawEdges, reach } from "./edges.js";
import { Lens } from "./lens.js";
import { columnsOf, HEAD } from "./layout.js";
import { painted, palette } from "./palette.js";
import { chosenUnit, state, view } from "./state.js";

const COLUMN = 74; // pixels that a column needs
const PICTURE = 88; // of a digit

export class Network {
  constructor(app) {
    this.app = app;
    this.stage = $("stage");
    this.canvas = this.stage.querySelector("canvas");
    this.lens = new Lens();
    this.atlases = { thumbs: document.createElement("canvas"), inputs: document.createElement("canvas"), seen: document.createElement("canvas") };
    new ResizeObserver(() => this.place()).observe(this.stage);
    this.stage.addEventListener("keydown", (event) => this.walkOver(event));
    for (const radio of $("edges").elements)
      radio.onchange = () => app.look({ edges: radio.value });
  }

  ready({ network, data, summary }) {
    this.network = network;
    this.isDigits = Boolean(data.samples);
    $("summary").textContent = `${[network.inputs.length, ...network.layers.map((layer) => layer.units)].join("–")}, ${network.parameters.toLocaleString()} parameters`;
    $("summary").title = summary;
    stepper($("depth"), "hidden layers", { value: state.layers.length, low: 0, high: 6, name: "depth" }, (depth) => {
      const last = state.layers.at(-1) ?? 8;
      this.app.choose({ layers: Array.from({ length: depth }, (_, i) => state.layers[i] ?? last) });
    });
    $("depth").prepend("hidden layers");
    const shape = JSON.stringify([network, this.isDigits]);
    if (shape !== this.shape) this.build();
    this.shape = shape;
    this.look();
  }

  build() {
    const { layers, inputs } = this.network;
    const name = (layer) => (layer.name === "output" ? "output" : layer.name.replace("hidden", "hidden layer "));
    this.shown = null;
    this.offsets = layers.map((_, k) => layers.slice(0, k).reduce((sum, layer) => sum + layer.units, 0));
    this.counts = [this.isDigits ? 1 : inputs.length, ...layers.map((layer) => layer.units)];
    const shown = this.isDigits ? [h("span", { className: "input" })] : inputs.map((input) => h("span", { className: "input", title: input }, h("b", {}, input)));
    const buttons = layers.map((layer, k) =>
      Array.from({ length: layer.units }, (_, u) =>
        h("button", { type: "button", className: "unit", tabIndex: -1, "aria-label": `${name(layer)}, unit ${u + 1} of ${layer.units}`, onclick: () => this.open(k, u) },
          ...(layer.name === "output" && layer.units > 1 ? [h("b", {}, this.network.outputs[u])] : []))));
    this.buttons = [shown, ...buttons];
    this.buttons.forEach((column, c) =>
      column.forEach((button, u) => {
        button.onpointerenter = button.onfocus = () => this.point(c, u);
        button.onpointerleave = button.onblur = () => this.point(null);
      }));
    this.heads = this.buttons.map((_, c) => this.head(c));
    const groups = this.buttons.map((column, c) => h("div", { role: "group", "aria-label": c ? name(layers[c - 1]) : "inputs" }, this.heads[c], ...column));
    const focused = this.stage.contains(document.activeElement) && document.activeElement.ariaLabel;
    this.stage.replaceChildren(this.canvas, ...groups);
    if (focused) this.stage.querySelector(`[aria-label="${focused}"]`)?.focus();
    this.place();
  }

  head(c) {
    const layer = this.network.layers[c - 1];
    const head = h("div", { className: "head" }, h("span", {}, !layer ? "inputs" : layer.name === "output" ? "output" : layer.activation));
    if (!layer || layer.name === "output") return head;
    const steps = head.appendChild(h("div", { className: "stepper" }));
    const given = { value: layer.units, low: 1, high: this.isDigits ? 128 : 16, by: this.isDigits ? 8 : 1, name: `units-${c}` };
    stepper(steps, `units in hidden layer ${c}`, given, (units) => this.app.choose({ layers: state.layers.with(c - 1, units) }));
    return head;
  }

  place() {
    if (!this.network) return;
    this.stage.style.minWidth = `${this.counts.length * (this.isDigits ? 1.6 : 1) * COLUMN}px`;
    const { clientWidth: width, clientHeight: height } = this.stage;
    this.columns = columnsOf(this.counts, width, height);
    if (this.isDigits) this.columns[0].places[0].size = Math.min(PICTURE, width / 6);
    this.columns.forEach(({ x, places }, c) => {
      this.heads[c].style.left = `${x}px`;
      places.forEach((place, u) => {
        const { style } = this.buttons[c][u];
        style.left = `${place.x - place.size / 2}px`;
        style.top = `${place.y - place.size / 2}px`;
        style.width = style.height = `${place.size}px`;
      });
    });
    this.draw();
  }

  frame(frame) {
    this.shown = frame;
    const { thumbs, inputs } = frame.arrays;
    if (inputs) this.inputs = inputs;
    this.paint();
    this.draw();
    if (thumbs && this.pointed) this.lens.draw((context, size) => this.picture(context, ...this.pointed, size / 2, size / 2, size));
  }

  drawn({ pixels }) {
    this.seen = pixels;
    this.paint();
    this.draw();
  }

  theme() {
    this.paint();
    this.draw();
  }

  /** All pictures of units, one below the other. */
  paint() {
    for (const [name, array] of [["thumbs", this.shown?.arrays.thumbs], ["inputs", this.inputs]])
      if (array) painted(this.atlases[name], array.values, array.shape[2], array.shape[0] * array.shape[1], palette.strong);
    const seen = this.seen || new Array(64).fill(0);
    painted(this.atlases.seen, seen.map((ink) => Math.round(255 * ink)), 8, 8, palette.grey);
  }

  draw() {
    if (!this.columns || !this.shown) return;
    const context = sharp(this.canvas, this.stage.clientWidth, this.stage.clientHeight);
    this.lines(context);
    context.strokeStyle = palette.line;
    this.columns.forEach(({ places }, c) =>
      places.forEach((place, u) => this.picture(context, c, u, place.x, place.y, place.size)));
  }

  lines(context) {
    const matrices = this.network.layers.map((_, k) => this.shown.arrays[`${view.edges}.${k}`]);
    if (matrices.some((matrix) => !matrix)) return;
    const largest = reach(this.isDigits ? matrices.slice(1) : matrices);
    $("edges-low").textContent = short(-largest);
    $("edges-high").textContent = short(largest);
    const at = this.pointed && this.columns[this.pointed[0]].places[this.pointed[1]];
    const apart = at && ((a, b) => a === at || b === at);
    matrices.forEach((matrix, k) => {
      const [from, to] = [this.columns[k], this.columns[k + 1]];
      if (k || !this.isDigits) drawEdges(context, from, to, matrix, largest, apart);
      else this.fan(context, from.places[0], to);
    });
  }

  /** From the picture of a digit to all units that look at it: their own pictures are its weights. */
  fan(context, from, to) {
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    for (const { x, y, size } of to.places)
      if (x - size < to.left + size / 2) curve(context, from.x + from.size / 2, from.y, x - size / 2, y);
  }

  /** A unit: what it gives over the plane; its weights; or what it gives for each digit. */
  picture(context, c, u, x, y, size) {
    const { thumbs, [`by_class.${c - 1}`]: byClass } = this.shown.arrays;
    const [left, top] = [x - size / 2, y - size / 2];
    context.fillStyle = palette.panel;
    context.fillRect(left, top, size, size);
    context.imageSmoothingEnabled = !this.isDigits;
    if (byClass) bars(context, byClass, u, left, top, size);
    else if (!c && this.isDigits) context.drawImage(this.atlases.seen, left, top, size, size);
    else {
      const array = c ? thumbs : this.inputs;
      const atlas = c ? this.atlases.thumbs : this.atlases.inputs;
      if (array) context.drawImage(atlas, 0, (c ? this.offsets[c - 1] + u : u) * array.shape[1], array.shape[2], array.shape[1], left, top, size, size);
    }
    context.lineWidth = 1;
    context.strokeStyle = palette.line;
    context.strokeRect(left + 0.5, top + 0.5, size - 1, size - 1);
    if (c) this.bias(context, c - 1, u, left, top + size, size);
  }

  /** A mark under a unit: its bias. */
  bias(context, k, u, left, bottom, size) {
    const { values } = this.shown.arrays[`biases.${k}`];
    const share = Math.max(-1, Math.min(1, values[u] / 2));
    context.fillStyle = share > 0 ? palette.positive : palette.negative;
    context.fillRect(left + size / 2, bottom + 1, (share * size) / 2, 2);
  }

  open(k, u) {
    this.app.look({ unit: `${k}.${u}` });
  }

  /** Enlarge a unit that is pointed at. */
  point(c, u) {
    this.pointed = c === null ? null : [c, u];
    if (!this.pointed) this.lens.hide();
    else if (this.shown) {
      this.lens.show(this.buttons[c][u], this.told(c, u));
      this.lens.draw((context, size) => this.picture(context, c, u, size / 2, size / 2, size));
      if (c) this.focusable(c, u);
    }
    this.draw();
  }

  told(c, u) {
    const layer = this.network.layers[c - 1];
    if (!layer) return this.isDigits ? "the drawing, 8 × 8" : this.network.inputs[u];
    const bias = this.shown.arrays[`biases.${c - 1}`].values[u];
    const called = layer.name === "output" ? this.network.outputs.at(layer.units > 1 ? u : -1) : `${layer.name}.${u + 1}`;
    return `${called}: ${layer.activation}, bias ${short(bias)}`;
  }

  look() {
    for (const radio of $("edges").elements) radio.checked = radio.value === view.edges;
    const chosen = chosenUnit(this.network.layers);
    this.buttons.slice(1).forEach((column, k) =>
      column.forEach((button, u) => button.setAttribute("aria-pressed", k === chosen[0] && u === chosen[1])));
    this.focusable(chosen[0] + 1, chosen[1]);
    this.draw();
  }

  /** One unit is reached by Tab, the others from it by arrow keys. */
  focusable(c, u) {
    for (const button of this.buttons.slice(1).flat()) button.tabIndex = -1;
    this.buttons[c][u].tabIndex = 0;
  }

  walkOver(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const c = this.buttons.findIndex((column) => column.includes(event.target));
    if (!way || c < 1) return;
    event.preventDefault();
    const u = this.buttons[c].indexOf(event.target);
    const next = this.buttons[Math.min(Math.max(c + way[0], 1), this.buttons.length - 1)];
    next[Math.min(Math.max((way[0] ? Math.round(((u + 0.5) * next.length) / this.buttons[c].length - 0.5) : u) + way[1], 0), next.length - 1)].focus();
  }
}

/** What a unit gives for each digit, on average. */
function bars(context, { values, shape }, unit, left, top, size) {
  const row = values.subarray(unit * shape[1], (unit + 1) * shape[1]);
  const low = Math.min(0, ...row);
  const span = Math.max(0, ...row) - low || 1;
  const width = size / row.length;
  row.forEach((value, i) => {
    context.fillStyle = value > 0 ? palette.positive : palette.negative;
    const zero = top + size * (1 + low / span);
    context.fillRect(left + i * width, zero, Math.max(width - 0.5, 0.5), (-value / span) * size);
  });
}
