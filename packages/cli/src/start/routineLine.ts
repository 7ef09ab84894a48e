const DATABASE = / database$/;
const TROUBLE = /\b(WARNING|ERROR|FATAL|PANIC):/;
/** pino's level of a warning. */
const WARNING_LEVEL = 40;

function levelOf(line: string): number {
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return typeof level === "number" ? level : WARNING_LEVEL;
  } catch {
    return WARNING_LEVEL;
  }
}

/** Whether a line says only that all goes as it should: a request that was answered, a database that started. */
export function isRoutineLine(source: string, line: string): boolean {
  if (DATABASE.test(source)) return !TROUBLE.test(line);
  if (source === "launcher") return false;
  return levelOf(line) < WARNING_LEVEL;
}
