// Digits: what the network sees of a drawing, and what it says.

import { $, h, percent } from "./dom.js";
import { Pad } from "./pad.js";
import { inked, painted, palette } from "./palette.js";

const EVERY = 80; // milliseconds from one drawing that is sent to the next
const HINT = "Draw with mouse, finger or keys, or take one of the test digits.";

export class Digits {
  constructor(app) {
    this.app = app;
    this.asked = 0;
    this.pad = new Pad(
      (isWhole) => this.ask(isWhole ? 0 : EVERY),
      () => this.wipe(),
    );
    $("wipe").onclick = () => this.wipe();
  }

  ready({ data }) {
    this.samples = data.samples;
    $("digits").hidden = !this.samples;
    if (!this.samples) return;
    this.chances = data.classes.map((name) => {
      const [bar, share] = [h("i"), h("span", { className: "chance" })];
      return { row: h("li", {}, h("span", {}, name), bar, share), bar, share };
    });
    $("chances").replaceChildren(...this.chances.map(({ row }) => row));
    const buttons = this.samples.map(({ pixels, target }, i) => {
      const label = `test digit ${i + 1}, a ${data.classes[target]}`;
      const onclick = () => {
        this.wipe();
        this.pad.take(pixels);
      };
      return h("button", { "aria-label": label, onclick }, document.createElement("canvas"));
    });
    $("samples").replaceChildren(...buttons);
    this.theme();
    if (this.pad.hasInk) this.ask(0);
    else this.wipe();
  }

  /** Ask again, when it has learned. */
  frame() {
    if (this.samples) this.ask(4 * EVERY);
  }

  theme() {
    if (!this.samples) return;
    this.samples.forEach(({ pixels }, i) => inked($("samples").children[i].firstChild, pixels));
    this.pad.draw();
    if (this.said) this.drawn(this.said);
  }

  wipe() {
    this.pad.clear();
    this.pad.draw();
    this.drawn({ pixels: Array(64).fill(0), saliency: Array(64).fill(0), probabilities: [] });
    this.said = null;
    this.app.tell("wiped");
  }

  ask(wait) {
    clearTimeout(this.later);
    if (!this.pad.hasInk) return;
    const early = this.asked + wait - performance.now();
    if (early > 0) {
      this.later = setTimeout(() => this.ask(0), early); // the last frame of all may come early
      return;
    }
    this.asked = performance.now();
    this.app.ask(...this.pad.message);
  }

  drawn(said) {
    const { pixels, saliency, probabilities, class: best } = said;
    if (best >= 0 && !this.pad.hasInk) return; // wiped meanwhile
    this.said = said;
    inked($("seen"), pixels);
    const most = Math.max(...saliency.map(Math.abs)) || 1;
    const cells = saliency.map((value) => Math.round(127.5 * (1 + value / most)));
    painted($("saliency"), cells, 8, 8, palette.strong);
    this.chances.forEach(({ row, bar, share }, digit) => {
      const chance = probabilities[digit];
      bar.style.width = `${100 * (chance || 0)}%`;
      share.textContent = chance === undefined ? "" : percent(chance);
      row.className = digit === best ? "best" : "";
    });
    const verdict = best >= 0 ? `It says ${best}.` : HINT;
    if ($("verdict").textContent !== verdict) $("verdict").textContent = verdict; // else said again
    $("verdict").dataset.digit = best ?? "";
  }
}
