import app from "./en/app.json";
import door from "./en/door.json";
import faults from "./en/faults.json";

/** The English words that are needed before anything is unlocked. */
export const catalogue: Record<string, Record<string, unknown>> = { app, door, faults };
