// The pad: strokes that are drawn with mouse, finger or keys, or a picture that is taken instead.

import { $, arrow, clamp, sharp } from "./dom.js";
import { inked, palette } from "./palette.js";

const SIZE = 64; // points of the raster, along a side
const THICK = 0.09; // of a stroke, as a share of the side
const STRIDE = 0.04; // of the pen, by an arrow key
const EDGE = 0.06; // around a picture that is taken

export class Pad {
  /** Tell `changed` whenever there is more ink, and `wiped` when all is gone. */
  constructor(changed, wiped) {
    Object.assign(this, { changed, wiped, canvas: $("pad"), pen: [0.5, 0.2] });
    this.clear();
    const { canvas } = this;
    canvas.onpointerdown = (event) => this.begin(event);
    canvas.onpointermove = (event) => event.buttons && this.on(this.place(event));
    canvas.onpointerup = () => this.changed(true);
    canvas.onkeydown = (event) => this.key(event);
    canvas.onfocus = canvas.onblur = () => this.draw();
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  clear() {
    this.strokes = [];
    this.taken = null;
    this.isDown = false; // the pen that keys move
  }

  get hasInk() {
    return Boolean(this.taken || this.strokes.length);
  }

  place({ offsetX, offsetY }) {
    return [offsetX / this.canvas.clientWidth, offsetY / this.canvas.clientHeight];
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke(this.place(event));
  }

  stroke(place) {
    this.taken = null;
    this.strokes.push([]);
    this.on(place);
  }

  on(place) {
    this.pen = place;
    this.strokes.at(-1)?.push(place);
    this.draw();
    this.changed();
  }

  key(event) {
    const way = arrow(event);
    if (way) {
      const place = this.pen.map((at, i) => clamp(at + STRIDE * way[i], 0.04, 0.96));
      if (this.isDown) this.on(place);
      else this.pen = place;
    } else if ([" ", "Enter"].includes(event.key)) {
      this.isDown = !this.isDown;
      if (this.isDown) this.stroke(this.pen);
    } else if (["Delete", "Backspace"].includes(event.key)) this.wiped();
    else return;
    this.draw();
    event.preventDefault();
    event.stopPropagation();
  }

  take(pixels) {
    this.taken = pixels;
    this.draw();
    this.changed(true);
  }

  /** What is sent: the picture that was taken, or the strokes as a raster. */
  get message() {
    if (this.taken) return ["draw", { pixels: this.taken }];
    const context = new OffscreenCanvas(SIZE, SIZE).getContext("2d");
    this.ink(context, SIZE, "black");
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    const pixels = Array.from({ length: SIZE * SIZE }, (_, i) => Number(data[4 * i + 3] > 127));
    return ["strokes", { size: SIZE, pixels }];
  }

  ink(context, side, strokeStyle) {
    const round = { lineCap: "round", lineJoin: "round" };
    Object.assign(context, { lineWidth: THICK * side, strokeStyle, ...round });
    for (const stroke of this.strokes) {
      context.beginPath();
      stroke.forEach(([x, y]) => context.lineTo(x * side, y * side));
      context.lineTo(stroke.at(-1)[0] * side + 0.01, stroke.at(-1)[1] * side); // a tap is a dot
      context.stroke();
    }
  }

  draw() {
    const side = this.canvas.clientWidth;
    if (!side) return;
    const context = sharp(this.canvas, side, side);
    if (this.taken) {
      context.imageSmoothingEnabled = false;
      const picture = inked(document.createElement("canvas"), this.taken);
      context.drawImage(
        picture,
        ...Array(2).fill(EDGE * side),
        ...Array(2).fill((1 - 2 * EDGE) * side),
      );
    }
    this.ink(context, side, palette.ink);
    if (!this.canvas.matches(":focus-visible")) return;
    Object.assign(context, { lineWidth: 3, strokeStyle: palette.accent });
    context.beginPath();
    context.arc(this.pen[0] * side, this.pen[1] * side, this.isDown ? 6 : 9, 0, 7);
    context.stroke();
  }
}
