import { Badge, Box, Collapse, Group, Paper, SimpleGrid, Stack, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconCheck, IconChevronDown, IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import { queries } from "~/api/queries";
import type { AuditFinding } from "~/api/types";
import { lookUp } from "~/i18n";
import { type Formats, useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";
import { StageTable } from "./StageTable";

const SIGNS = {
  fine: { icon: IconCheck, color: "green" },
  notice: { icon: IconEye, color: "yellow" },
  warning: { icon: IconAlertTriangle, color: "red" },
} as const;

/** The report that was written when the version was frozen, the gravest finding first. */
export function IntakeAudit({ dataset }: { dataset: string }) {
  const { t } = useTranslation();
  const report = useQuery(queries.datasetAudit(dataset));
  const missing = report.error instanceof ApiProblem && report.error.code === "dataset-audit-missing";
  return (
    <Paper data-testid="intake-audit">
      <Title order={2} mb={4}>
        {t("intakeAudit.title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {missing ? t("intakeAudit.none") : t("intakeAudit.lead")}
      </Text>
      {report.error && !missing ? <Failed error={report.error} retry={() => void report.refetch()} /> : null}
      {report.isPending ? <Loading rows={3} /> : null}
      <Stack gap="xs">
        {report.data?.findings.map((finding) => (
          <Finding key={finding.code + finding.subject} finding={finding} />
        ))}
      </Stack>
    </Paper>
  );
}

function Finding({ finding }: { finding: AuditFinding }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [open, { toggle }] = useDisclosure(finding.severity === "warning");
  const { icon: Icon, color } = SIGNS[finding.severity];
  const subject = lookUp(`intakeAudit.subject.${finding.subject}`) ?? finding.subject;
  const values = Object.entries(finding.table);
  const detail = finding.examples.length > 0 || values.length > 1;
  const head = (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Box>
        <Text size="sm" fw={600}>
          {lookUp(`intakeAudit.question.${finding.code}`, { subject }) ?? finding.code}
        </Text>
        <Text size="sm">{answer(finding, format)}</Text>
        {finding.severity !== "fine" ? (
          <Text size="xs" c="dimmed">
            {lookUp(`intakeAudit.remedy.${finding.code}`, { subject }) ?? finding.remedy}
          </Text>
        ) : null}
      </Box>
      <Group gap="xs" wrap="nowrap">
        <Badge
          variant="default"
          tt="none"
          leftSection={<Icon size={13} color={`var(--mantine-color-${color}-6)`} aria-hidden />}
          data-severity={finding.severity}
        >
          {t(`intakeAudit.severity.${finding.severity}`)}
        </Badge>
        {detail ? <IconChevronDown size={16} aria-hidden style={{ rotate: open ? "180deg" : "0deg" }} /> : null}
      </Group>
    </Group>
  );
  return (
    <Paper p="xs" data-finding={finding.code}>
      {detail ? (
        <UnstyledButton w="100%" onClick={toggle} aria-expanded={open}>
          {head}
        </UnstyledButton>
      ) : (
        head
      )}
      {detail ? (
        <Collapse expanded={open}>
          {values.length > 1 ? (
            <StageTable
              caption={t("intakeAudit.counts", { subject })}
              first={subject}
              rows={values.map(([name, counts]) => ({ name, counts }))}
            />
          ) : null}
          <Examples finding={finding} />
        </Collapse>
      ) : null}
    </Paper>
  );
}

/** The answer in words and numbers; codes are the server's, so the words are looked up. */
function answer(finding: AuditFinding, format: Formats): string {
  const say = (key: string, options: Record<string, unknown> = {}) => lookUp(`intakeAudit.${key}`, options) ?? key;
  if (finding.code === "exact-duplicates" || finding.code === "near-duplicates") {
    return finding.count ? say("answer.pairs", { count: finding.count }) : say("answer.none");
  }
  if (finding.effect === null) return say("answer.same");
  const share = finding.code === "labels-follow-order";
  const figure = (value: number) => (share ? format.percent(value) : format.decimal(value));
  const parts = [say("measure", { measure: say(`answer.${finding.code}`), effect: figure(finding.effect) })];
  if (share && finding.expected !== null) parts.push(say("byChance", { expected: figure(finding.expected) }));
  if (finding.p !== null) parts.push(say("p", { p: finding.p < 0.001 ? "< 0.001" : finding.p.toFixed(3) }));
  return parts.join(", ");
}

/** The two pictures of a pair beside each other, as the networks see them. */
function Examples({ finding }: { finding: AuditFinding }) {
  const { t } = useTranslation();
  if (!finding.examples.length) return null;
  return (
    <Table mt="xs">
      <Table.Tbody>
        {finding.examples.map((example) => (
          <Table.Tr key={example.images.join()}>
            <Table.Td>
              <SimpleGrid cols={2} maw={340} spacing="xs">
                {example.images.map((image, index) => {
                  const [id, frame = "0"] = image.split("#");
                  const part = example.parts[index] as "train" | "validation" | "test";
                  const label = t("intakeAudit.picture", {
                    patient: example.patients[index],
                    part: t(`datasets.split.${part}`),
                  });
                  return (
                    <Box key={image}>
                      <img
                        src={`/api/v1/images/${id}/frames/${frame}/network-input/`}
                        alt={label}
                        width={150}
                        height={150}
                        loading="lazy"
                      />
                      <Text size="xs">{label}</Text>
                    </Box>
                  );
                })}
              </SimpleGrid>
              <Text size="xs" c="dimmed">
                {t("intakeAudit.same", { correlation: example.correlation.toFixed(2) })}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
