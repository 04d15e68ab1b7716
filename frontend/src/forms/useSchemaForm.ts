import { useMemo, useState } from "react";
import { ApiProblem } from "~/api/problem";
import type { JsonSchema } from "~/api/types";
import { applicable, defaultsOf, errorsOf, fieldsOf, followed, merged, type Values } from "./schema";

/** The messages of a refused request by path; those of the form's own fields without the request's `prefix`. */
export function refusedFields(error: unknown, prefix: string): Record<string, string[]> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    Object.entries(error.errors).map(([path, messages]) => [
      path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : path,
      messages,
    ]),
  );
}

/** A schema's fields with the values that they hold, what is wrong with them, and what would be sent. */
export function useSchemaForm(schema: JsonSchema, start: Values = {}) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const defaults = useMemo(() => defaultsOf(schema), [schema]);
  const [values, setValues] = useState<Values>(() => merged(defaults, start));
  const sent = useMemo(() => applicable(fields, values), [fields, values]);
  const errors = useMemo(() => errorsOf(fields, sent), [fields, sent]);
  return {
    fields,
    values,
    errors,
    /** What a request takes: settings that do not apply have the value that says so. */
    sent,
    /** Values as a person changed them; defaults that depend on others follow. */
    change: (next: Values) => {
      setValues(followed(fields, values, next));
    },
    /** Every field at its default, with these laid on. */
    reset: (over: Values) => {
      setValues(merged(defaults, over));
    },
    defaults,
  };
}
