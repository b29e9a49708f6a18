// The lens: a unit, enlarged, beside what is pointed at.

import { $, clamp } from "./dom.js";

const ROOM = 12; // pixels to what is pointed at, and to the edge of the window

export class Lens {
  constructor() {
    this.host = $("lens");
    this.canvas = this.host.querySelector("canvas");
  }

  show(target, text) {
    this.host.querySelector("p").textContent = text;
    this.host.hidden = false;
    const at = target.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.host;
    const fits = at.right + ROOM + width < innerWidth;
    const left = fits ? at.right + ROOM : Math.max(at.left - ROOM - width, ROOM);
    const middle = at.top + at.height / 2;
    const top = clamp(middle - height / 2, ROOM, innerHeight - height - ROOM);
    this.host.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.host.hidden = true;
  }

  draw(picture) {
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    picture(context, this.canvas.width);
  }
}
