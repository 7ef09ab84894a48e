import type { Measure, MeasureOption } from "./measure.ts";

/** The answers of PHQ-9 and GAD-7 (LOINC answer list LL358-3). */
export const PHQ_OPTIONS: readonly MeasureOption[] = [
  { score: 0, text: "Not at all", loinc: "LA6568-5" },
  { score: 1, text: "Several days", loinc: "LA6569-3" },
  { score: 2, text: "More than half the days", loinc: "LA6570-1" },
  { score: 3, text: "Nearly every day", loinc: "LA6571-9" },
];

/** The terms on which Pfizer released the PHQ family. */
export const PHQ_TERMS =
  "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from Pfizer Inc. No permission required to reproduce, translate, display or distribute.";

/** PHQ-9, depression in the last two weeks. */
export const PHQ_9: Measure = {
  id: "phq-9",
  name: "PHQ-9",
  language: "en",
  instruction:
    "Over the last 2 weeks, how often have you been bothered by any of the following problems?",
  items: [
    { text: "Little interest or pleasure in doing things", loinc: "44250-9" },
    { text: "Feeling down, depressed, or hopeless", loinc: "44255-8" },
    { text: "Trouble falling or staying asleep, or sleeping too much", loinc: "44259-0" },
    { text: "Feeling tired or having little energy", loinc: "44254-1" },
    { text: "Poor appetite or overeating", loinc: "44251-7" },
    {
      text: "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
      loinc: "44258-2",
    },
    {
      text: "Trouble concentrating on things, such as reading the newspaper or watching television",
      loinc: "44252-5",
    },
    {
      text: "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or restless that you have been moving around a lot more than usual",
      loinc: "44253-3",
    },
    {
      text: "Thoughts that you would be better off dead or of hurting yourself in some way",
      loinc: "44260-8",
    },
  ],
  options: PHQ_OPTIONS,
  multiplier: 1,
  better: "lower",
  bands: [
    { id: "minimal", from: 0, to: 4 },
    { id: "mild", from: 5, to: 9 },
    { id: "moderate", from: 10, to: 14 },
    { id: "moderately-severe", from: 15, to: 19 },
    { id: "severe", from: 20, to: 27 },
  ],
  cutoffs: [{ id: "depression-likely", at: 10 }],
  itemAlerts: [{ id: "self-harm", item: 9, from: 1 }],
  loinc: { panel: "44249-1", total: "44261-6" },
  reliableChange: {
    points: 6,
    citation: "NHS England, NHS Talking Therapies manual (PHQ-9 reliable change: 6 points or more)",
  },
  sources: [
    {
      citation:
        "Kroenke K, Spitzer RL, Williams JBW. The PHQ-9: validity of a brief depression severity measure. J Gen Intern Med 2001;16:606–613",
      url: "https://www.phqscreeners.com",
      terms: PHQ_TERMS,
    },
  ],
};
