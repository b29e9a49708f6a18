// Where a picture passes a level: marching squares.

/** Draw the line along which cells, whose middles stand `across` and `down` apart, pass a level. */
export function contour(context, cells, width, height, level, across, down) {
  context.beginPath();
  for (let row = 0; row + 1 < height; row++) {
    for (let column = 0; column + 1 < width; column++) {
      const at = row * width + column;
      const corners = [cells[at], cells[at + 1], cells[at + width + 1], cells[at + width]];
      const crossings = crossed(corners, level);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        context.moveTo(
          (column + 0.5 + crossings[i][0]) * across,
          (row + 0.5 + crossings[i][1]) * down,
        );
        context.lineTo(
          (column + 0.5 + crossings[i + 1][0]) * across,
          (row + 0.5 + crossings[i + 1][1]) * down,
        );
      }
    }
  }
  context.stroke();
}

const SIDE = [(s) => [s, 0], (s) => [1, s], (s) => [1 - s, 1], (s) => [0, 1 - s]]; // clockwise, from the top

/** Where the sides of a square are crossed: none, two or four places. */
function crossed(corners, level) {
  const found = [];
  for (let side = 0; side < 4; side++) {
    const [a, b] = [corners[side], corners[(side + 1) % 4]];
    if (a > level !== b > level) found.push(SIDE[side]((level - a) / (b - a)));
  }
  return found;
}
