import type { Hash } from "@sinetti/core";

/** What somebody must know whose order waits. */
export function pendingText(order: Hash, dueAt: number | null): string {
  const due = dueAt === null ? "" : ` Not before ${new Date(dueAt * 1000).toISOString()}.`;
  return `It needs a second person, who runs: sinetti approve ${order}${due}`;
}
