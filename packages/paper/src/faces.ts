import courier from "#courier-metrics";
import pdfMake from "pdfmake";
import robotoFiles from "pdfmake/build/vfs_fonts.js";

import { readCharacterMap } from "./characterMap.ts";
import { codePointText, visibleText } from "./visibleText.ts";

declare module "pdfmake" {
  /** The library's own store of files in memory: in both of its builds, in its types in none. */
  export const virtualfs: {
    writeFileSync(name: string, content: string, encoding: "base64" | "utf8"): void;
    readFileSync(name: string): Uint8Array;
  };
}

/** The family of text, carried in the program and embedded in each document. */
const TEXT = {
  normal: "Roboto-Regular.ttf",
  bold: "Roboto-Medium.ttf",
  italics: "Roboto-Italic.ttf",
  bolditalics: "Roboto-MediumItalic.ttf",
};
/** One of the fourteen faces that every PDF viewer brings. */
const MONO = {
  normal: "Courier",
  bold: "Courier-Bold",
  italics: "Courier-Oblique",
  bolditalics: "Courier-BoldOblique",
};
/** What Courier's encoding has beside ASCII and Latin-1 (PDF 32000-1 annex D, WinAnsiEncoding). */
const winAnsi = new Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ");

type Face = "Text" | "Mono";

/** Text that one face can show. */
export interface FaceRun {
  readonly text: string;
  readonly face: Face;
}

let textCodes: ReadonlySet<number> | undefined;

/** Gives the library its faces as bytes, once, and shuts its ways to the network and the file system. */
function loadFaces(): ReadonlySet<number> {
  const names = Object.values(TEXT);
  for (const name of names)
    pdfMake.virtualfs.writeFileSync(name, robotoFiles[name] ?? "", "base64");
  // Read by the build for browsers; Node's reads the metrics of its own package.
  for (const [name, { data, encoding }] of Object.entries(courier.vfs))
    pdfMake.virtualfs.writeFileSync(name, data, encoding);
  pdfMake.setFonts({ Text: TEXT, Mono: MONO });
  const standard = new Set(Object.values(MONO));
  pdfMake.setUrlAccessPolicy(() => false);
  // The browser's build has no files, and no such policy.
  if ("setLocalAccessPolicy" in pdfMake) pdfMake.setLocalAccessPolicy((name) => standard.has(name));
  const [first, ...rest] = names.map((name) =>
    readCharacterMap(pdfMake.virtualfs.readFileSync(name)),
  );
  return new Set([...(first ?? [])].filter((code) => rest.every((other) => other.has(code))));
}

/** The library with its faces. */
export function loadedPdfMake(): typeof pdfMake {
  textCodes ??= loadFaces();
  return pdfMake;
}

function isInMono(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  const isLatin = (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff);
  return isLatin || winAnsi.has(character);
}

function isInText(character: string): boolean {
  textCodes ??= loadFaces();
  return textCodes.has(character.codePointAt(0) ?? 0);
}

/** What stands for a character that no face has; a space of a width that they lack is still a space. */
function missing(character: string): string {
  return /\p{Zs}/u.test(character) ? " " : codePointText(character);
}

function placed(character: string, face: Face): FaceRun {
  const isHere = character === "\n" || (face === "Mono" ? isInMono : isInText)(character);
  if (isHere) return { text: character, face };
  return isInText(character)
    ? { text: character, face: "Text" }
    : { text: missing(character), face };
}

/** The text in runs of one face each; what neither face has stands as its code point, never as nothing. */
export function faceRuns(text: string, face: Face): FaceRun[] {
  const runs: FaceRun[] = [];
  for (const character of visibleText(text)) {
    const run = placed(character, face);
    const last = runs.at(-1);
    if (last?.face === run.face) runs[runs.length - 1] = { ...last, text: last.text + run.text };
    else runs.push(run);
  }
  return runs;
}
