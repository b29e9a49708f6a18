// Kinds of controls: each makes an element, which says what is chosen, and shows it.

import { $, clamp, h, short } from "./dom.js";
import { sketch } from "./sketch.js";
import { view } from "./state.js";

/** A switch of what is looked at: it has the name that this has in the view. */
export function either(app, name) {
  for (const radio of $(name).elements) {
    radio.checked = radio.value === view[name];
    radio.onchange = () => app.look({ [name]: radio.value });
  }
}

/** Minus, a number, and plus. */
export function stepper(host, label, { value, low, high, by = 1, name }, change) {
  const button = (sign, word, wanted) => {
    const [disabled, onclick] = [wanted === value, () => change(wanted)];
    return h("button", { "aria-label": `${word}: ${label}`, disabled, onclick }, sign);
  };
  const onchange = () => change(clamp(Math.round(field.value) || low, low, high));
  const field = h("input", { type: "number", name, value, min: low, max: high, onchange });
  field.ariaLabel = label;
  const focused = [...host.children].indexOf(document.activeElement);
  const [fewer, more] = [clamp(value - by, low, high), clamp(value + by, low, high)];
  host.replaceChildren(button("−", "fewer", fewer), field, button("+", "more", more));
  host.children[focused]?.focus();
}

/** A range over listed values, at the place of the nearest: what shows a value on it. */
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

const labelled = (field, ...controls) => {
  const label = h("label", { htmlFor: `set-${field.name}` }, field.label);
  return h("div", { className: "field" }, label, ...controls);
};

export function slider(field, set) {
  const id = `set-${field.name}`;
  const input = h("input", { type: "range", id, name: field.name });
  const output = h("output", { htmlFor: id });
  field.show = slide(input, output, field.values, field.said || short, set);
  return labelled(field, output, input);
}

export function menu(field, set) {
  const options = field.values.map((value) =>
    h("option", { value }, field.words?.[value] || value),
  );
  const onchange = () => set(select.value);
  const select = h("select", { id: `set-${field.name}`, name: field.name, onchange }, ...options);
  field.show = (value) => (select.value = value);
  return labelled(field, select);
}

export function number(field, set) {
  const change = (by) => set(Number(input.value) + by);
  const given = {
    type: "number",
    id: `set-${field.name}`,
    name: field.name,
    min: 0,
    max: 2 ** 32 - 1,
  };
  const input = h("input", { ...given, onchange: () => change(0) });
  const other = h(
    "button",
    { "aria-label": `another ${field.name}`, onclick: () => change(1) },
    "↻",
  );
  field.show = (value) => (input.value = value);
  return labelled(field, h("span", { className: "pair" }, input, other));
}

/** Boxes of which any may be ticked, but one at least: a network sees something.
 * Those that no data here can be made into are hidden, and stay as they are. */
export function chips(field, set) {
  const boxes = Object.keys(field.words).map((value) =>
    h("input", { type: "checkbox", name: field.name, value }),
  );
  const ticked = () => boxes.filter((box) => box.checked);
  for (const box of boxes)
    box.onchange = () => {
      if (ticked().some((one) => !one.disabled)) set(ticked().map((one) => one.value));
      else box.checked = true;
    };
  field.show = (value, { choices }) => {
    for (const box of boxes) {
      box.checked = value.includes(box.value);
      box.disabled = box.parentElement.hidden = !choices.includes(box.value);
    }
  };
  const label = h("span", { className: "label" }, field.label);
  const labels = boxes.map((box) =>
    h("label", { className: "chip" }, box, h("span", {}, field.words[box.value])),
  );
  const given = { className: "field chips", role: "group", "aria-label": field.label };
  return h("div", given, label, ...labels);
}

/** Two menus: which columns are drawn to the right and up. */
export function axes(field, set) {
  const onchange = () => set(menus.map((one) => Number(one.value)));
  const menus = ["across", "up"].map((way) =>
    h("select", { name: `axes-${way}`, "aria-label": `Column drawn ${way}`, onchange }),
  );
  field.show = (value, data) =>
    menus.forEach((one, i) => {
      one.replaceChildren(...data.columns.map((name, value) => h("option", { value }, name)));
      one.value = data.axes?.[i] ?? value[i];
    });
  const label = h("span", { className: "label" }, field.label);
  return h("div", { className: "field axes" }, label, h("span", { className: "pair" }, ...menus));
}

/** Pictures to choose from, and a file of one's own. */
export function cards(field, set) {
  const card = (input, name, said) =>
    h("label", { className: "card" }, input, sketch(name), h("span", {}, said));
  const radios = field.values.map((value) =>
    h("input", { type: "radio", name: field.name, value, onchange: () => set(value) }),
  );
  const given = { type: "file", id: "file", accept: ".csv,text/csv,text/plain" };
  const own = card(h("input", given), "upload", "own CSV");
  own.title = "Choose a CSV file, or drop it anywhere";
  field.show = (value) => {
    for (const radio of radios) radio.checked = radio.value === value;
    own.classList.toggle("chosen", value === "upload");
  };
  const labels = radios.map((radio) => card(radio, radio.value, radio.value));
  return h("div", { className: "cards", role: "group", "aria-label": field.label }, ...labels, own);
}
