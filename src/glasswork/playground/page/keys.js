// Shortcuts: single keys, unless one types, and unless they are off.

import { $ } from "./dom.js";

const CLICKS = {
  " ": "play",
  s: "step",
  e: "epoch",
  r: "reset",
  n: "next",
  p: "back",
  "?": "help",
};
const TYPING = "input:not([type=range], [type=checkbox], [type=radio]), select, textarea";
const OWN_SPACE = "button, a, input:not([type=range], [type=radio]:checked), [role=application]";

export function listen(app) {
  $("keys").checked = localStorage.keys !== "off";
  $("keys").onchange = () => (localStorage.keys = $("keys").checked ? "on" : "off");
  $("help").onclick = () => $("about").showModal();
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isOther = event.ctrlKey || event.metaKey || event.altKey;
    if (isOther || !$("keys").checked || $("about").open) return;
    if (target.closest(TYPING) || (key === " " && target.closest(OWN_SPACE))) return;
    if (key === "g") app.toggleEdges();
    else if (CLICKS[key]) $(CLICKS[key]).click();
    else return;
    event.preventDefault();
  });
}
