import type { Measure } from "./measure.ts";

/** WHO-5, well-being in the last two weeks; the raw score times four. */
export const WHO_5: Measure = {
  id: "who-5",
  name: "WHO-5",
  language: "en",
  instruction:
    "Please indicate for each of the five statements which is closest to how you have been feeling over the last two weeks.",
  items: [
    { text: "I have felt cheerful and in good spirits" },
    { text: "I have felt calm and relaxed" },
    { text: "I have felt active and vigorous" },
    { text: "I woke up feeling fresh and rested" },
    { text: "My daily life has been filled with things that interest me" },
  ],
  options: [
    { score: 0, text: "At no time" },
    { score: 1, text: "Some of the time" },
    { score: 2, text: "Less than half of the time" },
    { score: 3, text: "More than half of the time" },
    { score: 4, text: "Most of the time" },
    { score: 5, text: "All of the time" },
  ],
  multiplier: 4,
  better: "higher",
  bands: [
    { id: "very-low", from: 0, to: 28 },
    { id: "low", from: 29, to: 50 },
    { id: "good", from: 51, to: 100 },
  ],
  cutoffs: [
    { id: "low-wellbeing", at: 50 },
    { id: "depression-likely", at: 28 },
  ],
  itemAlerts: [],
  loinc: {},
  reliableChange: {
    points: 10,
    citation:
      "Topp CW, Østergaard SD, Søndergaard S, Bech P. The WHO-5 Well-Being Index: a systematic review. Psychother Psychosom 2015;84:167–176 (10 points of 100 as the threshold of a relevant change)",
  },
  sources: [
    {
      citation:
        "World Health Organization. Wellbeing measures in primary health care / the DEPCARE project. Copenhagen: WHO Regional Office for Europe, 1998",
      terms:
        "© World Health Organization. Free of charge with its source, for non-commercial use (CC BY-NC-SA 3.0 IGO); text unchanged.",
    },
  ],
};
