// Asks a question from node: npm start -- http://127.0.0.1:7433 "What is a tide?"

import { ask, connect, told } from "./ask.js";
import { reasonOf } from "./reason.js";

const [url = "http://127.0.0.1:7433", text = "What is a tide?"] = process.argv.slice(2);
const broken = new AbortController();
process.once("SIGINT", () => broken.abort());

try {
  const transport = connect(url, process.env["LITTORAL_API_KEY"]);
  for await (const piece of ask(transport, { text, maxOutputTokens: 64, signal: broken.signal })) {
    if (piece.kind === "text") {
      process.stdout.write(piece.text);
    } else if (piece.kind === "reset") {
      process.stdout.write("\n(another target starts over)\n");
    } else {
      console.log(`\n${told(piece.done)}`);
    }
  }
} catch (error) {
  console.error(`\n${reasonOf(error)}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
