import type { Block, Paper } from "@sinetti/paper";

/** A paper of these blocks. */
export function paperOf(blocks: readonly Block[], more: Partial<Paper> = {}): Paper {
  return { title: "A sample", language: "en", made: "2026-11-21T10:00:00Z", blocks, ...more };
}

export const sentence = "The logs were too thin to date the thefts. ";
