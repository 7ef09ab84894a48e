import type { NoteSession } from "../records/note.ts";
import type { Person } from "../records/identity.ts";
import type { Appointment } from "../records/schedule.ts";
import { normaliseHeader } from "./fields.ts";

function byWord<T extends string>(
  wordsByValue: Record<T, string>,
): (text: string) => T | undefined {
  const valueByWord = new Map<string, T>();
  for (const [value, words] of Object.entries(wordsByValue) as [T, string][])
    for (const word of words.split(" ")) valueByWord.set(word, value);
  return (text) => valueByWord.get(normaliseHeader(text));
}

/** A sex in English, Finnish or Swedish; undefined for another word. */
export const readSex = byWord<NonNullable<Person["sex"]>>({
  female: "f female woman n nainen naispuolinen k kvinna 2",
  male: "m male man mies miespuolinen 1",
  other: "other x muu annat",
  unknown: "unknown u tuntematon eitiedossa okänd",
});

/** What became of an appointment, in English, Finnish or Swedish. */
export const readStatus = byWord<Appointment["status"]>({
  booked:
    "booked scheduled confirmed planned pending open varattu vahvistettu suunniteltu bokad bekräftad planerad",
  arrived: "arrived checkedin saapunut ilmoittautunut ankommen",
  done: "done completed attended finished fulfilled kept show toteutunut pidetty valmis käyty genomförd avslutad närvarande",
  late: "late myöhässä sen",
  cancelled: "cancelled canceled peruttu peruutettu peruuntunut avbokad inställd",
  "cancelled-late":
    "latecancelled latecancellation latecancel cancelledlate peruttumyöhässä senavbokad",
  missed:
    "missed noshow dna didnotattend absent eisaapunut poissa peruuttamaton uteblev uteblivit frånvarande",
});

/** How a patient came, in English, Finnish or Swedish. */
export const readAttendance = byWord<NoteSession["attendance"]>({
  attended:
    "attended done completed present yes kept toteutunut läsnä kyllä pidetty genomförd närvarande ja",
  late: "late myöhässä sen",
  missed:
    "missed noshow dna didnotattend absent no eisaapunut poissa ei uteblev uteblivit frånvarande nej",
  cancelled: "cancelled canceled peruttu peruutettu avbokad inställd",
  "cancelled-late":
    "latecancelled latecancellation latecancel cancelledlate peruttumyöhässä senavbokad",
  "contact-only": "contact contactonly yhteydenotto kontakt",
});

/** How a session was held, in English, Finnish or Swedish. */
export const readModality = byWord<NoteSession["modality"]>({
  "in-person":
    "inperson office onsite facetoface f2f clinic lähitapaaminen vastaanotto läsnä lähi paikanpäällä mottagning fysiskt",
  video:
    "video telehealth online remote teams zoom etä etävastaanotto etätapaaminen videovastaanotto distans videosamtal",
  phone: "phone telephone call puhelin puhelu puhelimitse telefon telefonsamtal",
  chat: "chat message messages viesti chatti meddelande chatt",
  "home-visit": "home homevisit kotikäynti hembesök",
  other: "other muu annat",
});

const NUMBER =
  /^(\d{1,4})(?:[.,](\d{1,3}))?\s*(min|mins|minutes|minuuttia|minuter|m|h|hr|hrs|hour|hours|t|tuntia|tim)?\.?$/i;

/** Minutes of a length: 45, 45,0, 45 min, 0:45, 0,75 h; rounded to a whole one. undefined when it is none, or longer than a day. */
export function readMinutes(text: string): number | undefined {
  const clock = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(text.trim());
  if (clock !== null) return withinDay(Number(clock[1]) * 60 + Number(clock[2]));
  const found = NUMBER.exec(text.trim());
  if (found === null) return undefined;
  const [, whole = "", part = "0", unit = "min"] = found;
  const number = Number(`${whole}.${part}`);
  return withinDay(Math.round(/^[ht]/i.test(unit) ? number * 60 : number));
}

function withinDay(minutes: number): number | undefined {
  return minutes <= 1440 ? minutes : undefined;
}
