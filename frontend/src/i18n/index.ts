/** Two languages, one shape: the type of the English dictionary is the type of the other. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";
import { zh } from "./zh";
import { sentences } from "./zh/sentences";

export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "zh-hans", name: "简体中文" },
] as const;
export type LanguageCode = (typeof LANGUAGES)[number]["code"];

const REMEMBERED = "hepastage.language";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

export function knownLanguage(wish: string | null | undefined): LanguageCode | null {
  const lower = (wish ?? "").toLowerCase();
  if (lower.startsWith("zh")) return "zh-hans";
  if (lower.startsWith("en")) return "en";
  return null;
}

function firstLanguage(): LanguageCode {
  return knownLanguage(localStorage.getItem(REMEMBERED)) ?? knownLanguage(navigator.language) ?? "en";
}

/** What `lang` and Intl want: BCP 47. */
function bcp47(code: LanguageCode): string {
  return code === "zh-hans" ? "zh-Hans" : "en";
}

export async function switchLanguage(code: LanguageCode): Promise<void> {
  localStorage.setItem(REMEMBERED, code);
  document.documentElement.lang = bcp47(code);
  await i18next.changeLanguage(bcp47(code));
}

export function currentLanguage(): LanguageCode {
  return knownLanguage(i18next.language) ?? "en";
}

export async function startTranslation(): Promise<void> {
  const code = firstLanguage();
  document.documentElement.lang = bcp47(code);
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, "zh-Hans": { translation: zh } },
    lng: bcp47(code),
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

type Sentences = typeof sentences;
type Patterns = { pattern: RegExp; names: string[]; chinese: string }[];

function patternsOf(known: Sentences): Patterns {
  return known.map(([english, chinese]) => {
    const names = [...english.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const literal = english.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return { pattern: new RegExp(`^${literal.join("(.+)")}$`), names, chinese };
  });
}

const composed = patternsOf(sentences);

/** A function that says an English text in the reader's language, where these sentences know it. */
export function sayer(known: Sentences): (text: string) => string {
  const patterns = patternsOf(known);
  return (text) => said(text, patterns);
}

/** A sentence that the server composed in English, in the reader's language where the dictionary knows it. */
export function spoken(text: string): string {
  return said(text, composed);
}

function said(text: string, patterns: Patterns): string {
  if (currentLanguage() === "en") return text;
  for (const { pattern, names, chinese } of patterns) {
    const found = pattern.exec(text);
    if (found) return names.reduce((words, name, index) => words.replace(`{${name}}`, found[index + 1] ?? ""), chinese);
  }
  return text;
}

/** Text for a key made at run time (an error code, a metric name), or null where the dictionary has none. */
export function lookUp(key: string, options: Record<string, unknown> = {}): string | null {
  if (!i18next.exists(key)) return null;
  return (i18next.t as (key: string, options: Record<string, unknown>) => string)(key, options);
}
