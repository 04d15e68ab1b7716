import { Box, Group, Image, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Band, ExamDetail, PatientDetail } from "~/api/types";
import { imagesOf } from "~/pages/case/images";
import { BandBadge, StageBadge, StateBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Empty } from "~/ui/states";

const BANDS: readonly Band[] = ["HF", "LF"];

/** Every exam, newest first: a picture of each band, what pathology, the model and the report say. */
export function Timeline({ patient }: { patient: PatientDetail }) {
  const { t } = useTranslation();
  return (
    <Paper component="section" aria-labelledby="patient-exams" data-testid="timeline">
      <Title order={2} id="patient-exams" mb="sm">
        {t("patient.exams")}
      </Title>
      {patient.exams.length ? null : <Empty title={t("records.noExams")}>{t("records.noExamsText")}</Empty>}
      <Stack component="ol" gap="md" p={0} m={0} style={{ listStyle: "none" }}>
        {patient.exams.map((exam) => (
          <Exam key={exam.id} exam={exam} />
        ))}
      </Stack>
    </Paper>
  );
}

function Exam({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { latest_staging: staging, report } = exam;
  return (
    <Group
      component="li"
      gap="md"
      align="flex-start"
      wrap="nowrap"
      data-exam={exam.id}
      style={{ borderInlineStart: "3px solid var(--mantine-color-liver-5)", paddingInlineStart: 12 }}
    >
      <Group gap="xs" wrap="nowrap">
        {BANDS.map((band) => (
          <Thumbnail key={band} exam={exam} band={band} />
        ))}
      </Group>
      <Stack gap={4} style={{ minWidth: 0 }}>
        <LinkTo to="/cases/$examId" params={{ examId: exam.id }} fw={600}>
          {exam.exam_date ? format.date(exam.exam_date) : t("earlier.undated")}
        </LinkTo>
        <Fact name={t("worklist.column.pathology")}>
          {exam.pathology_stage === null ? <Text size="sm">{t("pathology.none")}</Text> : <StageBadge stage={exam.pathology_stage} />}
        </Fact>
        <Fact name={t("worklist.column.model")}>
          {staging?.stage ? (
            <>
              <StageBadge stage={staging.stage} />
              <Text size="sm" c="dimmed">
                {format.percent(staging.probabilities?.[staging.stage])} · {staging.model_name}
              </Text>
            </>
          ) : staging ? (
            <StateBadge state={staging.state} />
          ) : (
            <Text size="sm">{t("worklist.notStaged")}</Text>
          )}
        </Fact>
        <Fact name={t("worklist.column.report")}>
          {report ? (
            <>
              {report.decision === "cannot-be-staged" ? null : <StageBadge stage={report.stage} />}
              <Text size="sm" c="dimmed">
                {t(`worklist.says.${report.decision}`)} · {t("records.signed", { who: report.signed_by, when: format.date(report.signed_at) })}
              </Text>
            </>
          ) : (
            <Text size="sm">{t("records.noReport")}</Text>
          )}
        </Fact>
      </Stack>
    </Group>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w={72} flex="none">
        {name}
      </Text>
      <Group gap="0 6px">{children}</Group>
    </Group>
  );
}

/** The first picture of a band, or that there is none. */
function Thumbnail({ exam, band }: { exam: ExamDetail; band: Band }) {
  const { t } = useTranslation();
  const [image] = imagesOf(exam, band);
  return (
    <Stack gap={3} align="center">
      <Box w={104} h={84} bg="#000" style={{ borderRadius: 4, overflow: "hidden" }}>
        {image ? (
          <Image
            src={`/api/v1/images/${image.id}/frames/${String(image.analysis_frames[0] ?? 0)}/rendered/`}
            alt={t("records.thumbnail", { band })}
            w={104}
            h={84}
            fit="contain"
            loading="lazy"
          />
        ) : (
          <Text size="xs" ta="center" pt={32} c="#c5ced4">
            {t("records.noBand", { band })}
          </Text>
        )}
      </Box>
      <BandBadge band={band} />
    </Stack>
  );
}
