// All that can be chosen: a table of controls, and the form made of it.

import { $, h, short } from "./dom.js";
import { state } from "./state.js";

const range = (low, high, by) => Array.from({ length: Math.round((high - low) / by) + 1 }, (_, i) => Number((low + i * by).toFixed(6)));
const decades = (low, high) => range(low, high, 1).flatMap((power) => [1, 2, 3, 5].map((digit) => Number(`${digit}e${power}`)));
const penalties = [0, ...decades(-5, -1), 1];

const ADAPTIVE = ["rmsprop", "adagrad"];
const sized = () => !["digits"].includes(state.data);

const SETTINGS = {
  Data: [
    { name: "data", label: "Data", kind: "cards", choices: ["moons", "circles", "spirals", "line", "digits"] },
    { name: "axes", label: "Drawn columns", kind: "axes" },
    { name: "samples", label: "Samples", values: range(50, 2000, 50), when: sized },
    { name: "noise", label: "Noise", values: range(0, 0.5, 0.01), when: () => sized() && state.data !== "upload" },
    { name: "test", label: "Test part", values: range(0.1, 0.9, 0.05), said: (share) => `${Math.round(100 * share)} %` },
    { name: "seed", label: "Seed", kind: "number" },
    {
      name: "features", label: "Features", kind: "chips", when: (data) => sized() && data.name !== "line" && data.features.length < 3,
      choices: { x1: "x₁", x2: "x₂", x1sq: "x₁²", x2sq: "x₂²", x1x2: "x₁x₂", sinx1: "sin πx₁", sinx2: "sin πx₂" },
    },
  ],
  Network: [
    { name: "activation", label: "Activation", kind: "menu", choices: ["relu", "tanh", "sigmoid", "leaky-relu", "elu", "gelu", "silu", "softplus", "identity"] },
    { name: "initialization", label: "First weights", kind: "menu", choices: ["kaiming", "xavier", "lecun", "orthogonal", "article", "zeros"],
      shown: { article: "article’s 1/n (too small)" } },
  ],
  Learning: [
    { name: "optimizer", label: "Optimizer", kind: "menu", choices: ["sgd", "adam", "adamw", "rmsprop", "adagrad"], shown: { sgd: "SGD", adam: "Adam", adamw: "AdamW", rmsprop: "RMSprop", adagrad: "Adagrad" } },
    { name: "schedule", label: "Schedule", kind: "menu", choices: ["constant", "exponential", "cosine", "step", "warmup"], shown: { warmup: "warm-up" } },
    { name: "rate", label: "Rate", values: [...decades(-5, 0), 10] },
    { name: "momentum", label: "Momentum", values: [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99], when: () => !ADAPTIVE.includes(state.optimizer) },
    { name: "batch", label: "Batch", values: [1, 2, 4, 8, 16, 32, 64, 128, 256] },
    { name: "dropout", label: "Dropout", values: range(0, 0.9, 0.05) },
    { name: "l1", label: "L1 penalty", values: penalties, when: () => state.optimizer !== "adamw" },
    { name: "l2", label: "L2 penalty", values: penalties },
  ],
};
export const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

/** A range over listed values: its place is the nearest one's. */
export function slide(input, output, values, said, change) {
  Object.assign(input, { min: 0, max: values.length - 1, step: 1 });
  const say = (value) => {
    output.value = said(value);
    input.setAttribute("aria-valuetext", said(value));
  };
  input.addEventListener("input", () => say(values[input.value]));
  input.addEventListener("change", () => change(values[input.value]));
  return (value) => {
    const away = values.map((one) => Math.abs(one - value));
    input.value = away.indexOf(Math.min(...away));
    say(value);
  };
}

export class Controls {
  constructor(choose) {
    this.choose = choose;
    this.fields = Object.values(SETTINGS).flat();
    for (const [title, fields] of Object.entries(SETTINGS)) {
      const group = h("fieldset", {}, h("legend", {}, title), ...fields.map((field) => this.made(field)));
      $("settings").append(group);
    }
    $("settings").addEventListener("submit", (event) => event.preventDefault());
  }

  made(field) {
    const id = `set-${field.name}`;
    const set = (value) => this.choose({ [field.name]: value });
    const making = { cards, chips, menu, axes, number }[field.kind] || slider;
    field.host = making(field, id, set);
    return field.host;
  }

  ready({ data }) {
    for (const field of this.fields) {
      field.show(state[field.name], data);
      field.host.hidden = !(field.when?.(data) ?? true) || (field.kind === "axes" && !(data.features.length > 2 && data.axes));
    }
  }
}

const named = (field, id, ...control) => h("div", { className: `field ${field.kind || ""}` }, h("label", { htmlFor: id }, field.label), ...control);

function slider(field, id, set) {
  const input = h("input", { type: "range", id, name: field.name });
  const output = h("output", { htmlFor: id });
  field.show = slide(input, output, field.values, field.said || short, set);
  return named(field, id, output, input);
}

function menu(field, id, set) {
  const options = field.choices.map((value) => h("option", { value }, field.shown?.[value] || value));
  const select = h("select", { id, name: field.name, onchange: () => set(select.value) }, ...options);
  field.show = (value) => (select.value = value);
  return named(field, id, select);
}

function number(field, id, set) {
  const input = h("input", { type: "number", id, name: field.name, min: 0, max: 2 ** 32 - 1, onchange: () => set(Number(input.value)) });
  const other = h("button", { type: "button", "aria-label": "another seed", onclick: () => set(Number(input.value) + 1) }, "↻");
  field.show = (value) => (input.value = value);
  return named(field, id, h("span", { className: "pair" }, input, other));
}

function chips(field, id, set) {
  const boxes = Object.keys(field.choices).map((value) => h("input", { type: "checkbox", name: field.name, value }));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  for (const box of boxes)
    box.onchange = () => (chosen().length ? set(chosen()) : (box.checked = true)); // a network sees something
  field.show = (value) => boxes.forEach((box) => (box.checked = value.includes(box.value)));
  const labels = boxes.map((box) => h("label", { className: "chip" }, box, h("span", {}, field.choices[box.value])));
  return h("div", { className: "field chips", role: "group", "aria-label": field.label }, h("span", { className: "label" }, field.label), ...labels);
}

function axes(field, id, set) {
  const menus = ["across", "up"].map((way) => h("select", { name: `axes-${way}`, "aria-label": `Column drawn ${way}`, onchange: () => set(menus.map((one) => Number(one.value))) }));
  field.show = (value, data) =>
    menus.forEach((one, i) => {
      one.replaceChildren(...data.features.map((name, column) => h("option", { value: column }, name)));
      one.value = data.axes?.[i] ?? value[i];
    });
  return h("div", { className: "field axes" }, h("span", { className: "label" }, field.label), h("span", { className: "pair" }, ...menus));
}

function cards(field, id, set) {
  const file = h("input", { type: "file", id: "file", accept: ".csv,text/csv,text/plain", className: "unseen" });
  const card = (value) => {
    const input = h("input", { type: "radio", name: field.name, value, onchange: () => set(value) });
    return [input, h("label", { className: "card" }, input, sketch(value), h("span", {}, value))];
  };
  const made = field.choices.map(card);
  const own = h("label", { className: "card own", title: "Choose a CSV file, or drop it anywhere" }, file, sketch("upload"), h("span", {}, "own CSV"));
  field.show = (value) => {
    for (const [input] of made) input.checked = input.value === value;
    own.classList.toggle("chosen", value === "upload");
  };
  return h("div", { className: "cards", role: "group", "aria-label": field.label }, ...made.map(([, label]) => label), own);
}

const SKETCHES = { // what the points of each look like, around the middle of a square of 40
  moons: [(t) => [13 - 9 * Math.cos(3 * t) + 2, 23 - 10 * Math.sin(3 * t)], (t) => [24 + 9 * Math.cos(3 * t) + 1, 17 + 10 * Math.sin(3 * t)]],
  circles: [(t) => [20 + 14 * Math.cos(6.3 * t), 20 + 14 * Math.sin(6.3 * t)], (t) => [20 + 6 * Math.cos(6.3 * t), 20 + 6 * Math.sin(6.3 * t)]],
  spirals: [0, Math.PI].map((turn) => (t) => [20 + 15 * t * Math.cos(8 * t + turn), 20 + 15 * t * Math.sin(8 * t + turn)]),
  line: [(t) => [6 + 28 * t, 33 - 26 * t + 3 * Math.sin(40 * t)]],
};
const GLYPHS = { digits: "8", upload: "↥" };

function sketch(name) {
  const svg = (tag, given) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in given) made.setAttribute(key, given[key]);
    return made;
  };
  const drawn = svg("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" });
  if (GLYPHS[name]) {
    const text = drawn.appendChild(svg("text", { x: 20, y: 30, "text-anchor": "middle" }));
    text.textContent = GLYPHS[name];
  }
  (SKETCHES[name] || []).forEach((at, kind) => {
    for (let i = 1; i <= 14; i++) {
      const [cx, cy] = at(i / 14);
      drawn.append(svg("circle", { cx, cy, r: 1.7, class: kind ? "second" : "first" }));
    }
  });
  return drawn;
}
