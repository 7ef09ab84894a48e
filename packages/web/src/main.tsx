// The policy stands before the first line that could need it: a bundler orders what is imported side by side as it likes.
import "./trustedTypes.ts";

const { begin } = await import("./begin.tsx");
await begin();
