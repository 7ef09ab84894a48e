function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [down, letter] of Array.from(one).entries()) {
    const next = [down + 1];
    for (const [across, partner] of Array.from(other).entries())
      next.push(
        Math.min(
          (next[across] ?? 0) + 1,
          (row[across + 1] ?? 0) + 1,
          (row[across] ?? 0) + (letter === partner ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The known word that a misspelt one is nearest to; undefined: none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 60) return undefined;
  const ranked = known
    .map((candidate) => ({
      candidate,
      steps: distance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((one, other) => one.steps - other.steps);
  const [best] = ranked;
  return best !== undefined && best.steps <= Math.max(1, Math.ceil(best.candidate.length / 3))
    ? best.candidate
    : undefined;
}
