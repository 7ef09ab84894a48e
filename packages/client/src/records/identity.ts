import { foldIdentity, type PatientIdentity } from "@sinetti/practice";
import type { Context } from "../context.ts";
import type { KnownFile } from "../fileCache.ts";
import { readRecords } from "./body.ts";

/** Reads an open identity file as it stands. */
export function readIdentity(context: Context, file: KnownFile): PatientIdentity {
  return foldIdentity(
    readRecords(context, file, { compartment: "identity" }).map(({ id, body }) => ({
      entry: id,
      body,
    })),
  );
}
