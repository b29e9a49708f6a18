// The backward pass of the last batch, one operation at a time.

import { $, clamp, h, table } from "./dom.js";

const HINT = "From the loss back to the weights: what comes to each value, and what it hands on.";

export class Walk {
  constructor(app) {
    this.app = app;
    $("next").onclick = () => (this.steps ? this.go(this.at + 1) : this.begin());
    $("back").onclick = () => this.go(this.at - 1);
  }

  ready() {
    this.steps = null;
    $("entry").replaceChildren(h("p", { className: "hint" }, HINT));
    $("tape").replaceChildren();
    $("next").textContent = "Walk";
    $("at").value = "";
    [$("back").disabled, $("next").disabled] = [true, false];
  }

  frame({ step }) {
    if (this.steps && step !== this.step) this.ready(); // another batch, another walk
    this.step = step;
  }

  begin() {
    this.app.send("pause");
    this.app.send("walk");
  }

  walk({ entries }) {
    this.steps = entries.map((entry, i) => {
      const button = h("button", { onclick: () => this.go(i) }, entry.name);
      return { entry, button };
    });
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
      button.className = i < this.at ? "walked" : "";
    });
    $("entry").replaceChildren(...told(entry));
    this.app.tell("walked", entry);
  }
}

function told({ name, made_of, equation, value, shape, upstream, contributions }) {
  const facts = [
    ["operation", equation],
    ["value", value],
    ["shape", shape.join(" × ") || "a number"],
    [`∂loss/∂${name}`, upstream],
  ];
  const lines = facts.map((fact) =>
    h("div", {}, ...fact.map((text, i) => h(i ? "dd" : "dt", {}, String(text)))),
  );
  const handed = contributions.map(({ to, rule, value, sum }) => [to, rule, value, sum]);
  return [
    h("p", { className: "made" }, h("b", {}, name), ` = ${made_of}`),
    h("dl", {}, ...lines),
    table(["hands on to", "by", "this much", "sum there so far"], handed),
  ];
}
