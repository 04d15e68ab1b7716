import { Badge, Button, Code, Group, Menu, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { ExamDetail, Report } from "~/api/types";
import { SimulatedBadge, StageBadge } from "~/ui/badges";
import { Dialog } from "~/ui/Dialog";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";

/** Every signed version of this exam's report, newest first; the older ones stay readable. */
export function ReportsPanel({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const can = useCan();
  const reports = useQuery({ ...queries.reportsOf(exam.id), enabled: can("reports.list") });
  if (!can("reports.list")) return null;
  return (
    <Paper component="section" aria-labelledby="reports-title" data-testid="reports-panel">
      <Stack gap="sm">
        <Title order={2} id="reports-title">
          {t("report.title")}
        </Title>
        {reports.isPending ? <Loading rows={1} height={40} /> : null}
        {reports.error ? <Failed error={reports.error} compact retry={() => void reports.refetch()} /> : null}
        {reports.data?.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t("report.none")}
          </Text>
        ) : null}
        {reports.data?.map((report) => (
          <Version key={report.id} report={report} exam={exam} />
        ))}
      </Stack>
    </Paper>
  );
}

function Version({ report, exam }: { report: Report; exam: ExamDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const holds = !report.superseded_by;
  const verify = useMutation({ mutationFn: () => api.verifyReport(report.id) });
  return (
    <Stack gap={4} data-testid={`report-${report.version}`} data-current={holds}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600} size="sm" td={holds ? undefined : "line-through"}>
            {t("report.version", { version: report.version })}
          </Text>
          <Badge variant="default" tt="none">
            {t(holds ? "report.current" : "report.superseded")}
          </Badge>
          {report.simulated ? <SimulatedBadge /> : null}
        </Group>
        {report.decision === "cannot-be-staged" ? (
          <Text size="sm" fw={600}>
            {t("review.decision.cannot-be-staged")}
          </Text>
        ) : (
          <StageBadge stage={report.stage} strong={holds} />
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {t("report.signed", { name: report.signed_by, moment: format.moment(report.signed_at) })}
      </Text>
      {report.decision === "cannot-be-staged" ? null : (
        <Text size="sm">{t(`report.says.${report.decision}`, { stage: report.model_stage })}</Text>
      )}
      {report.reasons.length ? (
        <Text size="sm">{report.reasons.map((reason) => t(`review.reason.${reason}`)).join(" · ")}</Text>
      ) : null}
      {report.note ? (
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {report.note}
        </Text>
      ) : null}
      {report.amendment_reason ? (
        <Text size="sm">{t("report.because", { reason: report.amendment_reason })}</Text>
      ) : null}
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant="default"
          loading={verify.isPending}
          onClick={() => {
            verify.mutate();
          }}
        >
          {t("report.verify")}
        </Button>
        <Downloads report={report} />
        {holds ? <Amend report={report} exam={exam} /> : null}
      </Group>
      {verify.data ? (
        <Stack gap={2} role="status" data-testid="verification" data-intact={verify.data.intact}>
          <Text size="sm" fw={verify.data.intact ? undefined : 700}>
            {t(verify.data.intact ? "report.intact" : "report.flawed")}
          </Text>
          {verify.data.flaws.map((flaw) => (
            <Text key={flaw} size="sm" lang="en">
              {flaw}
            </Text>
          ))}
          <Text size="xs" c="dimmed">
            {t("report.hash")} <Code>{verify.data.content_hash.slice(0, 16)}</Code>
          </Text>
        </Stack>
      ) : null}
      {verify.error ? <Failed error={verify.error} compact /> : null}
    </Stack>
  );
}

/** The files that the server makes of the signed row; a plain link, so that the browser's own download shows. */
function Downloads({ report }: { report: Report }) {
  const { t } = useTranslation();
  const file = (form: string) => `/api/v1/reports/${report.id}/${form}`;
  const files = [
    { key: "pdfEn", href: file("pdf/?language=en") },
    { key: "pdfZh", href: file("pdf/?language=zh") },
    { key: "sr", href: file("sr/") },
    ...(report.has_outline ? [{ key: "seg", href: file("seg/") } as const] : []),
    { key: "fhir", href: file("fhir/") },
  ] as const;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-xs" variant="default" leftSection={<IconDownload size={13} aria-hidden />}>
          {t("report.download")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(({ key, href }) => (
          <Menu.Item key={key} component="a" href={href} download>
            {t(`report.file.${key}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Amend({ report, exam }: { report: Report; exam: ExamDetail }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const draft = useQuery({ ...queries.reviewOf(exam.id), enabled: can("reviews.list") });
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const amend = useMutation({
    mutationFn: () => api.amendReport(report.id, { reason: reason.trim() }),
    onSuccess: (review) => {
      client.setQueryData(queries.reviewOf(exam.id).queryKey, review);
      setAsking(false);
      setReason("");
    },
  });
  if (!can("reports.amend") || draft.data) return null;

  function submit(event: FormEvent) {
    event.preventDefault();
    amend.mutate();
  }

  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("report.amend")}
      </Button>
      <Dialog
        opened={asking}
        close={() => {
          setAsking(false);
        }}
        title={t("report.amendTitle")}
      >
        <form onSubmit={submit}>
          <Stack>
            <Text size="sm">{t("report.amendText", { version: report.version + 1 })}</Text>
            <Textarea
              label={t("report.amendReason")}
              required
              withAsterisk={false}
              autosize
              minRows={2}
              maxLength={1000}
              data-autofocus
              value={reason}
              onChange={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
            {amend.error ? <Failed error={amend.error} compact /> : null}
            <Group justify="flex-end">
              <Button type="submit" disabled={!reason.trim()} loading={amend.isPending}>
                {t("report.amendBegin")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Dialog>
    </>
  );
}
