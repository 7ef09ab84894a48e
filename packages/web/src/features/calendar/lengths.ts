/** Minutes that an appointment lasts, as they are offered. */
export const LENGTHS: readonly string[] = ["30", "45", "60", "75", "90", "120"];
