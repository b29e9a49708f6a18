// Colours for canvases: read from the style sheet, which alone says what is light and what is dark.

export const palette = { classes: [] };

const NAMES = "ink muted line paper panel middle positive negative accent".split(" ");

/** Read all colours again. */
export function readPalette() {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.forcedColorAdjust = "none"; // pictures need their colours under high contrast too
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  for (const name of NAMES) palette[name] = read(name);
  palette.classes = Array.from({ length: 10 }, (_, i) => read(`class-${i}`));
  probe.remove();
  const { positive, negative, middle, paper, ink } = palette;
  palette.strong = ramp([negative, middle, positive]);
  palette.soft = ramp([negative, middle, positive], 0.62);
  palette.grey = ramp([paper, ink]);
  palette.sure = palette.classes.map((colour) => ramp([middle, colour], 0.6));
}

/** 256 colours through some stops, less strong by mixing with the middle. */
function ramp(stops, strength = 1) {
  const canvas = new OffscreenCanvas(256, 1);
  const context = canvas.getContext("2d");
  const gradient = context.createLinearGradient(0.5, 0, 255.5, 0);
  stops.forEach((stop, i) => gradient.addColorStop(i / (stops.length - 1), stop));
  const fill = (fillStyle, globalAlpha) => {
    Object.assign(context, { fillStyle, globalAlpha });
    context.fillRect(0, 0, 256, 1);
  };
  fill(palette.middle, 1);
  fill(gradient, strength);
  return new Uint32Array(context.getImageData(0, 0, 256, 1).data.buffer);
}

/** Bytes as a picture, each coloured by the ramp; `of(i)` may choose a ramp for each cell. */
export function painted(canvas, cells, width, height, of) {
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const one = typeof of === "function" ? null : of;
  for (let i = 0; i < pixels.length; i++) pixels[i] = (one || of(i))[cells[i]];
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A picture of 8 by 8 pixels, from 0 for paper to 1 for ink. */
export function inked(canvas, pixels) {
  const cells = pixels.map((ink) => Math.round(255 * ink));
  return painted(canvas, cells, 8, 8, palette.grey);
}
