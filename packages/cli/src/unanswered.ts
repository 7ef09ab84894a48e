import { ClientError } from "@sinetti/client";

/** An address that was only looked at did not answer: nothing was written for it that could be kept. */
export class Unanswered extends ClientError {
  /** A sentence without its full stop. */
  readonly what: string;

  constructor(what: string, { cause }: { cause?: unknown } = {}) {
    super("unreachable", { detail: what, cause });
    this.what = what;
  }
}
