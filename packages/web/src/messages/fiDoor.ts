import app from "./fi/app.json";
import door from "./fi/door.json";
import faults from "./fi/faults.json";

/** The Finnish words that are needed before anything is unlocked. */
export const catalogue: Record<string, Record<string, unknown>> = { app, door, faults };
