import { EXIT } from "./failure.ts";

/** A first SIGINT asks the running step to be the last; a second one ends the process, which loses nothing acknowledged. */
export class Interrupt {
  #isAsked = false;

  /** Listens from now on. */
  listen(): void {
    process.on("SIGINT", () => {
      if (this.#isAsked) process.exit(EXIT.interrupted);
      this.#isAsked = true;
      process.stderr.write("Stopping after this step; press Ctrl-C again to stop at once.\n");
    });
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }
}
