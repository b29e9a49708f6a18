// One multiply-add, with its actual numbers: each input times its weight, added up.

import { $, h, short, table } from "./dom.js";
import { stepper } from "./fields.js";
import { chosenUnit, view } from "./state.js";

const EVERY = 250; // milliseconds from one question to the next while it learns
const HEADS = ["input", "x", "w", "x · w", "added up", "∂loss/∂w"];

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
    const given = { value: this.row, low: 0, high: this.last, name: "row" };
    stepper($("row"), "training sample", given, (row) => this.app.look({ row }));
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
    const { names, inputs, weights, products, gradients, bias, d_bias } = said;
    const rows = names.map((name, i) => [name, inputs[i], weights[i], products[i], gradients[i]]);
    rows.push(["bias", "", bias, bias, d_bias]);
    const sums = rows.reduce((before, row) => [...before, before.at(-1) + row[3]], [0]);
    const cells = rows.map(([name, x, w, product, gradient], i) => {
      const added = bar(sums[i], sums[i + 1], Math.min(...sums), Math.max(...sums));
      return [name, x === "" ? x : short(x), short(w), short(product), added, short(gradient)];
    });
    $("products").replaceChildren(table(HEADS, cells));
    $("total").replaceChildren(...total(said));
  }
}

/** From the sum before to the sum after, between the lowest and the highest. */
function bar(before, after, low, high) {
  const share = (value) => `${(100 * value) / (high - low || 1)}%`;
  const made = h("i", { className: after >= before ? "for" : "against" });
  made.style.left = share(Math.min(before, after) - low);
  made.style.width = share(Math.abs(after - before));
  const zero = h("s");
  zero.style.left = share(-low);
  return h("span", { className: "adds" }, zero, made);
}

function total({ sum, output, activation, loss }) {
  const made = ["Σ x · w + b = ", h("b", {}, short(sum, 4))];
  if (activation !== "identity")
    made.push(`, ${activation} makes of it `, h("b", {}, short(output, 4)));
  return [...made, h("span", { className: "hint" }, `The loss of this sample is ${short(loss)}.`)];
}
