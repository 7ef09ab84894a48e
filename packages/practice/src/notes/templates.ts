import type { NoteTemplate } from "./template.ts";

type Row = [id: string, en: string, fi: string, flags?: "required" | "carry" | "required carry"];

function template(
  id: string,
  label: { en: string; fi: string },
  rows: Row[],
  needsSession = true,
): NoteTemplate {
  const sections = rows.map(([section, en, fi, flags = ""]) => ({
    id: section,
    label: { en, fi },
    required: flags.includes("required"),
    carryForward: flags.includes("carry"),
  }));
  return { id, v: 1, label, needsSession, sections };
}

const PLAN: Row = ["plan", "Plan", "Suunnitelma", "required carry"];
const RISK: Row = ["risk", "Risk", "Riski"];

/** The note templates that every practice has; a practice's own stand in its directory. */
export const NOTE_TEMPLATES: readonly NoteTemplate[] = [
  template("soap", { en: "SOAP", fi: "SOAP" }, [
    ["subjective", "Subjective", "Potilaan kuvaus", "required"],
    ["objective", "Objective", "Havainnot", "required"],
    ["assessment", "Assessment", "Arvio", "required"],
    PLAN,
    RISK,
  ]),
  template("dap", { en: "DAP", fi: "DAP" }, [
    ["data", "Data", "Tiedot", "required"],
    ["assessment", "Assessment", "Arvio", "required"],
    PLAN,
    RISK,
  ]),
  template("birp", { en: "BIRP", fi: "BIRP" }, [
    ["behaviour", "Behaviour", "Käyttäytyminen", "required"],
    ["intervention", "Intervention", "Interventio", "required"],
    ["response", "Response", "Vaste", "required"],
    PLAN,
    RISK,
  ]),
  template("girp", { en: "GIRP", fi: "GIRP" }, [
    ["goal", "Goal", "Tavoite", "required carry"],
    ["intervention", "Intervention", "Interventio", "required"],
    ["response", "Response", "Vaste", "required"],
    PLAN,
    RISK,
  ]),
  template("pirp", { en: "PIRP", fi: "PIRP" }, [
    ["problem", "Problem", "Ongelma", "required carry"],
    ["intervention", "Intervention", "Interventio", "required"],
    ["response", "Response", "Vaste", "required"],
    PLAN,
    RISK,
  ]),
  template("narrative", { en: "Narrative", fi: "Vapaa teksti" }, [
    ["narrative", "Narrative", "Kertomus", "required"],
    RISK,
  ]),
  template("intake", { en: "Intake", fi: "Alkuhaastattelu" }, [
    ["reason", "Reason for coming", "Hakeutumisen syy", "required"],
    ["history", "History of the problem", "Ongelman historia", "required"],
    ["earlier-care", "Earlier care", "Aiempi hoito"],
    ["health", "Health, medication, substances", "Terveys, lääkitys, päihteet"],
    ["life", "Life situation", "Elämäntilanne"],
    ["strengths", "Strengths and support", "Voimavarat ja tuki"],
    ["risk", "Risk", "Riski", "required"],
    ["assessment", "Assessment", "Arvio", "required"],
    PLAN,
  ]),
  template("contact", { en: "Contact", fi: "Yhteydenotto" }, [
    ["reason", "Reason", "Syy", "required"],
    ["content", "Content", "Sisältö", "required"],
    ["agreed", "Agreed", "Sovittu"],
  ]),
  template("missed-session", { en: "Missed session", fi: "Toteutumaton käynti" }, [
    ["circumstances", "Circumstances", "Olosuhteet", "required"],
    ["contact-attempts", "Contact attempts", "Yhteydenottoyritykset"],
    RISK,
    ["next-step", "Next step", "Jatko", "required"],
  ]),
  template("risk", { en: "Risk assessment", fi: "Riskiarvio" }, [
    ["concern", "Concern", "Huoli", "required"],
    ["risk-factors", "Risk factors", "Riskitekijät", "required carry"],
    ["protective-factors", "Protective factors", "Suojaavat tekijät", "required carry"],
    ["assessment", "Assessment", "Arvio", "required"],
    ["actions", "Actions taken", "Tehdyt toimet", "required"],
    ["safety-plan", "Safety plan", "Turvasuunnitelma", "carry"],
  ]),
  template(
    "discharge",
    { en: "Discharge", fi: "Loppuyhteenveto" },
    [
      ["course", "Course of treatment", "Hoidon kulku", "required"],
      ["outcome", "Outcome", "Hoidon tulos", "required"],
      ["state", "State at the end", "Tila hoidon päättyessä", "required"],
      RISK,
      ["recommendations", "Recommendations", "Suositukset", "required"],
    ],
    false,
  ),
];

/** The bundled template with this id, or undefined. */
export function findNoteTemplate(id: string): NoteTemplate | undefined {
  return NOTE_TEMPLATES.find((candidate) => candidate.id === id);
}

/**
 * The template that a note or draft is written on: one that every practice has, or the practice's own as it stood when the note was
 * begun, which the note carries within. Undefined where it carries none.
 */
export function formOf(note: { template: string; form?: NoteTemplate }): NoteTemplate | undefined {
  return findNoteTemplate(note.template) ?? note.form;
}

/** What a note carries of its template: nothing of one that every practice has, else all of it, so that its headings stay. */
export function carriedForm(own: NoteTemplate): { form?: NoteTemplate } {
  return findNoteTemplate(own.id) === undefined ? { form: own } : {};
}
