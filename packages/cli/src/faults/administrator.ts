import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { PASSWORD } from "./hireStaff.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The one person whom the drill needs: after a jump of the gate's clock they look at it, and confirm it by the real command. */
export class Administrator {
  readonly #profile: string;
  readonly #server: string;
  #confirmations = 0;
  #looking: Promise<void> | undefined;

  constructor({ profile, server }: { profile: string; server: string }) {
    this.#profile = profile;
    this.#server = server;
  }

  /** How often they confirmed. */
  get confirmations(): number {
    return this.#confirmations;
  }

  /** Comes, unless they are there; what is away keeps them from it, and somebody calls them again. */
  call(): Promise<void> {
    this.#looking ??= this.#confirm().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #confirm(): Promise<void> {
    const words = ["--profile", this.#profile, "--server", this.#server, "gate", "confirm-clock"];
    const { PATH } = process.env;
    const isDone = await new Promise<boolean>((resolve) => {
      const env = { PATH, SINETTI_PASSWORD: PASSWORD };
      execFile(process.execPath, [MAIN, ...words], { env }, (error) => resolve(error === null));
    });
    if (isDone) this.#confirmations++;
  }
}
