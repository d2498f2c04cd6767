// What a server writes to its standard error: kept, so that its last words can be shown when it ends.
import type { ChildProcess } from "node:child_process";
import { lastLine } from "./server/search";

const KEPT = 20_000;

export class Stderr {
  #text = "";
  /** Fulfilled when there is nothing more to come. */
  closed: Promise<void> = Promise.resolve();

  follow(child: ChildProcess): void {
    const stream = child.stderr;
    if (stream === null) {
      return;
    }
    stream.on("data", (data: Buffer | string) => {
      this.#text = (this.#text + data.toString()).slice(-KEPT);
    });
    this.closed = new Promise((resolve) => {
      stream.once("close", resolve);
      // A process that the server has left behind may hold the stream open; nobody waits for that.
      child.once("exit", () => setTimeout(resolve, 500));
      child.once("error", resolve);
    });
  }

  /** The line that names the error; undefined when nothing was written. */
  get error(): string | undefined {
    return lastLine(this.#text);
  }
}
