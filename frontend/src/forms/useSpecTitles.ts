import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import { lookUp } from "~/i18n";
import { type Field, fieldsOf } from "./schema";

function titlesOf(fields: readonly Field[], into: Map<string, string>): Map<string, string> {
  for (const field of fields) {
    into.set(field.path, field.title);
    if (field.kind === "group") titlesOf(field.fields, into);
  }
  return into;
}

/** `transfer.first` as "Transfer › First transfer", in the words of the specification's own schema. */
export function useSpecTitles(): (path: string) => string {
  const { i18n } = useTranslation();
  const can = useCan();
  const { data } = useQuery({ ...queries.specSchema(), enabled: can("runs.form") });
  return useMemo(() => {
    void i18n.language; // the words change with it
    const titles = data ? titlesOf(fieldsOf(data.schema), new Map()) : new Map<string, string>();
    return (path: string) => {
      const parts = path.split(".");
      return parts
        .map((part, index) => {
          const upTo = parts.slice(0, index + 1).join(".");
          return lookUp(`server.spec.${upTo}.title`) ?? titles.get(upTo) ?? part;
        })
        .join(" › ");
    };
  }, [data, i18n.language]);
}
