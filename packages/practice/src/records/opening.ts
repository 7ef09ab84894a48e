import { z } from "zod";
import { bodyOf, id, line } from "./fields.ts";

/** Why somebody opened the record out of turn: for the patient in crisis. */
export const opening = bodyOf("opening", {
  purpose: z.enum(["crisis"]),
  reason: line,
  author: id,
});
/** Why somebody opened the record out of turn. */
export type Opening = z.infer<typeof opening>;
