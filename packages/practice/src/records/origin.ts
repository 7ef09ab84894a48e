import { z } from "zod";
import { bodyOf, id, instant, line } from "./fields.ts";

/** What somebody did to an entry. */
export const originActivity = z.enum([
  "wrote",
  "signed",
  "amended",
  "countersigned",
  "retracted",
  "imported",
]);

/** Who wrote entries before they came here from another practice's export. */
export const origin = bodyOf("origin", {
  practice: line,
  /** The patient's identity file at the practice that first gave the record out: a record that goes on keeps its name. */
  patient: id.exactOptional(),
  lines: z
    .array(
      z.strictObject({
        entry: id,
        did: originActivity,
        on: instant,
        by: id.exactOptional(),
        name: line.exactOptional(),
      }),
    )
    .min(1)
    .max(1000),
});
/** Who wrote, signed, amended or imported entries that came from another practice: that practice's word, not a signature of this one. */
export type Origin = z.infer<typeof origin>;
