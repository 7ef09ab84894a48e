import type { Measure } from "./measure.ts";
import { PHQ_OPTIONS, PHQ_TERMS } from "./phq9.ts";

/** GAD-7, anxiety in the last two weeks. */
export const GAD_7: Measure = {
  id: "gad-7",
  name: "GAD-7",
  language: "en",
  instruction: "Over the last 2 weeks, how often have you been bothered by the following problems?",
  items: [
    { text: "Feeling nervous, anxious, or on edge", loinc: "69725-0" },
    { text: "Not being able to stop or control worrying", loinc: "68509-9" },
    { text: "Worrying too much about different things", loinc: "69733-4" },
    { text: "Trouble relaxing", loinc: "69734-2" },
    { text: "Being so restless that it's hard to sit still", loinc: "69735-9" },
    { text: "Becoming easily annoyed or irritable", loinc: "69689-8" },
    { text: "Feeling afraid as if something awful might happen", loinc: "69736-7" },
  ],
  options: PHQ_OPTIONS,
  multiplier: 1,
  better: "lower",
  bands: [
    { id: "minimal", from: 0, to: 4 },
    { id: "mild", from: 5, to: 9 },
    { id: "moderate", from: 10, to: 14 },
    { id: "severe", from: 15, to: 21 },
  ],
  cutoffs: [{ id: "anxiety-likely", at: 10 }],
  itemAlerts: [],
  loinc: { panel: "69737-5", total: "70274-6" },
  reliableChange: {
    points: 4,
    citation: "NHS England, NHS Talking Therapies manual (GAD-7 reliable change: 4 points or more)",
  },
  sources: [
    {
      citation:
        "Spitzer RL, Kroenke K, Williams JBW, Löwe B. A brief measure for assessing generalized anxiety disorder: the GAD-7. Arch Intern Med 2006;166:1092–1097",
      url: "https://www.phqscreeners.com",
      terms: PHQ_TERMS,
    },
  ],
};
