import { Table, Text } from "@mantine/core";
import { lookUp } from "~/i18n";
import { NOTHING } from "~/ui/formats";

function leaves(value: unknown, path: string): [string, unknown][] {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path ? `${path}.${name}` : name));
  }
  return [[path, value]];
}

export function plainValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** The value of a setting of a specification: a choice and a switch in the words of the form that sets them. */
export function settingInWords(path: string, value: unknown): string {
  if (typeof value === "boolean") return lookUp(`people.${value ? "yes" : "no"}`) ?? String(value);
  const words = typeof value === "string" ? lookUp(`spec.${path}.options.${value}`) : null;
  return words ?? plainValue(value);
}

interface ParametersProps {
  title: string;
  values: object;
  /** Words for the paths of a specification; without them path and value stand as they are. */
  nameOf?: (path: string) => string;
}

/** Nested values as a flat table of paths. */
export function Parameters({ title, values, nameOf }: ParametersProps) {
  return (
    <Table verticalSpacing={3} aria-label={title} layout="fixed">
      <Table.Tbody>
        {leaves(values, "").map(([path, value]) => (
          <Table.Tr key={path}>
            <Table.Td w="38%">
              <Text size="sm" c="dimmed">
                {nameOf ? nameOf(path) : path}
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: "anywhere" }}>
              <Text size="sm" ff="monospace">
                {nameOf ? settingInWords(path, value) : plainValue(value)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
