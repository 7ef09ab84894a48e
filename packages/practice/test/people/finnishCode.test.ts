import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finnishCheckCharacter, isFinnishCode, parseFinnishCode } from "../../src/index.ts";

const SIGNS: Record<string, string> = { 18: "+", 19: "-YXWVU", 20: "ABCDEF" };
const CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY";

const parts = fc.record({
  date: fc
    .date({ min: new Date("1850-01-01"), max: new Date("2049-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  sign: fc.nat(),
  number: fc.integer({ min: 2, max: 999 }),
});

function codeOf({ date, sign, number }: { date: string; sign: number; number: number }): string {
  const [year = "", month = "", day = ""] = date.split("-");
  const signs = SIGNS[year.slice(0, 2)] ?? "";
  const individual = String(number).padStart(3, "0");
  const digits = day + month + year.slice(2);
  return `${digits}${signs[sign % signs.length]}${individual}${finnishCheckCharacter(digits + individual)}`;
}

describe("parseFinnishCode refuses", () => {
  it.each([
    ["131052-308U", "check-character"],
    ["131052-309T", "check-character"],
    ["310252-308T", "date"],
    ["290201-308T", "date"],
    ["131052-000T", "individual-number"],
    ["131052-001T", "individual-number"],
    ["131052G308T", "format"],
    ["131052-308G", "format"],
    ["131052308T", "format"],
    ["", "format"],
    ["x131052-308T", "format"],
  ])("%s: %s", (code, reason) => {
    expect(parseFinnishCode(code)).toEqual({ ok: false, reason });
  });

  it("any one digit or check character changed", () => {
    fc.assert(
      fc.property(parts, fc.nat(10), fc.nat(29), (of, place, step) => {
        const code = codeOf(of);
        const old = code[place] ?? "";
        const alphabet = place === 10 ? CHARACTERS : "0123456789";
        if (place === 6) return;
        const changed =
          alphabet[(alphabet.indexOf(old) + 1 + (step % (alphabet.length - 1))) % alphabet.length];
        expect(isFinnishCode(code.slice(0, place) + changed + code.slice(place + 1))).toBe(false);
      }),
    );
  });
});

describe("parseFinnishCode reads", () => {
  it("the published example", () => {
    const value = { code: "131052-308T", birthDate: "1952-10-13", sex: "female", temporary: false };
    expect(parseFinnishCode(" 131052-308t ")).toEqual({ ok: true, value });
  });

  it("a code of the 2023 reform as temporary when its number says so", () => {
    const value = { code: "010594Y9032", birthDate: "1994-05-01", sex: "male", temporary: true };
    expect(parseFinnishCode("010594Y9032")).toEqual({ ok: true, value });
  });

  it("numbers up to 899 as real, from 900 on as temporary", () => {
    const temporary = [899, 900].map((number) => {
      const parsed = parseFinnishCode(codeOf({ date: "1994-05-01", sign: 0, number }));
      return parsed.ok && parsed.value.temporary;
    });
    expect(temporary).toEqual([false, true]);
  });

  it("every century sign, date and number that is built right", () => {
    fc.assert(
      fc.property(parts, (of) => {
        const parsed = parseFinnishCode(codeOf(of));
        expect(parsed).toMatchObject({
          ok: true,
          value: {
            birthDate: of.date,
            sex: of.number % 2 === 0 ? "female" : "male",
            temporary: of.number >= 900,
          },
        });
      }),
    );
  });
});

describe("finnishCheckCharacter", () => {
  it("throws on anything but nine digits", () => {
    expect(() => finnishCheckCharacter("13105230")).toThrow(RangeError);
  });
});
