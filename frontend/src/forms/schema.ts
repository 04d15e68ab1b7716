/**
 * A JSON Schema (as pydantic writes it) read as a form: fields with titles, limits and defaults, and what is wrong
 * with a set of values. Covers what a specification uses: numbers, booleans, choices, text and nested objects.
 */
import type { JsonSchema } from "~/api/types";

interface FieldBase {
  /** Dotted path inside the object, e.g. `transfer.first`. */
  path: string;
  title: string;
  description: string;
  /** Where the setting applies to some values of another one only, and what it is for the others. */
  onlyFor?: OnlyFor;
  /** Where its default depends on another setting. */
  defaultBy?: { setting: string; values: Record<string, unknown> };
}
/** `{ architecture: ["vgg"], otherwise: "none" }`: the other setting's path and its values. */
export type OnlyFor = { otherwise: unknown } & Record<string, unknown>;
export interface NumberField extends FieldBase {
  kind: "number";
  integer: boolean;
  minimum?: number;
  maximum?: number;
  above?: number;
  below?: number;
}
export interface ChoiceField extends FieldBase {
  kind: "choice";
  options: string[];
}
export interface PlainField extends FieldBase {
  kind: "boolean" | "text";
}
export interface GroupField extends FieldBase {
  kind: "group";
  fields: Field[];
}
export type Field = NumberField | ChoiceField | PlainField | GroupField;

export type Values = Record<string, unknown>;

export type FieldError =
  | { rule: "required" }
  | { rule: "integer" }
  | { rule: "choice" }
  | { rule: "minimum" | "maximum" | "above" | "below"; limit: number };

/** A schema with its `$ref` and single `allOf` replaced by what they point to; keywords beside them win. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref) {
    const { $ref, ...beside } = schema;
    const target = root.$defs?.[$ref.replace("#/$defs/", "")];
    if (!target) throw new Error(`schema reference not found: ${$ref}`);
    return resolved({ ...target, ...beside }, root);
  }
  if (schema.allOf?.length === 1 && schema.allOf[0]) {
    const { allOf, ...beside } = schema;
    return resolved({ ...allOf[0], ...beside }, root);
  }
  if (schema.anyOf) {
    const { anyOf, ...beside } = schema;
    const real = anyOf.find((option) => option.type !== "null");
    if (real) return resolved({ ...real, ...beside }, root);
  }
  return schema;
}

export function fieldsOf(schema: JsonSchema, root: JsonSchema = schema, prefix = ""): Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const own = resolved(property, root);
    const path = prefix ? `${prefix}.${name}` : name;
    const base = {
      path,
      onlyFor: property["x-only-for"],
      defaultBy: property["x-default-by"],
      title: own.title ?? name,
      description: property.description ?? (property.$ref ? "" : own.description) ?? "",
    };
    if (own.properties) return { ...base, kind: "group", fields: fieldsOf(own, root, path) };
    if (own.enum) return { ...base, kind: "choice", options: own.enum.map(String) };
    if (own.type === "boolean") return { ...base, kind: "boolean" };
    if (own.type === "integer" || own.type === "number") {
      return {
        ...base,
        kind: "number",
        integer: own.type === "integer",
        minimum: own.minimum,
        maximum: own.maximum,
        above: own.exclusiveMinimum,
        below: own.exclusiveMaximum,
      };
    }
    return { ...base, kind: "text" };
  });
}

/** The object that every field at its default makes. */
export function defaultsOf(schema: JsonSchema, root: JsonSchema = schema): Values {
  const values: Values = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const own = resolved(property, root);
    if (own.properties) values[name] = { ...defaultsOf(own, root), ...(own.default as Values | undefined) };
    else if (own.default !== undefined) values[name] = own.default;
  }
  return values;
}

/** `over` laid on `base`, object by object. */
export function merged(base: Values, over: Values): Values {
  const result: Values = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    result[name] = isObject(value) && isObject(below) ? merged(below, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function valueAt(values: Values, path: string): unknown {
  return path.split(".").reduce<unknown>((held, name) => (isObject(held) ? held[name] : undefined), values);
}

export function withValue(values: Values, path: string, value: unknown): Values {
  const [name = "", ...rest] = path.split(".");
  if (!rest.length) return { ...values, [name]: value };
  const inner = values[name];
  return { ...values, [name]: withValue(isObject(inner) ? inner : {}, rest.join("."), value) };
}

export function leavesOf(fields: readonly Field[]): Exclude<Field, GroupField>[] {
  return fields.flatMap((field) => (field.kind === "group" ? leavesOf(field.fields) : [field]));
}

/** Whether a setting means anything beside the others. */
export function applies(field: Field, values: Values): boolean {
  return Object.entries(field.onlyFor ?? {}).every(
    ([path, allowed]) => path === "otherwise" || (Array.isArray(allowed) && allowed.includes(valueAt(values, path))),
  );
}

/** The values as they are meant: settings that do not apply have the value that says so. */
export function applicable(fields: readonly Field[], values: Values): Values {
  return leavesOf(fields)
    .filter((field) => field.onlyFor && !applies(field, values))
    .reduce((result, field) => withValue(result, field.path, field.onlyFor?.otherwise), values);
}

/** `after`, where settings that stood at their default follow a change of what the default depends on. */
export function followed(fields: readonly Field[], before: Values, after: Values): Values {
  return leavesOf(fields).reduce((result, { path, defaultBy }) => {
    if (!defaultBy) return result;
    const [old, now] = [before, after].map((values) => defaultBy.values[String(valueAt(values, defaultBy.setting))]);
    return old !== now && now !== undefined && valueAt(result, path) === old ? withValue(result, path, now) : result;
  }, after);
}

function errorOf(field: Exclude<Field, GroupField>, value: unknown): FieldError | null {
  if (value === undefined || value === null || value === "") return { rule: "required" };
  if (field.kind === "choice") return field.options.includes(String(value)) ? null : { rule: "choice" };
  if (field.kind !== "number") return null;
  const number = Number(value);
  if (!Number.isFinite(number)) return { rule: "required" };
  if (field.integer && !Number.isInteger(number)) return { rule: "integer" };
  if (field.minimum !== undefined && number < field.minimum) return { rule: "minimum", limit: field.minimum };
  if (field.maximum !== undefined && number > field.maximum) return { rule: "maximum", limit: field.maximum };
  if (field.above !== undefined && number <= field.above) return { rule: "above", limit: field.above };
  if (field.below !== undefined && number >= field.below) return { rule: "below", limit: field.below };
  return null;
}

/** What is wrong, by path; empty when the values can be sent. */
export function errorsOf(fields: readonly Field[], values: Values): Record<string, FieldError> {
  const errors: Record<string, FieldError> = {};
  for (const field of leavesOf(fields)) {
    const error = errorOf(field, valueAt(values, field.path));
    if (error) errors[field.path] = error;
  }
  return errors;
}
