/** Of which session somebody chose to write, for the next editor of that patient; in memory alone, since an address would keep it. */
let wanted: { readonly patient: string; readonly date: string } | null = null;

export function wantSession(patient: string, date: string): void {
  wanted = { patient, date };
}

/** The date of the session that was chosen for this patient; null: none was. */
export const wantedSession = (patient: string): string | null =>
  wanted?.patient === patient ? wanted.date : null;

/** The choice was followed. */
export function forgetSession(): void {
  wanted = null;
}
