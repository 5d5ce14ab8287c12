// Asks a question from a web page. Pages of this machine may ask a router of this machine; others are named
// under `origins` of its configuration.

import { ask, connect, told } from "./ask.js";
import { reasonOf } from "./reason.js";

const field = (id: string) => document.getElementById(id) as HTMLInputElement;
const [answer, author] = ["answer", "author"].map((id) => document.getElementById(id)!) as [HTMLElement, HTMLElement];

document.getElementById("question")!.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  answer.textContent = author.textContent = "";
  try {
    for await (const piece of ask(connect(field("url").value), { text: field("text").value })) {
      if (piece.kind === "text") {
        answer.textContent += piece.text;
      } else if (piece.kind === "reset") {
        answer.textContent = "";
      } else {
        author.textContent = told(piece.done);
      }
    }
  } catch (error) {
    author.textContent = `${reasonOf(error)}: ${error instanceof Error ? error.message : String(error)}`;
  }
});
