// Where the units of a network stand.

const LEAST = 26; // from one unit to the next
const MOST = 76;
export const HEAD = 52; // above the units: what a column is called

/** Columns of units in a width and a height: `counts` units each, in lanes side by side where they
 * are many; at both ends there is room for names. */
export function columnsOf(counts, width, height, names) {
  const [left, right] = names.map((some) => roomFor(some) + Math.min(34, width / 14));
  const apart = (width - left - right) / Math.max(counts.length - 1, 1);
  return counts.map((count, i) => column(count, left + i * apart, apart, height));
}

const roomFor = (names) =>
  Math.min(76, 12 + 7.5 * Math.max(0, ...names.map((name) => name.length)));

function column(count, x, apart, height) {
  const room = height - HEAD - 12;
  let lanes = 1;
  while (room / Math.ceil(count / lanes) < LEAST && (lanes + 1) * LEAST < 0.72 * apart) lanes++;
  const rows = Math.ceil(count / lanes);
  const pitch = Math.min(MOST, room / rows, lanes > 1 ? (0.72 * apart) / lanes : 0.6 * apart);
  const size = Math.round(pitch - Math.max(2, 0.18 * pitch));
  const top = HEAD + (room - rows * pitch) / 2;
  const places = Array.from({ length: count }, (_, unit) => ({
    x: x + ((unit % lanes) - (lanes - 1) / 2) * pitch,
    y: top + (Math.floor(unit / lanes) + 0.5) * pitch,
    size,
  }));
  return { x, size, places, left: x - (lanes * pitch) / 2, right: x + (lanes * pitch) / 2 };
}
