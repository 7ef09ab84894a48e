/** Characters that show nothing, or that turn the order of what is shown: controls, bidi marks, joiners, soft hyphens. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029]/u;

/** How a character is printed that no face can show: `[U+4E00]`. */
export function codePointText(character: string): string {
  const number = character.codePointAt(0) ?? 0;
  return `[U+${number.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** Text whose every character is seen: line ends become `\n`, tabs a space, and what shows nothing its code point. */
export function visibleText(text: string): string {
  const plain = text
    .normalize("NFC")
    .replaceAll(/\r\n?|\u2028|\u2029|\u0085/gu, "\n")
    .replaceAll("\t", " ");
  return Array.from(plain, (character) =>
    character !== "\n" && unseen.test(character) ? codePointText(character) : character,
  ).join("");
}
