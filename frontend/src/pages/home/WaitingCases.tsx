import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { LinkTo } from "~/ui/links";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";

/** The newest pairs that no model has staged yet. */
export function WaitingCases() {
  const { t } = useTranslation();
  const format = useFormats();
  const exams = useQuery(queries.exams({ staged: "no", has_pair: "yes", page_size: 6 }));
  return (
    <Paper component="section" h="100%">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("home.waiting.title")}</Title>
        <LinkTo to="/worklist" search={{ staged: "no", pair: "yes" }} size="sm">
          {t("home.waiting.all")}
        </LinkTo>
      </Group>
      {exams.isPending ? <Loading rows={4} height={22} /> : null}
      {exams.error ? <Failed error={exams.error} compact retry={() => void exams.refetch()} /> : null}
      {exams.data?.results.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("home.waiting.none")}
        </Text>
      ) : null}
      <Stack gap={6}>
        {exams.data?.results.map((exam) => (
          <Group key={exam.id} justify="space-between" wrap="nowrap">
            <LinkTo to="/cases/$examId" params={{ examId: exam.id }} size="sm">
              {exam.patient.pseudonym}
            </LinkTo>
            <Text size="sm" c="dimmed">
              {t("home.waiting.images", { count: exam.image_count })} · {format.date(exam.exam_date)}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
