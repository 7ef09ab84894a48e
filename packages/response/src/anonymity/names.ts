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

/** Whether all parts of a protected name stand close together, in any order, inflected or not. */
export function hasProtectedName(text: string, names: readonly string[]): boolean {
  const said = words(text);
  return names.some((name) => {
    const parts = words(name);
    if (parts.length === 0) return false;
    const window = parts.length + 1;
    return said.some((_, at) => {
      const near = said.slice(at, at + window);
      return parts.every((part) => near.some((word) => isForm(word, part)));
    });
  });
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
