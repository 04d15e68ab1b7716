import { Fieldset, NumberInput, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { lookUp } from "~/i18n";
import { type Field, type FieldError, type GroupField, type Values, applicable, applies, valueAt, withValue } from "./schema";

type BoxOrder = ("label" | "input" | "description" | "error")[];

interface SchemaFormProps {
  fields: readonly Field[];
  values: Values;
  change: (values: Values) => void;
  /** What this browser found wrong, by path. */
  errors: Record<string, FieldError>;
  /** What the server found wrong, by path. */
  refused: Record<string, string[]>;
  /** Where the dictionary has the words of other languages (`server.spec.transfer.first.title`) and of options. */
  dictionary: string;
  columns?: Record<string, number>;
}

/** A form drawn from a schema: what the specification gains, the form has without a line of code. */
export function SchemaForm(props: SchemaFormProps) {
  const { columns = { base: 1, xs: 2, lg: 3 } } = props;
  const plain = props.fields.filter((field) => field.kind !== "group");
  const groups = props.fields.filter((field) => field.kind === "group");
  return (
    <>
      <SimpleGrid cols={columns} spacing="md" verticalSpacing="sm">
        {plain.map((field) => (
          <FieldInput key={field.path} {...props} field={field} />
        ))}
      </SimpleGrid>
      {groups.length ? (
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" mt="md">
          {groups.map((group) => (
            <Group key={group.path} {...props} group={group} />
          ))}
        </SimpleGrid>
      ) : null}
    </>
  );
}

function Group({ group, ...props }: SchemaFormProps & { group: GroupField }) {
  const words = useWords(props.dictionary, group);
  return (
    <Fieldset legend={words.title}>
      <SchemaForm {...props} fields={group.fields} columns={{ base: 1 }} />
    </Fieldset>
  );
}

function useWords(dictionary: string, field: Field): { title: string; description: string } {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const key = `server.${dictionary}.${field.path}`;
    void i18n.language; // the words change with it
    return {
      title: lookUp(`${key}.title`) ?? field.title,
      description: lookUp(`${key}.description`) ?? field.description,
    };
  }, [dictionary, field, i18n.language]);
}

function FieldInput({ field, values, change, errors, refused, dictionary }: SchemaFormProps & { field: Field }) {
  const { t } = useTranslation();
  const { title, description } = useWords(dictionary, field);
  const idle = !applies(field, values);
  const value = valueAt(idle ? applicable([field], values) : values, field.path);
  const wrong = errors[field.path];
  const error = wrong
    ? t(`form.rule.${wrong.rule}`, { limit: "limit" in wrong ? wrong.limit : "" })
    : refused[field.path]?.join(" ");
  const set = (next: unknown) => {
    change(withValue(values, field.path, next));
  };
  const common = { label: title, description, error, disabled: idle, "data-path": field.path };
  // The box right under its label, so that boxes of one row stand in one line.
  const boxed = { ...common, inputWrapperOrder: ["label", "input", "description", "error"] as BoxOrder };

  if (field.kind === "boolean") {
    return (
      <Switch
        {...common}
        checked={value === true}
        onChange={(event) => {
          set(event.currentTarget.checked);
        }}
      />
    );
  }
  if (field.kind === "choice") {
    return (
      <Select
        {...boxed}
        allowDeselect={false}
        data={field.options.map((option) => ({
          value: option,
          label: lookUp(`${dictionary}.${field.path}.options.${option}`) ?? option,
        }))}
        value={typeof value === "string" ? value : null}
        onChange={set}
      />
    );
  }
  if (field.kind === "number") {
    return (
      <NumberInput
        {...boxed}
        allowDecimal={!field.integer}
        decimalScale={field.integer ? 0 : 12}
        step={field.integer ? 1 : 0.0001}
        min={field.minimum ?? field.above}
        max={field.maximum ?? field.below}
        clampBehavior="none"
        value={typeof value === "number" ? value : ""}
        onChange={set}
      />
    );
  }
  return (
    <TextInput
      {...boxed}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => {
        set(event.currentTarget.value);
      }}
    />
  );
}
