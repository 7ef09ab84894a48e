const given = new Set(
  (
    "aino aleksi aleksanteri anna anne anneli annika antti antero ari arto eero eeva eino elina elisabet emilia emma erik erkki eva fredrik hanna hannu heidi heikki helena henna henri ilmari " +
    "inkeri irma jaana jaakko jani jari jarmo johanna jonna jorma jouko juha juhani jukka juho jussi kaarina kaisa kari karin kari kati katja katri kirsi kristiina kristina lars laura leena liisa " +
    "maarit maria marika marja marjatta marjo marko markku markus martti matias matti mia mika mikael mikko minna mira mirja niina niko nina olavi olli outi paavo pasi paula pekka pentti petra " +
    "petri petteri pia pirjo pirkko raija raimo reijo riikka riitta risto ritva saara saija sami samuel sanna sara sari satu seija seppo simo sini sirpa sofia susanna suvi tapani tapio tarja " +
    "teemu tero terttu tiina timo tommi toni tuija tuomas tuula tuulia tytti ulla urpo valtteri veera veikko vesa ville virpi " +
    "anders astrid axel birgitta bo britta carl christina elsa gunnar gustav hans ingrid johan karl kerstin lena lennart magnus margareta mats nils olof oskar per peter stefan sven ulf"
  ).split(" "),
);

const endings = ["nen", "a", "ä", "o", "i", "e", "u", "y"];

/** Letters by which the list is looked up. */
const PREFIX = 3;

function fold(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

function words(text: string): string[] {
  return fold(text).match(/\p{L}+/gu) ?? [];
}

/** What of a name stays when it is inflected: `Virtanen`, `Virtasen`. */
function stem(name: string): string {
  const ending = endings
    .map(fold)
    .find((one) => name.endsWith(one) && name.length - one.length >= 3);
  return ending === undefined ? name : name.slice(0, name.length - ending.length);
}

function isForm(word: string, name: string): boolean {
  const root = stem(name);
  return word === name || (word.startsWith(root) && word.length <= name.length + 5);
}

/** Whether a text holds a protected name: made once for a list, which may be of every patient there was. */
export type NameFinder = (text: string) => boolean;

/** Looks for names whose parts stand close together, in any order, inflected or not. */
export function nameFinder(names: readonly string[]): NameFinder {
  const partsByPrefix = new Map<string, (readonly string[])[]>();
  for (const name of new Set(names)) {
    const parts = words(name);
    // Whatever stands near, the longest part must.
    const key = parts.toSorted((one, other) => other.length - one.length)[0];
    if (key === undefined) continue;
    const prefix = stem(key).slice(0, PREFIX);
    const ordered = [key, ...parts.filter((part) => part !== key)];
    const known = partsByPrefix.get(prefix) ?? [];
    known.push(ordered);
    partsByPrefix.set(prefix, known);
  }
  const candidates = (word: string): (readonly string[])[] =>
    Array.from(
      { length: PREFIX },
      (_, at) => partsByPrefix.get(word.slice(0, at + 1)) ?? [],
    ).flat();
  return (text) => {
    const said = words(text);
    return said.some((word, at) =>
      candidates(word).some(([key = "", ...others]) => {
        const near = said.slice(Math.max(0, at - others.length - 1), at + others.length + 2);
        return isForm(word, key) && others.every((part) => near.some((one) => isForm(one, part)));
      }),
    );
  };
}

const pair =
  /(?<first>\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?)\s+(?:\p{Lu}\.\s+)?(?<last>(?:von|af|de)?\s?\p{Lu}\p{L}*\p{Ll}[\p{L}-]*)/gu;

/** Whether a text seems to name a person (a common Finnish or Swedish given name with a surname) who is not among `known`. */
export function hasStrangersName(text: string, known: readonly string[]): boolean {
  const knownWords = known.map(words);
  return [...text.normalize("NFC").matchAll(pair)].some(({ groups = {} }) => {
    const first = fold(groups["first"] ?? "");
    const last = fold(groups["last"] ?? "");
    if (!first.split("-").some((part) => given.has(part))) return false;
    const named = words(`${first} ${last}`);
    return !knownWords.some((parts) =>
      named.every((word) => parts.some((part) => isForm(word, part))),
    );
  });
}
