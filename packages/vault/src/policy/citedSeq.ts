import type { Link } from "@sinetti/core";

/** The seq of a place that a statement says it has seen; null when it says none in the expected form. */
export function citedSeq({ statement }: Link, field: "seen" | "access"): number | null {
  const { body } = statement;
  const place = body instanceof Map ? body.get(field) : null;
  const seq = place instanceof Map ? place.get("seq") : null;
  return typeof seq === "number" ? seq : null;
}
