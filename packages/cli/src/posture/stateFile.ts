import { existsSync } from "node:fs";

import { emptyState, postureStateSchema, type PostureState } from "@sinetti/posture";

import { readBytes } from "../input/readBytes.ts";
import { InputError } from "../inputError.ts";
import { writeSecretFile } from "../start/secretFile.ts";

/** What became of earlier findings; nothing where the file does not exist yet. */
export function readStateFile(path: string): PostureState {
  if (!existsSync(path)) return emptyState;
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(readBytes(path)));
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, "the state is not JSON", { cause });
  }
  const parsed = postureStateSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path: at }) => at.join("."));
  throw new InputError(path, "this is not a state of sinetti posture", { fields });
}

/** Writes the state whole or not at all. */
export function writeStateFile(path: string, state: PostureState): void {
  try {
    writeSecretFile(path, JSON.stringify(state, null, 2));
  } catch (cause) {
    throw new InputError(path, "the state cannot be written", { cause });
  }
}
