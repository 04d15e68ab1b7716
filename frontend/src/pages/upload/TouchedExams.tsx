import { Button, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useCan } from "~/api/session";
import type { TouchedExam } from "~/api/types";
import { BandBadge } from "~/ui/badges";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Failed } from "~/ui/states";

const SHOWN = 50;

/** The exams that this upload added to: open one, or stage it at once. */
export function TouchedExams({ exams }: { exams: readonly TouchedExam[] }) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const stage = useMutation({
    mutationFn: (exam: TouchedExam) =>
      api.startStaging({ exam: exam.exam_id }),
    onSuccess: (_staging, exam) => {
      void navigate({ to: "/cases/$examId", params: { examId: exam.exam_id } });
    },
  });
  if (!exams.length) return null;
  return (
    <Paper component="section" data-testid="touched-exams">
      <Title order={2} mb="xs">
        {t("upload.exams.title")}
      </Title>
      <Stack gap="sm">
        {stage.error ? <Failed error={stage.error} compact /> : null}
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("common.patient")}</Table.Th>
              <Table.Th>{t("upload.exams.bands")}</Table.Th>
              <Table.Th>{t("upload.exams.pair")}</Table.Th>
              <Table.Th ta="right">{t("common.action")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {exams.slice(0, SHOWN).map((exam) => (
              <Table.Tr key={exam.exam_id} data-exam={exam.exam_id}>
                <Table.Td>
                  <LinkTo to="/cases/$examId" params={{ examId: exam.exam_id }}>
                    {exam.patient}
                  </LinkTo>
                </Table.Td>
                <Table.Td>
                  <Group gap={4}>
                    {exam.bands.map((band) => (
                      <BandBadge key={band} band={band} />
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{exam.pair_id ? t("upload.exams.paired") : t("upload.exams.notPaired")}</Text>
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" justify="flex-end">
                    <ButtonTo
                      size="xs"
                      variant="default"
                      to="/cases/$examId"
                      params={{ examId: exam.exam_id }}
                    >
                      {t("upload.exams.open")}
                    </ButtonTo>
                    {can("stagings.create") ? (
                      <Button
                        size="xs"
                        loading={stage.isPending && stage.variables.exam_id === exam.exam_id}
                        onClick={() => {
                          stage.mutate(exam);
                        }}
                      >
                        {t("case.stage")}
                      </Button>
                    ) : null}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {exams.length > SHOWN ? (
          <Text size="sm">
            {t("doors.moreExams", { count: exams.length - SHOWN })} <LinkTo to="/worklist">{t("shell.nav.worklist")}</LinkTo>
          </Text>
        ) : null}
      </Stack>
    </Paper>
  );
}
