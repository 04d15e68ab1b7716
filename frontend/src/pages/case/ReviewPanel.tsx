import { Button, Checkbox, Group, Paper, SegmentedControl, Select, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import { type Decision, type ExamDetail, type Reason, type Report, type Review, STAGES, type StageLabel } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";
import { offerUndo } from "~/ui/undo";
import { decided, type Judgement, judgementOf, missing, REASONS, sameJudgement } from "./judgement";
import { SignDialog } from "./SignDialog";

/** What the clinician makes of the newest answer: a draft, saved on the server, until it is signed. */
export function ReviewPanel({ exam }: { exam: ExamDetail }) {
  const can = useCan();
  const draft = useQuery({ ...queries.reviewOf(exam.id), enabled: can("reviews.list") });
  const reports = useQuery({ ...queries.reportsOf(exam.id), enabled: can("reports.list") });
  const answered = exam.stagings.find((one) => one.state === "succeeded" && one.result);
  if (!can("reviews.create") || !answered) return null;
  if (draft.error) return <Failed error={draft.error} compact retry={() => void draft.refetch()} />;
  if (draft.isPending || reports.isPending) return <Loading rows={2} height={40} />;
  const current = reports.data?.find((report) => !report.superseded_by);
  if (draft.data) return <Draft key={draft.data.id} review={draft.data} exam={exam} current={current} />;
  return current ? null : <Begin exam={exam} staging={answered.id} />;
}

function Begin({ exam, staging }: { exam: ExamDetail; staging: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const begin = useMutation({
    mutationFn: () => api.beginReview({ staging, decision: "agree", note: "" }),
    onSuccess: (review) => {
      client.setQueryData(queries.reviewOf(exam.id).queryKey, review);
    },
  });
  return (
    <>
      <Button
        variant="default"
        data-testid="begin-review"
        loading={begin.isPending}
        onClick={() => {
          begin.mutate();
        }}
      >
        {t("review.begin")}
      </Button>
      {begin.error ? <Failed error={begin.error} compact /> : null}
    </>
  );
}

function kept({ id, revision }: Review, { decision, stage, reasons, note }: Judgement): Promise<Review> {
  return api.saveReview(id, { decision, stage: stage ? STAGES.indexOf(stage) : null, reasons, note, revision });
}

/** A discarded draft as it was last saved, begun anew. */
async function beganAgain(gone: Review): Promise<Review> {
  const { staging, amends, amendment_reason: reason } = gone;
  const begun = amends
    ? await api.amendReport(amends, { reason: reason ?? "", staging })
    : await api.beginReview({ staging, decision: "agree", note: "" });
  return kept(begun, judgementOf(gone));
}

function Draft({ review, exam, current }: { review: Review; exam: ExamDetail; current?: Report }) {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const [held, setHeld] = useState(review);
  const [judgement, setJudgement] = useState<Judgement>(judgementOf(review));
  const [signing, setSigning] = useState(false);
  const staging = exam.stagings.find((one) => one.id === review.staging);
  const answer: StageLabel = staging?.result?.stage ?? "S0";
  const key = queries.reviewOf(exam.id).queryKey;
  const save = useMutation({
    mutationFn: () => kept(held, judgement),
    onSuccess: (saved) => {
      setHeld(saved);
      client.setQueryData(key, saved);
    },
  });
  const discard = useMutation({
    mutationFn: () => api.discardReview(held.id),
    onSuccess: () => {
      client.setQueryData(key, null);
      offerUndo({
        text: t("removed.review"),
        undo: async () => {
          client.setQueryData(key, await beganAgain(held));
        },
      });
    },
  });
  const lacks = missing(judgement, answer);
  const unsaved = !sameJudgement(judgement, judgementOf(held));

  /** What was saved elsewhere replaces what is here: the server keeps one draft, and this is it. */
  async function reload() {
    const fresh = await client.fetchQuery({ ...queries.reviewOf(exam.id), staleTime: 0 });
    if (!fresh) return;
    save.reset();
    setHeld(fresh);
    setJudgement(judgementOf(fresh));
  }

  async function toSign() {
    if (unsaved) await save.mutateAsync();
    setSigning(true);
  }

  return (
    <Paper component="section" aria-labelledby="review-title" data-testid="review-panel">
      <Stack gap="sm">
        <Title order={2} id="review-title">
          {t(review.amends ? "review.amendTitle" : "review.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("review.of", { moment: format.moment(staging?.finished_at ?? staging?.created_at), stage: answer })}
        </Text>
        {review.amends && current ? (
          <Text size="sm">{t("review.amends", { version: current.version, reason: review.amendment_reason })}</Text>
        ) : null}
        <SegmentedControl
          aria-label={t("review.decisionLabel")}
          fullWidth
          orientation="vertical"
          data={(["agree", "change", "cannot-be-staged"] as const).map((value) => ({
            value,
            label: t(`review.decision.${value}`),
          }))}
          value={judgement.decision}
          onChange={(value) => {
            setJudgement(decided(judgement, value as Decision, answer));
          }}
        />
        {judgement.decision === "change" ? (
          <Select
            label={t("review.stage")}
            data={STAGES.filter((stage) => stage !== answer)}
            value={judgement.stage}
            onChange={(stage) => {
              setJudgement({ ...judgement, stage: stage as StageLabel | null });
            }}
          />
        ) : null}
        {judgement.decision !== "agree" ? (
          <Checkbox.Group
            label={t("review.reasons")}
            description={t("review.chooseReasons")}
            value={judgement.reasons}
            onChange={(reasons) => {
              setJudgement({ ...judgement, reasons: reasons as Reason[] });
            }}
          >
            <Stack gap={4} mt={6}>
              {REASONS[judgement.decision].map((reason) => (
                <Checkbox key={reason} size="xs" value={reason} label={t(`review.reason.${reason}`)} />
              ))}
            </Stack>
          </Checkbox.Group>
        ) : null}
        <Textarea
          label={t("review.note")}
          description={t("review.noteHint")}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={4000}
          value={judgement.note}
          onChange={(event) => {
            setJudgement({ ...judgement, note: event.currentTarget.value });
          }}
        />
        {lacks ? (
          <Text size="sm" role="status">
            {t(`review.needs.${lacks}`)}
          </Text>
        ) : (
          <Text size="xs" c="dimmed" role="status" data-testid="draft-state">
            {unsaved ? t("review.unsaved") : t("review.saved", { moment: format.moment(held.updated_at) })}
          </Text>
        )}
        {save.error ? (
          <Failed
            error={save.error}
            compact
            retry={() => void reload()}
          />
        ) : null}
        {discard.error ? <Failed error={discard.error} compact /> : null}
        <Group gap="xs" justify="space-between">
          <Group gap="xs">
            <Button
              variant="default"
              disabled={lacks !== null || !unsaved}
              loading={save.isPending}
              onClick={() => {
                save.mutate();
              }}
            >
              {t("review.save")}
            </Button>
            <Button
              disabled={lacks !== null || save.isPending}
              onClick={() => {
                void toSign().catch(() => undefined); // shown above
              }}
            >
              {t("review.sign")}
            </Button>
          </Group>
          <Button
            variant="subtle"
            color="gray"
            loading={discard.isPending}
            onClick={() => {
              discard.mutate();
            }}
          >
            {t("review.discard")}
          </Button>
        </Group>
      </Stack>
      <SignDialog
        opened={signing}
        close={() => {
          setSigning(false);
        }}
        review={held}
        exam={exam}
        judgement={judgement}
      />
    </Paper>
  );
}
