// One multiply-add, with its actual numbers: each input times its weight, added up.

import { $, h, short, stepper } from "./dom.js";
import { chosenUnit, view } from "./state.js";

const EVERY = 250; // milliseconds from one question to the next while it learns

export class Unit {
  constructor(app) {
    this.app = app;
    this.asked = 0;
  }

  ready({ network, data }) {
    this.layers = network.layers;
    this.last = data.rows - 1;
    this.look();
  }

  look() {
    stepper($("row"), "training sample", { value: this.row, low: 0, high: this.last, name: "row" }, (row) => this.app.look({ row }));
    $("row").prepend("sample");
    this.ask();
  }

  get row() {
    return Math.min(view.row, this.last);
  }

  ask() {
    const [layer, unit] = chosenUnit(this.layers);
    this.asked = performance.now();
    this.app.send("unit", { layer, unit, row: this.row });
  }

  frame({ running }) {
    if (!running || performance.now() - this.asked > EVERY) this.ask();
  }

  unit(said) {
    $("unit-name").textContent = `${this.layers[said.layer].name}, unit ${said.unit + 1}`;
    const from = said.names.map((name, i) => [name, said.inputs[i], said.weights[i], said.products[i], said.gradients[i]]);
    const rows = [...from, ["bias", null, said.bias, said.bias, said.d_bias]];
    const sums = rows.reduce((before, row) => [...before, before.at(-1) + row[3]], [0]);
    const span = [Math.min(...sums), Math.max(...sums)];
    const body = h("tbody", {}, ...rows.map((row, i) => line(row, sums[i], sums[i + 1], span)));
    const heads = ["input", "x", "w", "x · w", "added up", "∂loss/∂w"].map((name) => h("th", { scope: "col" }, name));
    const table = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), body);
    const scroll = $("sum").querySelector(".scroll")?.scrollTop;
    const host = h("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Inputs, weights and products" }, table);
    $("sum").replaceChildren(host, total(said));
    if (scroll) host.scrollTop = scroll;
  }
}

function line([name, x, w, product, gradient], before, after, span) {
  const cell = (value) => h("td", {}, value === null ? "" : short(value));
  return h("tr", {}, h("th", { scope: "row" }, name), cell(x), cell(w), cell(product),
    h("td", { className: "adds" }, bar(before, after, span)), cell(gradient));
}

/** From the sum before to the sum after. */
function bar(before, after, [low, high]) {
  const share = (value) => (100 * (value - low)) / (high - low || 1);
  const made = h("i", { className: after >= before ? "for" : "against" });
  made.style.left = `${share(Math.min(before, after))}%`;
  made.style.width = `${share(Math.max(before, after)) - share(Math.min(before, after))}%`;
  const zero = h("s");
  zero.style.left = `${share(0)}%`;
  return h("span", {}, zero, made);
}

function total(said) {
  const shown = said.activation === "identity" ? "" : `, ${said.activation} makes of it `;
  return h("p", { className: "total" }, "Σ x · w + b = ", h("b", {}, short(said.sum, 4)), shown, shown && h("b", {}, short(said.output, 4)),
    h("span", { className: "hint" }, ` The loss of this sample is ${short(said.loss)}.`));
}
