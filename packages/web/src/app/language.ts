import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["en", "fi"] as const;
export type Language = (typeof LANGUAGES)[number];

type Catalogue = Record<string, Record<string, unknown>>;

const KEPT = "sinetti-language";

const catalogues: Record<Language, () => Promise<{ catalogue: Catalogue }>> = {
  en: () => import("../messages/en.ts"),
  fi: () => import("../messages/fi.ts"),
};

const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((each) => each === text);

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isLanguage(kept)) return kept;
  const wanted = navigator.languages.map((each) => each.slice(0, 2)).find(isLanguage);
  return wanted ?? "en";
}

/** Shows everything in a language, and keeps the choice in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "app")) {
    const { catalogue } = await catalogues[language]();
    for (const [namespace, words] of Object.entries(catalogue))
      i18next.addResourceBundle(language, namespace, words);
  }
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

/** The language that is shown now. */
export const shownLanguage = (): Language =>
  isLanguage(i18next.language) ? i18next.language : "en";
