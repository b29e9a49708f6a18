// The page: what the server says is told to every part; what one does is told to the server.

import { Boundary } from "./boundary.js";
import { Connection } from "./connection.js";
import { Curves } from "./curves.js";
import { Digits } from "./digits.js";
import { $, clamp, percent, short } from "./dom.js";
import { slide } from "./fields.js";
import { listen } from "./keys.js";
import { Network } from "./network.js";
import { Page } from "./page.js";
import { painted, palette, readPalette } from "./palette.js";
import { Settings } from "./settings.js";
import { readAddress, state, view, writeAddress } from "./state.js";
import { Unit } from "./unit.js";
import { Upload } from "./upload.js";
import { Walk } from "./walk.js";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]; // steps in a second
const SPOKEN = 5000; // milliseconds from one report to the next while it learns
const counters = { frames: 0, stepsPerSecond: 0, step: 0, epoch: 0, drawing: 0, unanswered: 0 };

class App {
  constructor() {
    readPalette();
    this.chosen = false; // whether the next state is one's own choice, and so an entry of the history
    this.parts = [
      new Settings(this),
      new Network(this),
      new Boundary(this),
      new Curves(),
      new Unit(this),
      new Page(this),
      new Walk(this),
      new Digits(this),
      new Upload(this),
    ];
    this.buttons();
    this.themes();
    listen(this);
    addEventListener("hashchange", () => this.navigate());
    this.connection = new Connection((message) => this.receive(message));
  }

  tell(what, message) {
    for (const part of this.parts) part[what]?.(message);
  }

  send(type, more) {
    this.connection.send(type, more);
  }

  /** Go on; what was said before is over. */
  act(type, more) {
    this.notice("");
    this.send(type, more);
  }

  receive(message) {
    if (message.type === "frame") this.frame(message);
    else {
      this.flush?.(); // what came before is drawn before
      this[message.type]?.(message);
      if (message.type !== "ready" || this.network) this.tell(message.type, message);
    }
  }

  hello({ session, defaults }) {
    Object.assign(this, { session, defaults, network: null });
    counters.unanswered = 0;
    $("export").href = `/export?session=${session}`;
    this.notice("");
    this.navigate();
  }

  /** Go where the address points. */
  navigate() {
    const said = readAddress();
    this.chosen = false;
    this.fresh = this.network === null && Object.keys(said).length > 0; // then the first network is not shown
    this.speed(view.speed);
    this.wishes();
    if (this.network || this.fresh) this.send("state", { state: said });
  }

  ready(message) {
    if (this.fresh) {
      this.fresh = false;
      return;
    }
    this.network = message.network;
    Object.assign(state, message.state);
    writeAddress(this.chosen, message.query);
    this.chosen = false;
    counters.state = message.state;
  }

  /** Take over changes; other data come with what is usual for them. */
  choose(changes) {
    const usual = {};
    if (changes.data) {
      const { noise, layers } = this.defaults[changes.data];
      const isOtherKind = (state.data === "digits") !== (changes.data === "digits");
      Object.assign(usual, { noise }, isOtherKind && { layers });
    }
    this.chosen = true;
    this.notice("");
    this.send("state", { state: { ...state, ...usual, ...changes } });
  }

  look(changes) {
    Object.assign(view, changes);
    writeAddress();
    if ("edges" in changes) this.wishes();
    this.tell("look");
  }

  wishes() {
    this.send("options", { gradients: view.edges === "gradients" });
  }

  toggleEdges() {
    this.look({ edges: view.edges === "weights" ? "gradients" : "weights" });
  }

  frame(frame) {
    this.flush = () => {
      cancelAnimationFrame(waiting);
      this.flush = null;
      const began = performance.now();
      if (this.network) this.show(frame);
      this.send("shown");
      counters.frames++;
      counters.drawing = 0.9 * counters.drawing + 0.1 * (performance.now() - began);
    };
    const waiting = requestAnimationFrame(this.flush);
  }

  show(frame) {
    Object.assign(counters, {
      stepsPerSecond: frame.steps_per_second,
      step: frame.step,
      epoch: frame.epoch,
      loss: frame.loss,
      accuracy: frame.accuracy,
      testAccuracy: frame.test_accuracy,
      running: frame.running,
    });
    $("now-epoch").textContent = frame.epoch.toLocaleString();
    $("now-step").textContent = frame.step.toLocaleString();
    $("now-rate").textContent = short(frame.rate);
    $("now-pace").textContent = frame.running ? Math.round(frame.steps_per_second) : "–";
    $("play").textContent = frame.running ? "Pause" : "Play";
    this.tell("frame", frame);
    this.speak(frame);
  }

  /** Say aloud how it goes: now and then, and whenever it stands still. */
  speak({ epoch, loss, test_accuracy: right, running }) {
    const now = performance.now();
    if (running && now - (this.spoken || 0) < SPOKEN) return;
    this.spoken = now;
    const score = right === null ? "" : `, ${percent(right)} of test samples right`;
    $("spoken").textContent = `Epoch ${epoch}, loss ${short(loss)}${score}`;
  }

  /** Ask what a drawing is. */
  ask(type, more) {
    counters.unanswered++;
    this.send(type, more);
  }

  drawn() {
    counters.unanswered--;
  }

  error({ about, message }) {
    if (about === "state") this.notice([...this.noticed, message]); // there may be several
    else if (about !== "walk") this.notice(message); // the walk says it in its place
  }

  stopped({ why }) {
    this.notice(`Stopped: ${why}.`);
  }

  lost({ why }) {
    counters.running = false;
    $("play").textContent = "Play";
    this.notice(`The connection is gone${why ? ` (${why})` : ""}. Trying again …`);
  }

  notice(text) {
    this.noticed = [text].flat().filter(Boolean);
    $("notice").hidden = !text.length;
    $("notice").querySelector("p").textContent = this.noticed.join("\n");
  }

  speed(wanted) {
    view.speed = clamp(wanted, 1, SPEEDS.at(-1));
    this.showSpeed(view.speed);
    this.send("speed", { speed: view.speed });
  }

  buttons() {
    $("play").onclick = () =>
      counters.running ? this.act("pause") : this.act("play", { speed: view.speed });
    for (const kind of ["step", "epoch", "reset"]) $(kind).onclick = () => this.act(kind);
    $("notice").querySelector("button").onclick = () => this.notice("");
    $("link").onclick = () => this.copy();
    const said = (speed) => `${speed.toLocaleString()} / s`;
    this.showSpeed = slide($("speed"), $("speed-said"), SPEEDS, said, (speed) => {
      this.speed(speed);
      writeAddress();
    });
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.notice("The address is copied: whoever opens it, with Glasswork, sees this network.");
    } catch {
      this.notice(`The address cannot be copied from here. It is ${location.href}`);
    }
  }

  themes() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const name = localStorage.theme || (dark.matches ? "dark" : "light");
      document.documentElement.dataset.theme = name;
      $("theme").textContent = name === "dark" ? "Light" : "Dark";
      readPalette();
      const cells = Array.from({ length: 128 }, (_, i) => 2 * i);
      painted($("edges-scale"), cells, 128, 1, palette.strong);
      this.tell("theme");
    };
    $("theme").onclick = () => {
      localStorage.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      apply();
    };
    dark.addEventListener("change", apply);
    apply();
  }
}

new App();
window.playground = counters;
