import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useCan } from "~/api/session";
import type { JobState, Run } from "~/api/types";
import { Confirm } from "~/ui/Confirm";
import { ButtonTo } from "~/ui/links";
import { Failed } from "~/ui/states";

interface RunActionsProps {
  run: Run;
  state: JobState;
  resumed: () => void;
}

export function RunActions({ run, state, resumed }: RunActionsProps) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["runs"] });
  const cancel = useMutation({
    mutationFn: () => api.cancelRun(run.id),
    onSuccess: refresh,
    onSettled: () => {
      setAsking(false);
    },
  });
  const resume = useMutation({
    mutationFn: () => api.resumeRun(run.id),
    onSuccess: async () => {
      resumed();
      await refresh();
    },
  });
  const active = state === "queued" || state === "running";
  const error = cancel.error ?? resume.error;
  return (
    <>
      {error ? <Failed error={error} compact /> : null}
      {active && can("runs.cancel") ? (
        <Button
          variant="default"
          disabled={run.job?.cancel_requested}
          onClick={() => {
            setAsking(true);
          }}
        >
          {t("runs.cancel")}
        </Button>
      ) : null}
      {(state === "cancelled" || state === "failed") && can("runs.resume") ? (
        <Button
          loading={resume.isPending}
          onClick={() => {
            resume.mutate();
          }}
        >
          {t("runs.resume")}
        </Button>
      ) : null}
      {can("runs.create") ? (
        <ButtonTo variant="default" to="/runs/new" search={{ clone: run.id }}>
          {t("runs.clone")}
        </ButtonTo>
      ) : null}
      {run.model ? (
        <ButtonTo to="/models/$modelId" params={{ modelId: run.model }}>
          {t("runs.model")}
        </ButtonTo>
      ) : null}
      <Confirm
        opened={asking}
        title={t("runs.cancelTitle")}
        action={t("runs.cancel")}
        busy={cancel.isPending}
        close={() => {
          setAsking(false);
        }}
        confirm={() => {
          cancel.mutate();
        }}
      >
        {t("runs.cancelText")}
      </Confirm>
    </>
  );
}
