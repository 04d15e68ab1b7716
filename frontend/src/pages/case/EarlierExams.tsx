import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { ExamDetail } from "~/api/types";
import { BandBadge, StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Failed } from "~/ui/states";

/** The patient's other examinations, newest first, each with what was said of it. Shifted dates keep their distances. */
export function EarlierExams({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const patient = useQuery(queries.patient(exam.patient.id));
  if (patient.error) return <Failed error={patient.error} compact retry={() => void patient.refetch()} />;
  const others = (patient.data?.exams ?? []).filter((one) => one.id !== exam.id);
  if (!others.length) return null;
  return (
    <Paper component="section" aria-labelledby="earlier-title" data-testid="earlier-exams">
      <Stack gap="xs">
        <Title order={2} id="earlier-title">
          {t("earlier.title")}
        </Title>
        {others.map((one) => (
          <Group key={one.id} justify="space-between" gap="xs" wrap="nowrap">
            <Group gap="xs">
              <LinkTo to="/cases/$examId" params={{ examId: one.id }} size="sm">
                {one.exam_date ? format.date(one.exam_date) : t("earlier.undated")}
              </LinkTo>
              {one.bands.map((band) => (
                <BandBadge key={band} band={band} />
              ))}
            </Group>
            {one.report ? (
              <Text size="sm" component="div">
                {t("earlier.signed")} <StageBadge stage={one.report.stage} />
              </Text>
            ) : one.latest_staging?.stage ? (
              <Text size="sm" component="div">
                {t("earlier.model")} <StageBadge stage={one.latest_staging.stage} />
              </Text>
            ) : (
              <Text size="sm" c="dimmed">
                {t("worklist.notStaged")}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
