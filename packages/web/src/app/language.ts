import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["en", "fi"] as const;
export type Language = (typeof LANGUAGES)[number];

type Catalogue = Record<string, Record<string, unknown>>;

const KEPT = "sinetti-language";

type Loads = Record<Language, () => Promise<{ catalogue: Catalogue }>>;

const ofDoor: Loads = {
  en: () => import("../messages/enDoor.ts"),
  fi: () => import("../messages/fiDoor.ts"),
};
const ofScreens: Loads = {
  en: () => import("../messages/en.ts"),
  fi: () => import("../messages/fi.ts"),
};

/** What is shown so far: the door alone, or the screens behind it. */
const wanted: Loads[] = [ofDoor];
const loaded = new Set<() => Promise<unknown>>();

async function loadWords(language: Language): Promise<void> {
  const loads = wanted.map((each) => each[language]).filter((each) => !loaded.has(each));
  for (const [load, { catalogue }] of await Promise.all(
    loads.map(async (each) => [each, await each()] as const),
  )) {
    for (const [namespace, words] of Object.entries(catalogue))
      i18next.addResourceBundle(language, namespace, words);
    loaded.add(load);
  }
}

const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((each) => each === text);

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((each) => each.slice(0, 2)).find(isLanguage) ?? "en";
}

/** Shows everything in a language, and keeps the choice in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  await loadWords(language);
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** Loads the words of the first language. */
export async function beginLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "none",
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await changeLanguage(firstLanguage());
}

/** Loads the words of the screens behind the door too. */
export async function loadScreenWords(): Promise<void> {
  if (!wanted.includes(ofScreens)) wanted.push(ofScreens);
  await loadWords(shownLanguage());
}

/** The language that is shown now. */
export const shownLanguage = (): Language =>
  isLanguage(i18next.language) ? i18next.language : "en";
