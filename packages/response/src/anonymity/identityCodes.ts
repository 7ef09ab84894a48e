const checkCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

function isDate(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** Remainder of the digits weighted one by one. */
function weighted(digits: string, weights: readonly number[], modulus: number): number {
  return (
    Array.from(digits).reduce((sum, digit, at) => sum + Number(digit) * (weights[at] ?? 0), 0) %
    modulus
  );
}

function luhn(digits: string): boolean {
  const sum = Array.from(digits).reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

const number = (text: string | undefined): number => Number(text ?? "NaN");

/** Finnish henkilötunnus with any century sign in use since 2023, temporary numbers too (Government Decree 128/2010 as amended). */
function isFinnish({ groups = {} }: RegExpMatchArray): boolean {
  const { day, month, year, sign = "", serial = "", check = "" } = groups;
  const century = sign === "+" ? 1800 : /[A-F]/i.test(sign) ? 2000 : 1900;
  const remainder = number(`${day}${month}${year}${serial}`) % 31;
  const isChecked = checkCharacters[remainder] === check.toUpperCase();
  return isChecked && serial >= "002" && isDate(century + number(year), number(month), number(day));
}

/** Swedish personnummer and samordningsnummer (SKV 704): a date, or one with 60 added to its day, and Luhn's digit. */
function isSwedish({ groups = {} }: RegExpMatchArray): boolean {
  const { year = "", month = "", day = "", serial = "" } = groups;
  const dayOfMonth = number(day) > 60 ? number(day) - 60 : number(day);
  return isDate(2000, number(month), dayOfMonth) && luhn(`${year}${month}${day}${serial}`);
}

/** Norwegian fødselsnummer and D-number: two check digits by eleven. */
function isNorwegian([text]: RegExpMatchArray): boolean {
  const digits = text.replaceAll(/\s/g, "");
  const day = number(digits.slice(0, 2)) % 40;
  const first = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
  const second = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
  const isChecked = weighted(digits, first, 11) === 0 && weighted(digits, second, 11) === 0;
  return isChecked && isDate(2000, number(digits.slice(2, 4)) % 40, day);
}

/** Danish CPR number: a date and four digits (those since 2007 have no check digit). */
function isDanish({ groups = {} }: RegExpMatchArray): boolean {
  return isDate(2000, number(groups["month"]), number(groups["day"]));
}

/** Estonian isikukood: a date and a check digit by eleven, twice. */
function isEstonian([digits]: RegExpMatchArray): boolean {
  const first = weighted(digits.slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 1], 11);
  const second = weighted(digits.slice(0, 10), [3, 4, 5, 6, 7, 8, 9, 1, 2, 3], 11) % 10;
  const check = first === 10 ? second : first;
  const isChecked = check === number(digits.at(-1));
  return isChecked && isDate(2000, number(digits.slice(3, 5)), number(digits.slice(5, 7)));
}

const detectors: readonly {
  readonly form: RegExp;
  readonly isCode: (found: RegExpMatchArray) => boolean;
}[] = [
  {
    form: /(?<![\p{L}\p{N}])(?<day>\d{2})(?<month>\d{2})(?<year>\d{2})\s?(?<sign>[-+A-FU-Y])\s?(?<serial>\d{3})\s?(?<check>[\dA-FHJ-NPR-Y])(?![\p{L}\p{N}])/giu,
    isCode: isFinnish,
  },
  {
    form: /(?<![\p{L}\p{N}])(?:19|20)?(?<year>\d{2})(?<month>\d{2})(?<day>\d{2})\s?[-+]?\s?(?<serial>\d{4})(?![\p{L}\p{N}])/gu,
    isCode: isSwedish,
  },
  { form: /(?<![\p{L}\p{N}])\d{6}\s?\d{5}(?![\p{L}\p{N}])/gu, isCode: isNorwegian },
  {
    form: /(?<![\p{L}\p{N}])(?<day>\d{2})(?<month>\d{2})\d{2}-\d{4}(?![\p{L}\p{N}])/gu,
    isCode: isDanish,
  },
  { form: /(?<![\p{L}\p{N}])[1-8]\d{10}(?![\p{L}\p{N}])/gu, isCode: isEstonian },
];

/** Dashes and minus signs that look like a hyphen, and digits of other scripts, as ASCII. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll(/[\u200b-\u200d\u2060\u00ad]/g, "");
}

/** Whether a text holds a personal identity code: Finnish, Swedish, Norwegian, Danish or Estonian, by date and check character. */
export function hasIdentityCode(text: string): boolean {
  const searched = plain(text);
  return detectors.some(({ form, isCode }) => [...searched.matchAll(form)].some(isCode));
}
