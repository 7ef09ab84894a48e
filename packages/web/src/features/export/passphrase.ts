/** Without letters that are taken for one another when they are read aloud. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 5;
const GROUP_LETTERS = 5;

/** A passphrase of 125 random bits, in groups that can be read over the phone. */
export function makePassphrase(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_LETTERS));
  const letters = Array.from(bytes, (byte) => LETTERS.charAt(byte & 31));
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LETTERS, (group + 1) * GROUP_LETTERS).join(""),
  ).join("-");
}
