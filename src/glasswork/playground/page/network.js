// The network: a picture for each unit, a line for each weight, and buttons to look closer.

import { $, arrow, clamp, h, sharp, short } from "./dom.js";
import { curve, drawEdges, reach } from "./edges.js";
import { either, stepper } from "./fields.js";
import { columnsOf } from "./layout.js";
import { Lens } from "./lens.js";
import { palette } from "./palette.js";
import { Pictures } from "./pictures.js";
import { chosenUnit, state, view } from "./state.js";

const COLUMN = 74; // pixels that a column needs
const DRAWING = 88; // of a drawn digit
const DEEPEST = 6;

export class Network {
  constructor(app) {
    this.app = app;
    this.stage = $("stage");
    this.canvas = this.stage.querySelector("canvas");
    this.lens = new Lens();
    this.pictures = new Pictures();
    new ResizeObserver(() => this.place()).observe(this.stage);
    this.stage.onkeydown = (event) => this.goTo(event);
  }

  ready({ network, data, summary }) {
    this.network = network;
    this.isDigits = Boolean(data.samples);
    const sizes = [network.inputs.length, ...network.layers.map(({ units }) => units)];
    $("summary").textContent =
      `${sizes.join("–")}, ${network.parameters.toLocaleString()} parameters`;
    $("summary").title = summary;
    this.depth();
    const shape = JSON.stringify([network, this.isDigits]);
    if (shape !== this.shape) this.build();
    this.shape = shape;
    this.look();
  }

  depth() {
    const { layers } = state;
    const given = { value: layers.length, low: 0, high: DEEPEST, name: "depth" };
    stepper($("depth"), "hidden layers", given, (length) => {
      const units = (_, i) => layers[i] ?? layers.at(-1) ?? 8;
      this.app.choose({ layers: Array.from({ length }, units) });
    });
    $("depth").prepend("layers");
  }

  /** New elements for another network; what had the focus keeps it. */
  build() {
    const { layers, inputs, outputs } = this.network;
    this.pictures.of(this.network, this.isDigits);
    const last = layers.at(-1);
    this.names = [this.isDigits ? [] : inputs, last.units > 1 ? outputs : []];
    const shown = (this.isDigits ? [""] : inputs).map((name) =>
      h("span", { className: "input", title: name }, h("b", {}, name)),
    );
    this.units = [shown, ...layers.map((layer, k) => this.buttons(layer, k))];
    this.units.forEach((column, c) =>
      column.forEach((unit, u) => {
        unit.onpointerenter = unit.onfocus = () => this.point(c, u);
        unit.onpointerleave = unit.onblur = () => this.point(null);
      }),
    );
    this.heads = this.units.map((_, c) => this.head(layers[c - 1], c));
    const groups = this.units.map((column, c) => {
      const given = { role: "group", "aria-label": c ? called(layers[c - 1]) : "inputs" };
      return h("div", given, this.heads[c], ...column);
    });
    const focused = this.stage.contains(document.activeElement) && document.activeElement.ariaLabel;
    this.stage.replaceChildren(this.canvas, ...groups);
    if (focused) this.stage.querySelector(`[aria-label="${focused}"]`)?.focus();
    this.place();
  }

  buttons(layer, k) {
    const names = layer.name === "output" ? this.names[1] : [];
    return Array.from({ length: layer.units }, (_, u) => {
      const label = `${called(layer)}, unit ${u + 1} of ${layer.units}`;
      const onclick = () => this.app.look({ unit: `${k}.${u}` });
      const given = { className: "unit", tabIndex: -1, "aria-label": label, onclick };
      return h("button", given, ...names.slice(u, u + 1).map((name) => h("b", {}, name)));
    });
  }

  /** What stands above a column: what it gives, and how many units it has. */
  head(layer, c) {
    const isHidden = layer && layer.name !== "output";
    const title = isHidden ? layer.activation : layer ? "output" : "inputs";
    const head = h("div", { className: "head" }, h("span", {}, title));
    if (!isHidden) return head;
    const steps = head.appendChild(h("div", { className: "stepper" }));
    const [high, by] = this.isDigits ? [128, 8] : [16, 1];
    const given = { value: layer.units, low: 1, high, by, name: `units-${c}` };
    stepper(steps, `units in hidden layer ${c}`, given, (units) =>
      this.app.choose({ layers: state.layers.with(c - 1, units) }),
    );
    return head;
  }

  place() {
    if (!this.units) return;
    this.stage.style.minWidth = `${this.units.length * (this.isDigits ? 1.6 : 1) * COLUMN}px`;
    const { clientWidth: width, clientHeight: height } = this.stage;
    const counts = this.units.map((column) => column.length);
    this.columns = columnsOf(counts, width, height, this.names);
    if (this.isDigits) this.columns[0].places[0].size = Math.min(DRAWING, width / 6);
    this.columns.forEach(({ x, places }, c) => {
      this.heads[c].style.left = `${x}px`;
      places.forEach((place, u) => {
        const { style } = this.units[c][u];
        style.left = `${place.x - place.size / 2}px`;
        style.top = `${place.y - place.size / 2}px`;
        style.width = style.height = `${place.size}px`;
      });
    });
    this.draw();
  }

  frame(frame) {
    this.pictures.paint(frame);
    this.draw();
    this.enlarge();
  }

  drawn({ pixels }) {
    this.pictures.paint(undefined, pixels);
    this.draw();
  }

  wiped() {
    this.drawn({ pixels: Array(64).fill(0) });
  }

  theme() {
    this.pictures.paint();
    this.draw();
  }

  draw() {
    if (!this.columns || !this.pictures.frame) return;
    const context = sharp(this.canvas, this.stage.clientWidth, this.stage.clientHeight);
    this.lines(context);
    this.columns.forEach(({ places }, c) =>
      places.forEach(({ x, y, size }, u) => this.pictures.draw(context, c, u, x, y, size)),
    );
  }

  lines(context) {
    const { arrays } = this.pictures.frame;
    const matrices = this.network.layers.map((_, k) => arrays[`${view.edges}.${k}`]);
    if (matrices.includes(undefined)) return;
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

  /** From a drawn digit to the units that look at it, whose own pictures are its weights. */
  fan(context, from, { left, places }) {
    context.strokeStyle = palette.line;
    context.lineWidth = 1;
    for (const { x, y, size } of places)
      if (x - size / 2 < left + size)
        curve(context, from.x + from.size / 2, from.y, x - size / 2, y);
  }

  /** Point at a unit, or at none. */
  point(c, u) {
    this.pointed = c === null ? null : [c, u];
    if (!this.pointed) this.lens.hide();
    else if (this.pictures.frame) {
      this.lens.show(this.units[c][u], this.told(c, u));
      this.enlarge();
      if (c) this.focusable(c, u);
    }
    this.draw();
  }

  enlarge() {
    if (this.pointed)
      this.lens.draw((context, size) =>
        this.pictures.draw(context, ...this.pointed, size / 2, size / 2, size),
      );
  }

  told(c, u) {
    const layer = this.network.layers[c - 1];
    if (!layer) return this.isDigits ? "the drawing, 8 × 8" : this.network.inputs[u];
    const name =
      layer.name === "output" ? this.network.outputs.at(u - layer.units) : `${layer.name}.${u + 1}`;
    return `${name}: ${layer.activation}, bias ${short(this.pictures.biasOf(c - 1, u))}`;
  }

  look() {
    either(this.app, "edges");
    const [layer, unit] = chosenUnit(this.network.layers);
    for (const button of this.units.slice(1).flat()) button.ariaPressed = false;
    this.units[layer + 1][unit].ariaPressed = true;
    this.focusable(layer + 1, unit);
    this.draw();
  }

  /** One unit is reached by Tab, the others from it by arrow keys. */
  focusable(c, u) {
    for (const button of this.units.slice(1).flat()) button.tabIndex = -1;
    this.units[c][u].tabIndex = 0;
  }

  goTo(event) {
    const way = arrow(event);
    const c = this.units.findIndex((column) => column.includes(event.target));
    if (!way || c < 1) return;
    event.preventDefault();
    const column = this.units[c];
    const next = this.units[clamp(c + way[0], 1, this.units.length - 1)];
    const beside = ((column.indexOf(event.target) + 0.5) * next.length) / column.length;
    next[clamp(Math.floor(beside) + way[1], 0, next.length - 1)].focus();
  }
}

const called = ({ name }) => name.replace("hidden", "hidden layer ");
