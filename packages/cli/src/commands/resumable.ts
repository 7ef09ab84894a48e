import { ClientError } from "@sinetti/client";

import type { Shell } from "../shell.ts";

/** Runs an import; when a service stops answering, says what that means for an import: nothing of it waits on this device. */
export async function resumable<T>(shell: Shell, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClientError && error.code === "unreachable")
      shell.output.log(
        "The import was cut off. What was acknowledged is there; run the same command again, and it goes on.",
      );
    throw error;
  }
}
