import { Table, Text } from "@mantine/core";
import { lookUp } from "~/i18n";
import { NOTHING } from "~/ui/formats";

function leaves(value: unknown, path: string): [string, unknown][] {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path ? `${path}.${name}` : name));
  }
  return [[path, value]];
}

/** A path in words: `transfer.first` as "Transfer › First transfer" where the dictionary knows its parts. */
export function parameterName(path: string, dictionary = "spec"): string {
  const parts = path.split(".");
  return parts
    .map((part, index) => lookUp(`${dictionary}.${parts.slice(0, index + 1).join(".")}.title`) ?? part)
    .join(" › ");
}

export function plainValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

export function Parameters({ title, values, dictionary }: { title: string; values: object; dictionary: string }) {
  return (
    <Table verticalSpacing={3} aria-label={title} layout="fixed">
      <Table.Tbody>
        {leaves(values, "").map(([path, value]) => (
          <Table.Tr key={path}>
            <Table.Td w="38%">
              <Text size="sm" c="dimmed">
                {parameterName(path, dictionary)}
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
