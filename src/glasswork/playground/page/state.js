// What is chosen, and how it stands in the address.
// The server says what a state is; what is looked at (VIEW) only concerns the page.

const VIEW = { edges: "weights", unit: "0.0", row: 0, order: "right", tests: "shown", speed: 200 };
const whole = (said) => Math.max(Math.floor(said) || 0, 0);
const either = (usual, other) => (said) => (said === other ? other : usual);
const READ = {
  edges: either("weights", "gradients"),
  tests: either("shown", "hidden"),
  row: whole,
  speed: whole,
};

export const state = {};
export const view = { ...VIEW };

/** Take over what is looked at, and give the rest, in the words of the address. */
export function readAddress() {
  const said = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  Object.assign(view, VIEW);
  for (const name in VIEW) {
    if (name in said) view[name] = READ[name]?.(said[name]) ?? said[name];
    delete said[name];
  }
  return said;
}

let query = "";

/** Write the address: as a new entry of the history, or in place of the last. */
export function writeAddress(anew = false, said = query) {
  query = said;
  const seen = new URLSearchParams();
  for (const name in VIEW) if (view[name] !== VIEW[name]) seen.set(name, view[name]);
  const hash = [query, seen.toString()].filter(Boolean).join("&");
  if (hash === location.hash.slice(1)) return;
  history[anew ? "pushState" : "replaceState"](null, "", hash ? `#${hash}` : location.pathname);
}

/** The unit that is looked at, as [layer, unit]: the first, if there is no such unit. */
export function chosenUnit(layers) {
  const [layer, unit] = String(view.unit).split(".").map(Number);
  return unit >= 0 && unit < layers[layer]?.units ? [layer, unit] : [0, 0];
}
