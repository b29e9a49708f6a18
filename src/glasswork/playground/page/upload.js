// An own table: chosen, or dropped anywhere on the page.

import { $ } from "./dom.js";
import { state } from "./state.js";

export class Upload {
  constructor(app) {
    this.app = app;
    $("file").addEventListener("change", () => this.send($("file").files[0]));
    addEventListener("dragover", (event) => this.over(event, false));
    addEventListener("dragleave", (event) => event.relatedTarget || this.over(event, true));
    addEventListener("drop", (event) => {
      this.over(event, true);
      this.send(event.dataTransfer.files[0]);
    });
  }

  over(event, gone) {
    event.preventDefault();
    $("drop").hidden = gone;
  }

  async send(file) {
    if (!file) return;
    $("file").value = "";
    try {
      const answer = await fetch(`/upload?session=${this.app.session}`, {
        method: "POST",
        body: file,
      });
      const said = await answer.json();
      const axes = state.data === "upload" ? [0, 1] : state.axes; // an address may say which
      if (answer.ok) this.app.choose({ data: "upload", axes });
      else this.app.notice(`${file.name}: ${said.error}`);
    } catch {
      this.app.notice(`${file.name}: it could not be sent`);
    }
  }
}
