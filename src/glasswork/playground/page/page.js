// The compiled page of the training step; lines of what is looked at light up.

import { $, h } from "./dom.js";
import { chosenUnit } from "./state.js";

export class Page {
  constructor(app) {
    this.app = app;
    this.rows = [];
    new IntersectionObserver(([{ isIntersecting }]) => {
      this.visible = isIntersecting;
      if (isIntersecting && this.stale) this.ask();
    }).observe($("page"));
  }

  ready({ network }) {
    this.layers = network.layers;
    this.stale = true;
    if (this.visible) this.ask();
  }

  ask() {
    this.stale = false;
    this.app.send("page");
  }

  page({ source, lines, reason }) {
    this.lines = new Map(lines.map((line) => [line.number, line]));
    const texts = source ? source.trimEnd().split("\n") : [reason];
    this.rows = texts.map((text, i) => this.row(text, this.lines.get(i + 1)));
    $("lines").replaceChildren(...this.rows);
    const start = texts.findIndex((text) => text.startsWith("def "));
    $("lines").scrollTop = start > 0 ? this.rows[start].offsetTop - 8 : 0;
    this.look();
  }

  row(text, line) {
    const at = line ? text.indexOf(" # ") : -1;
    const [code, comment] = at > 0 ? [text.slice(0, at).trimEnd(), text.slice(at + 3)] : [text, ""];
    const className = line?.section || (text.trimStart().startsWith("#") ? "note" : "");
    return h("li", { className }, h("code", {}, code || " "), h("span", {}, comment));
  }

  look() {
    const [layer] = chosenUnit(this.layers);
    this.light((line) => line.layer === layer);
  }

  /** The lines of a step of the walk. */
  walked({ lines }) {
    this.light(({ number }) => lines.includes(number));
  }

  light(isMeant) {
    const lit = this.rows.filter((row, i) => {
      const line = this.lines.get(i + 1);
      const isLit = Boolean(line && isMeant(line));
      row.classList.toggle("lit", isLit);
      row.ariaCurrent = isLit ? "true" : null;
      return isLit;
    });
    if (lit.length) $("lines").scrollTop = lit[0].offsetTop - $("lines").clientHeight / 3;
  }
}
