import type { Measure, MeasureOption } from "./measure.ts";

const FREQUENCY: readonly MeasureOption[] = [
  { score: 0, text: "Never" },
  { score: 1, text: "Monthly or less" },
  { score: 2, text: "2–4 times a month" },
  { score: 3, text: "2–3 times a week" },
  { score: 4, text: "4 or more times a week" },
];
const DRINKS: readonly MeasureOption[] = [
  { score: 0, text: "1 or 2" },
  { score: 1, text: "3 or 4" },
  { score: 2, text: "5 or 6" },
  { score: 3, text: "7 to 9" },
  { score: 4, text: "10 or more" },
];
const HEAVY: readonly MeasureOption[] = [
  { score: 0, text: "Never" },
  { score: 1, text: "Less than monthly" },
  { score: 2, text: "Monthly" },
  { score: 3, text: "Weekly" },
  { score: 4, text: "Daily or almost daily" },
];

/** AUDIT-C, drinking. Its cut-off needs the patient's sex. */
export const AUDIT_C: Measure = {
  id: "audit-c",
  name: "AUDIT-C",
  language: "en",
  instruction: "Please answer these questions about your use of alcohol.",
  items: [
    { text: "How often do you have a drink containing alcohol?", options: FREQUENCY },
    {
      text: "How many drinks containing alcohol do you have on a typical day when you are drinking?",
      options: DRINKS,
    },
    { text: "How often do you have six or more drinks on one occasion?", options: HEAVY },
  ],
  options: FREQUENCY,
  multiplier: 1,
  better: "lower",
  bands: [],
  cutoffs: [
    { id: "hazardous-drinking", at: 4, sex: "male" },
    { id: "hazardous-drinking", at: 3, sex: "female" },
  ],
  itemAlerts: [],
  loinc: { panel: "72109-2", total: "75626-2" },
  sources: [
    {
      citation:
        "Bush K et al. The AUDIT alcohol consumption questions (AUDIT-C). Arch Intern Med 1998;158:1789–1795; Bradley KA et al. Alcohol Clin Exp Res 2007;31:1208–1217 (cut-offs)",
      terms:
        "The AUDIT is in the public domain (World Health Organization, WHO/MSD/MSB/01.6a); reproduced without charge and with its source.",
    },
  ],
};
