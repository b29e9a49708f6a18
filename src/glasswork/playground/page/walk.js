// The backward pass of the last batch, one operation at a time.

import { $, clamp, h, table } from "./dom.js";
import { either } from "./fields.js";
import { view } from "./state.js";

const HINT = "From the loss back to the weights: what comes to each value, and what it hands on.";

export class Walk {
  constructor(app) {
    this.app = app;
    $("next").onclick = () => (this.steps ? this.go(this.at + 1) : this.begin());
    $("back").onclick = () => this.go(this.at - 1);
  }

  ready() {
    this.rest(HINT);
    this.look();
  }

  /** Stand before the first step, and say something. */
  rest(text) {
    this.steps = null;
    $("entry").replaceChildren(hint(text));
    $("tape").replaceChildren();
    $("next").textContent = "Walk";
    $("at").value = "";
    [$("back").disabled, $("next").disabled] = [true, false];
  }

  frame({ step }) {
    if (this.steps && step !== this.step) this.rest(HINT); // another batch, another walk
    this.step = step;
  }

  look() {
    either(this.app, "order");
    if (this.steps && this.order !== view.order) this.begin();
  }

  error({ about, message }) {
    if (about === "walk") this.rest(message);
  }

  begin() {
    this.app.send("pause");
    this.app.send("walk", { order: view.order });
  }

  walk({ order, entries }) {
    this.order = order;
    this.steps = entries.map((entry, i) => {
      const button = h("button", { onclick: () => this.go(i) }, entry.name);
      if (isWrong(entry)) button.append(h("small", {}, "wrong"));
      return { entry, button };
    });
    const wrong = entries.filter(isWrong).length;
    const how = wrong ? `${wrong} of ${entries.length} steps are wrong.` : "Here it is right, too.";
    this.verdict = order === "article" ? [hint(`In the article's order. ${how}`)] : [];
    $("tape").replaceChildren(...this.steps.map(({ button }) => h("li", {}, button)));
    $("next").textContent = "Next";
    this.go(0);
  }

  go(wanted) {
    const last = this.steps.length - 1;
    this.at = clamp(wanted, 0, last);
    const { entry } = this.steps[this.at];
    [$("back").disabled, $("next").disabled] = [this.at === 0, this.at === last];
    $("at").value = `${this.at + 1} of ${last + 1}`;
    this.steps.forEach(({ button }, i) => {
      button.ariaCurrent = i === this.at ? "step" : "false";
      button.classList.toggle("walked", i < this.at);
      button.classList.toggle("wrong", isWrong(this.steps[i].entry));
    });
    $("entry").replaceChildren(...this.verdict, ...told(entry));
    this.app.tell("walked", entry);
  }
}

const hint = (text) => h("p", { className: "hint" }, text);

const minus = (text) => text.replaceAll("-", "−"); // all that stands here is mathematics

const isWrong = ({ fault, right }) => Boolean(fault || right);

function told({ name, made_of, contributions, ...said }) {
  const facts = [
    ["operation", said.equation],
    ["value", said.value],
    ["shape", said.shape.join(" × ") || "a number"],
    [`∂loss/∂${name}`, said.upstream],
    ["right is", said.right],
    ["wrong", said.fault],
    ["on the page", onThePage(said.lines)],
  ].filter(([, text]) => text);
  const lines = facts.map((fact) =>
    h("div", {}, ...fact.map((text, i) => h(i ? "dd" : "dt", {}, minus(text)))),
  );
  const handed = contributions.map(({ to, rule, value, sum, right }) => {
    return [to, rule, value, right ? `${sum}, wrong: right is ${right}` : sum].map(minus);
  });
  return [
    h("p", { className: "made" }, h("b", {}, name), minus(` = ${made_of}`)),
    h("dl", {}, ...lines),
    table(["hands on to", "by", "this much", "sum there so far"], handed),
  ];
}

/** Which lines do it, that follow each other. */
function onThePage(lines) {
  const [first, last] = [lines[0], lines.at(-1)];
  if (!lines.length) return "no line of its own: g goes on as it is, or its factor is in another’s";
  return first === last ? `line ${first}` : `lines ${first} to ${last}`;
}
