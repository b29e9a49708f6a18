// The lines between units: as thick as a weight is large, blue or orange by its sign.

import { palette } from "./palette.js";

const THICK = 5; // pixels of the largest
const MOST = 300; // between two layers; of more, only so many of the largest are drawn, and finer

/** The largest size among all matrices that are drawn. */
export function reach(matrices) {
  let largest = 0;
  for (const { values } of matrices)
    for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}

/** Draw all lines from one column to the next; those of one unit stand out, if there is one. */
export function drawEdges(context, from, to, { values }, largest, apart) {
  const least = threshold(values);
  const thick = least ? THICK / 2 : THICK;
  const count = to.places.length;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size < least || size === 0) continue;
    const [a, b] = [from.places[Math.floor(i / count)], to.places[i % count]];
    const share = size / largest;
    const bright = least ? 0.6 * share : 0.14 + 0.8 * Math.sqrt(share);
    context.globalAlpha = !apart ? bright : apart(a, b) ? Math.max(bright, 0.4) : 0.06;
    context.lineWidth = 0.5 + thick * share;
    context.strokeStyle = values[i] > 0 ? palette.positive : palette.negative;
    curve(context, a.x + a.size / 2, a.y, b.x - b.size / 2, b.y);
  }
  context.globalAlpha = 1;
}

function threshold(values) {
  if (values.length <= MOST) return 0;
  const sizes = values.map(Math.abs).sort();
  return sizes.at(-MOST);
}

/** A line that leaves and arrives level. */
export function curve(context, x0, y0, x1, y1) {
  const half = (x1 - x0) / 2;
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(x0 + half, y0, x1 - half, y1, x1, y1);
  context.stroke();
}
