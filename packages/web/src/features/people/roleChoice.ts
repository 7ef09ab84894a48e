import type { Role } from "@sinetti/core";

/** The roles in the order in which a practice needs them. */
export const ROLE_CHOICE = [
  "therapist",
  "supervisor",
  "office",
  "privacy",
  "admin",
  "reviewer",
] as const satisfies readonly Role[];
