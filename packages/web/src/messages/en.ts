/** The English words behind the door, one catalogue a screen, named after its file. */
const files = import.meta.glob<Record<string, unknown>>(
  ["./en/*.json", "!./en/{app,door,faults}.json"],
  { eager: true, import: "default" },
);

export const catalogue = Object.fromEntries(
  Object.entries(files).map(([path, words]) => [
    path.slice("./en/".length, -".json".length),
    words,
  ]),
);
