/** The steps of a safety plan that are lists, in the order in which a patient takes them. */
export const STEPS = ["warningSigns", "copingSteps", "peopleAndPlaces", "professionals"] as const;
