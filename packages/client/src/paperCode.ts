import { CoreError } from "@sinetti/core";
import { breakGlassKey, parseKit } from "@sinetti/core/secret";
import { ClientError } from "./errors.ts";

/** The key of the practice's paper code. Error: `input-rejected` for what is no such code. */
export function readPaperCode(code: string): ReturnType<typeof breakGlassKey> {
  try {
    return breakGlassKey(parseKit(code));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new ClientError("input-rejected", { detail: "paper code", cause: error });
  }
}
