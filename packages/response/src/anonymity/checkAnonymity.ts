import { fieldText, type Rejection } from "../facts/rejection.ts";
import { schemaWords } from "../facts/shapeRejections.ts";
import type { PlacedText, YamlDocument } from "../facts/yamlDocument.ts";
import { hasPhone, hasPrivateMail } from "./contacts.ts";
import { hasIdentityCode } from "./identityCodes.ts";
import { hasStrangersName, nameFinder, type NameFinder } from "./names.ts";
import { quotesAtLength, readsLikeNote } from "./noteText.ts";

interface World {
  readonly document: YamlDocument;
  readonly isProtected: NameFinder;
  readonly publicPersons: readonly string[];
}

interface Check {
  readonly problem: string;
  readonly expected: string;
  readonly finds: (placed: PlacedText, world: World) => boolean;
}

/** Each looks at one text; none repeats it. */
const checks: readonly Check[] = [
  {
    problem: "a personal identity code stands here",
    expected: "no identity codes",
    finds: ({ text }) => hasIdentityCode(text),
  },
  {
    problem: "a name stands here that must not occur",
    expected: "nobody of the list of protected names",
    finds: ({ text }, { isProtected }) => isProtected(text),
  },
  {
    problem: "somebody seems to be named here who is not among publicPersons",
    expected: "a role in place of the name, or a public person with a public source",
    finds: (placed, { publicPersons }) =>
      !isAddress(placed) && hasStrangersName(placed.text, publicPersons),
  },
  {
    problem: "an e-mail address of a person stands here",
    expected: "no addresses but those of an office",
    finds: ({ text }) => hasPrivateMail(text),
  },
  {
    problem: "a telephone number stands here",
    expected: "no telephone numbers",
    finds: (placed) => !isAddress(placed) && hasPhone(placed.text),
  },
  {
    problem: "this reads like the text of a clinical note",
    expected: "what happened, in own words, without what a record says",
    finds: ({ text }) => readsLikeNote(text),
  },
  {
    problem: "a long quotation stands here without a public source",
    expected: "at most 25 words in quotation marks, or a source that is public and has an address",
    finds: (placed, { document }) =>
      quotesAtLength(placed.text) && !hasPublicSource(placed, document.content),
  },
];

/** More than any field may hold; what is longer is not looked through, because that may take for ever. */
const MOST_CHARACTERS = 10_000;
const tooLong: Check = {
  problem: "the text is too long to be looked through",
  expected: `at most ${MOST_CHARACTERS} characters`,
  finds: () => true,
};

const isAddress = ({ path }: PlacedText): boolean => path.at(-1) === "url";

function child(node: unknown, step: PropertyKey | undefined): unknown {
  return typeof node === "object" && node !== null && step !== undefined
    ? (node as Record<PropertyKey, unknown>)[step]
    : undefined;
}

const listOf = (node: unknown): readonly unknown[] => (Array.isArray(node) ? node : []);

/** Names that the file itself declares public. */
function publicNames(content: unknown): string[] {
  return listOf(child(content, "publicPersons"))
    .map((person) => child(person, "name"))
    .filter((name) => typeof name === "string");
}

function hasPublicSource({ path }: PlacedText, content: unknown): boolean {
  const entry = child(child(content, path[0]), path[1]);
  const cited = listOf(child(entry, "sources")).map((one) =>
    typeof one === "string" ? one : child(one, "source"),
  );
  return listOf(child(content, "sources")).some(
    (source) =>
      cited.includes(child(source, "id")) &&
      child(source, "public") === true &&
      typeof child(source, "url") === "string",
  );
}

/** A key that the schema does not know may be what is looked for: it is not repeated. */
function safeField({ path }: PlacedText): string {
  const known = schemaWords();
  return fieldText(
    path.map((step) => (typeof step === "string" && !known.has(step) ? "(unknown key)" : step)),
  );
}

/** Everything in a file that could say who a patient is or what a record says, comments too; never with the text itself. */
export function checkAnonymity(document: YamlDocument, names: readonly string[]): Rejection[] {
  const publicPersons = publicNames(document.content);
  const world: World = { document, isProtected: nameFinder(names), publicPersons };
  return document.texts.flatMap((placed) =>
    (placed.text.length > MOST_CHARACTERS ? [tooLong] : checks)
      .filter(({ finds }) => finds(placed, world))
      .map(({ problem, expected }) => ({
        line: placed.line,
        field: safeField(placed),
        problem,
        expected,
      })),
  );
}
