import type { Measure } from "./measure.ts";

/** PCL-5, post-traumatic stress in the last month. */
export const PCL_5: Measure = {
  id: "pcl-5",
  name: "PCL-5",
  language: "en",
  instruction:
    "Below is a list of problems that people sometimes have in response to a very stressful experience. Please read each problem carefully and then select one of the answers to indicate how much you have been bothered by that problem in the past month.",
  items: [
    { text: "Repeated, disturbing, and unwanted memories of the stressful experience?" },
    { text: "Repeated, disturbing dreams of the stressful experience?" },
    {
      text: "Suddenly feeling or acting as if the stressful experience were actually happening again (as if you were actually back there reliving it)?",
    },
    { text: "Feeling very upset when something reminded you of the stressful experience?" },
    {
      text: "Having strong physical reactions when something reminded you of the stressful experience (for example, heart pounding, trouble breathing, sweating)?",
    },
    { text: "Avoiding memories, thoughts, or feelings related to the stressful experience?" },
    {
      text: "Avoiding external reminders of the stressful experience (for example, people, places, conversations, activities, objects, or situations)?",
    },
    { text: "Trouble remembering important parts of the stressful experience?" },
    {
      text: "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts such as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is completely dangerous)?",
    },
    {
      text: "Blaming yourself or someone else for the stressful experience or what happened after it?",
    },
    { text: "Having strong negative feelings such as fear, horror, anger, guilt, or shame?" },
    { text: "Loss of interest in activities that you used to enjoy?" },
    { text: "Feeling distant or cut off from other people?" },
    {
      text: "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving feelings for people close to you)?",
    },
    { text: "Irritable behavior, angry outbursts, or acting aggressively?" },
    { text: "Taking too many risks or doing things that could cause you harm?" },
    { text: "Being “superalert” or watchful or on guard?" },
    { text: "Feeling jumpy or easily startled?" },
    { text: "Having difficulty concentrating?" },
    { text: "Trouble falling or staying asleep?" },
  ],
  options: [
    { score: 0, text: "Not at all" },
    { score: 1, text: "A little bit" },
    { score: 2, text: "Moderately" },
    { score: 3, text: "Quite a bit" },
    { score: 4, text: "Extremely" },
  ],
  multiplier: 1,
  better: "lower",
  bands: [
    { id: "below-cut", from: 0, to: 30 },
    { id: "cut-range", from: 31, to: 33 },
    { id: "above-cut", from: 34, to: 80 },
  ],
  cutoffs: [
    { id: "ptsd-possible", at: 31 },
    { id: "ptsd-likely", at: 33 },
  ],
  itemAlerts: [],
  loinc: {},
  reliableChange: {
    points: 18,
    citation:
      "Marx BP et al. Reliable and clinically significant change in the CAPS-5 and PCL-5 among male veterans. Psychol Assess 2022;34:197–203 (15 and 18 points in two samples; the larger is used)",
  },
  sources: [
    {
      citation:
        "Weathers FW, Litz BT, Keane TM, Palmieri PA, Marx BP, Schnurr PP. The PTSD Checklist for DSM-5 (PCL-5). National Center for PTSD, 2013; cut-point 31–33",
      url: "https://www.ptsd.va.gov/professional/assessment/adult-sr/ptsd-checklist.asp",
      terms: "A work of the United States Government, in the public domain.",
    },
  ],
};
