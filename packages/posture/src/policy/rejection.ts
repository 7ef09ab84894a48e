/** Why a policy is refused, at one place of its file. */
export interface PolicyRejection {
  /** From 1. */
  readonly line: number;
  /** `roles.app.kind`; `.` is the whole file. */
  readonly field: string;
  readonly problem: string;
}

/** As one line of text. */
export function policyRejectionText({ line, field, problem }: PolicyRejection): string {
  return `line ${line}, ${field}: ${problem}`;
}
