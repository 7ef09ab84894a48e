/** The Finnish words behind the door, one catalogue a screen, named after its file. */
const files = import.meta.glob<Record<string, unknown>>(
  ["./fi/*.json", "!./fi/{app,door,faults}.json"],
  { eager: true, import: "default" },
);

export const catalogue = Object.fromEntries(
  Object.entries(files).map(([path, words]) => [
    path.slice("./fi/".length, -".json".length),
    words,
  ]),
);
