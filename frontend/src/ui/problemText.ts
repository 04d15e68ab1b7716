/** An error as a person reads it: what happened, what to do, and the code to quote when asking for help. */
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import type { Failure } from "~/api/types";
import { currentLanguage, lookUp } from "~/i18n";

export interface ProblemText {
  code: string;
  message: string;
  remedy: string;
  /** What the server said in English, with its particulars, where `message` is the sentence of the code. */
  original: string;
}

/** English is what the server wrote, with its particulars; other languages have the sentence of the code. */
export function textOf(failure: { code: string; message: string; remedy: string }): ProblemText {
  const english = currentLanguage() === "en";
  const own = (part: "message" | "remedy") =>
    lookUp(`server.problems.${failure.code}.${part}`) ?? lookUp(`problems.${failure.code}.${part}`);
  const pick = (part: "message" | "remedy") =>
    english ? failure[part] || own(part) || "" : (own(part) ?? failure[part]);
  return {
    code: failure.code,
    message: pick("message") || lookUp("problems.unexpected.message") || failure.code,
    remedy: pick("remedy"),
    original: !english && own("message") !== null ? failure.message : "",
  };
}

export function useProblemText(): (error: unknown) => ProblemText {
  useTranslation(); // read again when the language changes
  return (error) => {
    if (error instanceof ApiProblem) return textOf({ code: error.code, message: error.message, remedy: error.remedy });
    return textOf({ code: "unexpected", message: "", remedy: "" });
  };
}

export function useFailureText(): (failure: Failure) => ProblemText {
  useTranslation();
  return textOf;
}
