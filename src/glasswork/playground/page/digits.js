// Digits: a canvas to draw on, what the network sees of it, and what it says.

import { $, h, percent, sharp } from "./dom.js";
import { painted, palette } from "./palette.js";

const SIZE = 64; // points of the drawing that is sent, along a side
const THICK = 0.09; // of a stroke, as a share of the side
const EVERY = 80; // milliseconds from one drawing that is sent to the next
const STRIDE = 0.04; // of the pen, by an arrow key

export class Digits {
  constructor(app) {
    this.app = app;
    this.strokes = [];
    this.pen = [0.5, 0.2];
    const pad = $("pad");
    pad.onpointerdown = (event) => this.begin(event);
    pad.onpointermove = (event) => event.buttons && this.strokes.length && this.on(...this.place(event));
    pad.onpointerup = pad.onpointercancel = () => this.ask();
    pad.onkeydown = (event) => this.key(event);
    pad.onfocus = pad.onblur = () => this.draw();
    $("wipe").onclick = () => this.wipe();
    new ResizeObserver(() => this.draw()).observe(pad);
  }

  ready({ data }) {
    this.active = Boolean(data.samples);
    $("digits").hidden = !this.active;
    if (!this.active) return;
    $("chances").replaceChildren(...data.classes.map((name) => h("li", {}, h("span", {}, name), h("i"), h("output"))));
    const samples = data.samples.map(({ pixels, target }, i) =>
      h("button", { type: "button", "aria-label": `test digit ${i + 1}, a ${data.classes[target]}`, onclick: () => this.take(pixels) }, small(pixels)));
    $("samples").replaceChildren(...samples);
    this.said = null;
    this.ask();
  }

  frame() {
    if (this.active && performance.now() - this.asked > 4 * EVERY) this.ask(); // it has learned
  }

  theme() {
    if (!this.active) return;
    this.draw();
    if (this.said) this.drawn(this.said);
    for (const button of $("samples").children) button.firstChild.repaint();
  }

  place({ offsetX, offsetY }) {
    return [offsetX / $("pad").clientWidth, offsetY / $("pad").clientHeight];
  }

  begin(event) {
    $("pad").setPointerCapture(event.pointerId);
    this.taken = null;
    this.strokes.push([]);
    this.on(...this.place(event));
  }

  on(x, y) {
    this.pen = [x, y];
    this.strokes.at(-1).push(this.pen);
    this.draw();
    if (performance.now() - (this.asked || 0) > EVERY) this.ask();
  }

  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      this.pen = this.pen.map((at, i) => Math.min(Math.max(at + STRIDE * way[i], 0.04), 0.96));
      if (this.down) this.on(...this.pen);
      else this.draw();
    } else if (event.key === " " || event.key === "Enter") {
      this.down = !this.down;
      if (this.down) this.strokes.push([]), (this.taken = null), this.on(...this.pen);
      else this.draw();
    } else if (event.key === "Delete" || event.key === "Backspace") this.wipe();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  wipe() {
    this.strokes = [];
    this.taken = this.said = null;
    this.down = false;
    this.draw();
    for (const id of ["seen", "saliency"]) $(id).getContext("2d").clearRect(0, 0, 8, 8);
    for (const row of $("chances").children) [row.children[1].style.width, row.children[2].value, row.className] = ["0", "", ""];
    delete $("verdict").dataset.digit;
    $("verdict").textContent = "Draw with mouse, finger or keys, or take one of the test digits.";
  }

  take(pixels) {
    this.wipe();
    this.taken = pixels;
    this.draw();
    this.ask();
  }

  ask() {
    this.asked = performance.now();
    if (this.taken) this.app.send("draw", { pixels: this.taken });
    else if (this.strokes.length) this.app.send("strokes", { size: SIZE, pixels: this.raster() });
  }

  raster() {
    const context = new OffscreenCanvas(SIZE, SIZE).getContext("2d");
    this.ink(context, SIZE, "#000");
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    return Array.from({ length: SIZE * SIZE }, (_, i) => (data[4 * i + 3] > 127 ? 1 : 0));
  }

  ink(context, side, colour) {
    Object.assign(context, { lineWidth: THICK * side, lineCap: "round", lineJoin: "round", strokeStyle: colour });
    for (const stroke of this.strokes) {
      context.beginPath();
      stroke.forEach(([x, y]) => context.lineTo(x * side, y * side));
      context.lineTo(stroke.at(-1)[0] * side + 0.01, stroke.at(-1)[1] * side); // a tap is a dot
      context.stroke();
    }
  }

  draw() {
    const side = $("pad").clientWidth;
    if (!side) return;
    const context = sharp($("pad"), side, side);
    if (this.taken) {
      context.imageSmoothingEnabled = false;
      context.drawImage(small(this.taken), side * 0.06, side * 0.06, side * 0.88, side * 0.88);
    }
    this.ink(context, side, palette.ink);
    if (document.activeElement !== $("pad") || !$("pad").matches(":focus-visible")) return;
    context.beginPath();
    context.arc(this.pen[0] * side, this.pen[1] * side, this.down ? 6 : 9, 0, 7);
    [context.lineWidth, context.strokeStyle] = [3, palette.accent];
    context.stroke();
  }

  drawn(said) {
    this.said = said;
    painted($("seen"), said.pixels.map((ink) => Math.round(255 * ink)), 8, 8, palette.grey);
    const most = Math.max(...said.saliency.map(Math.abs)) || 1;
    painted($("saliency"), said.saliency.map((value) => Math.round(127.5 * (1 + value / most))), 8, 8, palette.strong);
    [...$("chances").children].forEach((row, digit) => {
      const chance = said.probabilities[digit];
      row.children[1].style.width = `${100 * chance}%`;
      row.children[2].value = percent(chance);
      row.className = digit === said.class ? "best" : "";
    });
    $("verdict").textContent = `It says ${said.class}.`;
    $("verdict").dataset.digit = said.class;
  }
}

/** A picture of 8 by 8 pixels. */
function small(pixels) {
  const canvas = document.createElement("canvas");
  canvas.repaint = () => painted(canvas, pixels.map((ink) => Math.round(255 * ink)), 8, 8, palette.grey);
  return canvas.repaint();
}
