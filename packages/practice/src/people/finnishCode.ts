import { isCalendarDate } from "../calendar/calendarDate.ts";

/** A valid Finnish personal identity code. */
export interface FinnishCode {
  code: string;
  birthDate: string;
  sex: "female" | "male";
  /** Individual numbers 900–999 are temporary: given by a hospital, never by the population register. */
  temporary: boolean;
}

/** Why a text is no Finnish personal identity code. */
export type FinnishCodeReason = "format" | "date" | "individual-number" | "check-character";

const CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";
const CENTURY_BY_SIGN: Record<string, string> = {
  "+": "18",
  "-": "19",
  Y: "19",
  X: "19",
  W: "19",
  V: "19",
  U: "19",
  A: "20",
  B: "20",
  C: "20",
  D: "20",
  E: "20",
  F: "20",
};

/**
 * Reads a Finnish personal identity code (henkilötunnus): DDMMYY, century sign, individual number, check character.
 * Spaces around it and small letters are accepted. Century signs B–F and U–Y hold since 1 January 2023.
 * Source: Digital and Population Data Services Agency, "The personal identity code"; decree 690/2022.
 */
export function parseFinnishCode(
  text: string,
): { ok: true; value: FinnishCode } | { ok: false; reason: FinnishCodeReason } {
  const code = text.trim().toUpperCase();
  const parts = /^(\d{2})(\d{2})(\d{2})([-+A-FU-Y])(\d{3})([0-9A-FHJ-NPR-Y])$/.exec(code);
  if (parts === null) return { ok: false, reason: "format" };
  const [, day = "", month = "", year = "", sign = "", individual = "", check = ""] = parts;
  const birthDate = `${CENTURY_BY_SIGN[sign] ?? ""}${year}-${month}-${day}`;
  if (!isCalendarDate(birthDate)) return { ok: false, reason: "date" };
  const number = Number(individual);
  if (number < 2) return { ok: false, reason: "individual-number" };
  if (finnishCheckCharacter(day + month + year + individual) !== check)
    return { ok: false, reason: "check-character" };
  return {
    ok: true,
    value: { code, birthDate, sex: number % 2 === 0 ? "female" : "male", temporary: number >= 900 },
  };
}

/** Whether `text` is a valid Finnish personal identity code. */
export function isFinnishCode(text: string): boolean {
  return parseFinnishCode(text).ok;
}

/** The check character over the nine digits DDMMYYNNN: their remainder by 31. Throws RangeError on other input. */
export function finnishCheckCharacter(digits: string): string {
  if (!/^\d{9}$/.test(digits)) throw new RangeError("nine digits are needed");
  return CHECK_CHARACTERS[Number(digits) % 31] ?? "";
}
