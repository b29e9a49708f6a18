// The backward pass of the last batch, one operation at a time.

import { $, h } from "./dom.js";

export class Walk {
  constructor(app) {
    this.app = app;
    $("next").onclick = () => this.go(1);
    $("back").onclick = () => this.go(-1);
  }

  ready() {
    this.entries = null;
    this.at = 0;
    this.show();
  }

  frame({ step }) {
    if (this.entries && step !== this.of) this.ready(); // another batch, another walk
    this.step = step;
  }

  go(by) {
    if (this.entries) this.at = Math.min(Math.max(this.at + by, 0), this.entries.length - 1);
    else return this.app.send("pause"), this.app.send("walk");
    return this.show();
  }

  walk({ entries }) {
    this.entries = entries.filter((entry) => entry.upstream !== "");
    this.of = this.step;
    this.at = 0;
    this.show();
  }

  show() {
    const entry = this.entries?.[this.at];
    $("back").disabled = !entry || !this.at;
    $("next").disabled = Boolean(entry) && this.at === this.entries.length - 1;
    $("next").textContent = entry ? "Next" : "Walk";
    $("at").value = entry ? `${this.at + 1} of ${this.entries.length}` : "";
    $("entry").replaceChildren(...(entry ? this.told(entry) : [h("p", { className: "hint" }, "From the loss back to the weights: what comes to each value, and what it hands on.")]));
    if (entry) this.app.walked(entry);
  }

  told(entry) {
    const made = entry.made_of === "parameter" ? "parameter" : `= ${entry.made_of}`;
    const facts = [["value", entry.value], ["shape", entry.shape.join(" × ") || "a number"], [`∂loss/∂${entry.name}`, entry.upstream]];
    if (entry.equation) facts.unshift(["operation", entry.equation]);
    return [
      h("p", { className: "made" }, h("b", {}, entry.name), ` ${made}`),
      h("dl", {}, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))))),
      entry.contributions.length ? this.handed(entry) : h("p", { className: "hint" }, "It was made of nothing else: the walk ends here, and this is its gradient."),
      this.tape(),
    ];
  }

  handed({ contributions }) {
    const cells = (tag, texts) => h("tr", {}, ...texts.map((text) => h(tag, tag === "th" ? { scope: "col" } : {}, text)));
    return h("table", {}, h("thead", {}, cells("th", ["hands on to", "by", "this much", "sum there so far"])),
      h("tbody", {}, ...contributions.map(({ to, rule, value, sum }) => cells("td", [to, rule, value, sum]))));
  }

  /** All values, newest first: a click goes there. */
  tape() {
    const steps = this.entries.map((entry, i) =>
      h("li", {}, h("button", { type: "button", "aria-current": i === this.at ? "step" : "false", className: i < this.at ? "walked" : "", onclick: () => ((this.at = i), this.show()) }, entry.name)));
    return h("ol", { className: "tape", "aria-label": "The tape, newest value first" }, ...steps);
  }
}
