import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { type WorklistSearch, worklistQuery } from "~/pages/search";
import { LinkTo } from "~/ui/links";
import { StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";

/** The newest pairs that no model has staged yet. */
export function WaitingForStaging() {
  return <Waiting list="waiting" search={{ staged: "no", pair: "yes" }} />;
}

/** The newest answers of a model that nobody has signed. */
export function WaitingForReview() {
  return <Waiting list="review" search={{ review: "waiting" }} />;
}

function Waiting({ list, search }: { list: "waiting" | "review"; search: WorklistSearch }) {
  const { t } = useTranslation();
  const format = useFormats();
  const exams = useQuery(queries.exams({ ...worklistQuery(search), page_size: 6 }));
  return (
    <Paper component="section" h="100%" data-testid={`home-${list}`}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t(`home.${list}.title`)}</Title>
        <LinkTo to="/worklist" search={search} size="sm">
          {t(`home.${list}.all`)}
        </LinkTo>
      </Group>
      {exams.isPending ? <Loading rows={4} height={22} /> : null}
      {exams.error ? <Failed error={exams.error} compact retry={() => void exams.refetch()} /> : null}
      {exams.data?.results.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t(`home.${list}.none`)}
        </Text>
      ) : null}
      <Stack gap={6}>
        {exams.data?.results.map((exam) => (
          <Group key={exam.id} justify="space-between" wrap="nowrap">
            <LinkTo to="/cases/$examId" params={{ examId: exam.id }} size="sm">
              {exam.patient.pseudonym}
            </LinkTo>
            <Group gap="sm" wrap="nowrap">
              <Text size="sm" c="dimmed">
                {t("home.waiting.images", { count: exam.image_count })} · {format.date(exam.exam_date)}
              </Text>
              {exam.latest_staging?.stage ? <StageBadge stage={exam.latest_staging.stage} /> : null}
            </Group>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
