// All that can be chosen, as a table, and the form made of it.

import { $, h } from "./dom.js";
import { axes, cards, chips, menu, number, slider } from "./fields.js";
import { state } from "./state.js";

const range = (low, high, by) =>
  Array.from({ length: Math.round((high - low) / by) + 1 }, (_, i) =>
    Number((low + i * by).toFixed(6)),
  );
const decades = (low, high) =>
  range(low, high, 1).flatMap((power) => [1, 2, 3, 5].map((digit) => Number(`${digit}e${power}`)));
const penalties = [0, ...decades(-5, -1), 1];

const isTable = () => state.data !== "digits";
const isMade = () => isTable() && state.data !== "upload";
const hasMomentum = () => !["rmsprop", "adagrad"].includes(state.optimizer);

const field = (make, name, label, values, more) => ({ make, name, label, values, ...more });
const SETTINGS = {
  Data: [
    field(cards, "data", "Data", ["moons", "circles", "spirals", "line", "digits"]),
    field(axes, "axes", "Drawn columns", [], {
      when: (data) => data.axes && data.columns.length > 2,
    }),
    field(slider, "samples", "Samples", range(50, 2000, 50), { when: isTable }),
    field(slider, "noise", "Noise", range(0, 0.5, 0.01), { when: isMade }),
    field(slider, "test", "Test part", range(0.1, 0.9, 0.05), {
      said: (share) => `${Math.round(100 * share)} %`,
    }),
    field(number, "seed", "Seed"),
    field(chips, "features", "Features", [], {
      when: (data) => data.choices.length > 0,
      words: {
        ...{ x1: "x₁", x2: "x₂", x1sq: "x₁²", x2sq: "x₂²", x1x2: "x₁x₂" },
        ...{ sinx1: "sin πx₁", sinx2: "sin πx₂" },
      },
    }),
  ],
  Network: [
    field(menu, "activation", "Activation", [
      ...["relu", "tanh", "sigmoid", "leaky-relu", "elu", "gelu", "silu", "softplus", "identity"],
    ]),
    field(
      ...[menu, "initialization", "First weights"],
      ["kaiming", "xavier", "lecun", "orthogonal", "article", "zeros"],
      { words: { article: "article’s 1/n" } },
    ),
  ],
  Learning: [
    field(menu, "optimizer", "Optimizer", ["sgd", "adam", "adamw", "rmsprop", "adagrad"], {
      words: { sgd: "SGD", adam: "Adam", adamw: "AdamW", rmsprop: "RMSprop", adagrad: "Adagrad" },
    }),
    field(menu, "schedule", "Schedule", ["constant", "exponential", "cosine", "step", "warmup"], {
      words: { warmup: "warm-up" },
    }),
    field(slider, "rate", "Rate", [...decades(-5, 0), 10]),
    field(
      slider,
      "momentum",
      "Momentum",
      [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99],
      {
        when: hasMomentum,
      },
    ),
    field(slider, "batch", "Batch", [1, 2, 4, 8, 16, 32, 64, 128, 256]),
    field(slider, "dropout", "Dropout", range(0, 0.9, 0.05)),
    field(slider, "l1", "L1 penalty", penalties, { when: () => state.optimizer !== "adamw" }),
    field(slider, "l2", "L2 penalty", penalties),
  ],
};

export class Settings {
  constructor(app) {
    this.fields = Object.values(SETTINGS).flat();
    for (const one of this.fields)
      one.host = one.make(one, (value) => app.choose({ [one.name]: value }));
    const groups = Object.entries(SETTINGS).map(([title, fields]) =>
      h("fieldset", {}, h("legend", {}, title), ...fields.map((one) => one.host)),
    );
    $("settings").append(...groups);
    $("settings").onsubmit = (event) => event.preventDefault();
  }

  ready({ data }) {
    for (const { name, host, show, when } of this.fields) {
      show(state[name], data);
      host.hidden = when && !when(data);
    }
  }
}
