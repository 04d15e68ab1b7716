import { Button, Paper, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useMe } from "~/api/session";
import { spoken } from "~/i18n";
import { type FollowedJob, useJob } from "~/live/useJob";
import { EventLogView } from "~/ui/EventLogView";
import { useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { jobKindName } from "./JobsPage";

const route = getRouteApi("/shell/jobs/$jobId");

export function JobPage() {
  const { t } = useTranslation();
  const format = useFormats();
  const { jobId } = route.useParams();
  const followed = useJob(jobId);
  const job = followed?.job;
  if (!followed || !job) {
    return (
      <Page title={t("jobs.title")}>
        {followed?.error ? <Failed error={followed.error} retry={followed.restart} /> : <Loading />}
      </Page>
    );
  }
  return (
    <Page
      title={spoken(job.title)}
      lead={`${jobKindName(job.kind)} · ${job.queue} · ${format.moment(job.created_at)}`}
      actions={<Actions followed={followed} />}
    >
      <Paper>
        <JobProgress job={job} connection={followed.connection} />
      </Paper>
      <Title order={2}>{t("runs.log")}</Title>
      <EventLogView rows={followed.log.rows} />
    </Page>
  );
}

function Actions({ followed }: { followed: FollowedJob }) {
  const { t } = useTranslation();
  const me = useMe();
  const { job } = followed;
  const cancel = useMutation({ mutationFn: (id: string) => api.cancelJob(id) });
  const retry = useMutation({
    mutationFn: (id: string) => api.retryJob(id),
    onSuccess: () => {
      followed.restart();
    },
  });
  if (!job || (job.created_by !== me.id && me.role !== "administrator")) return null;
  const active = job.state === "queued" || job.state === "running";
  const error = cancel.error ?? retry.error;
  return (
    <>
      {error ? <Failed error={error} compact /> : null}
      {active ? (
        <Button
          variant="default"
          loading={cancel.isPending}
          disabled={job.cancel_requested}
          onClick={() => {
            cancel.mutate(job.id);
          }}
        >
          {t("jobs.cancel")}
        </Button>
      ) : null}
      {job.state === "failed" || job.state === "cancelled" ? (
        <Button
          loading={retry.isPending}
          onClick={() => {
            retry.mutate(job.id);
          }}
        >
          {t("jobs.retry")}
        </Button>
      ) : null}
    </>
  );
}
