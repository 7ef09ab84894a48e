import type { Hash } from "./brand.ts";
import { CoreError } from "./errors.ts";
import { hpkeOpen, type KemKey } from "./hpkeOpen.ts";
import { releaseAnswerShape, releaseInfo, type ReleaseAnswer } from "./release.ts";
import { decodeShape } from "./shape.ts";

/** Opens the gate's answer with the ephemeral key of the request. Error: `open-failed`. */
export function openReleaseAnswer(
  key: KemKey,
  requestHash: Hash,
  sealed: Uint8Array,
): ReleaseAnswer {
  const bytes = hpkeOpen(key, releaseInfo(requestHash), sealed);
  try {
    return decodeShape(releaseAnswerShape, bytes);
  } catch (cause) {
    throw new CoreError("open-failed", { cause });
  }
}
