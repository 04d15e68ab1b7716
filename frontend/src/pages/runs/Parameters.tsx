import { Table, Text } from "@mantine/core";
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

interface ParametersProps {
  title: string;
  values: object;
  /** Words for a path; without them the path stands as it is. */
  nameOf?: (path: string) => string;
}

/** Nested values as a flat table of paths. */
export function Parameters({ title, values, nameOf = (path) => path }: ParametersProps) {
  return (
    <Table verticalSpacing={3} aria-label={title} layout="fixed">
      <Table.Tbody>
        {leaves(values, "").map(([path, value]) => (
          <Table.Tr key={path}>
            <Table.Td w="38%">
              <Text size="sm" c="dimmed">
                {nameOf(path)}
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: "anywhere" }}>
              <Text size="sm" ff="monospace">
                {plainValue(value)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
