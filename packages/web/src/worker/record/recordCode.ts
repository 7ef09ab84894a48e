const GROUP = 3;

/**
 * What a record is called to whoever reads no name: the first six characters of its care file's id. Whoever grants it sees the same, so
 * that the two can speak of it; it says nothing of the patient.
 */
export function recordCode(file: string): string {
  const letters = file.slice(0, 2 * GROUP).toUpperCase();
  return `${letters.slice(0, GROUP)}-${letters.slice(GROUP)}`;
}
