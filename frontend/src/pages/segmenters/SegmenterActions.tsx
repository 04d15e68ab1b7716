import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { segmenters, type Segmenter } from "~/api/segmenters";
import { useCan } from "~/api/session";
import type { JobState } from "~/api/types";
import { Confirm } from "~/ui/Confirm";
import { Failed } from "~/ui/states";

interface SegmenterActionsProps {
  segmenter: Segmenter;
  state: JobState;
  resumed: () => void;
}

type Verb = "cancel" | "resume" | "activate" | "deactivate";

/** Cancel or resume its training; take it into use or out of it, after being asked once more. */
export function SegmenterActions({ segmenter, state, resumed }: SegmenterActionsProps) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Exclude<Verb, "resume"> | null>(null);
  const act = useMutation({
    mutationFn: (verb: Verb) => segmenters[verb](segmenter.id),
    onSuccess: async (_, verb) => {
      if (verb === "resume") resumed();
      await client.invalidateQueries({ queryKey: ["segmenters"] });
    },
    onSettled: () => {
      setAsking(null);
    },
  });
  const underWay = state === "queued" || state === "running";
  const ask = (verb: Exclude<Verb, "resume">, filled = false) => (
    <Button
      variant={filled ? "filled" : "default"}
      onClick={() => {
        act.reset();
        setAsking(verb);
      }}
    >
      {t(`segmenters.do.${verb}`)}
    </Button>
  );
  return (
    <>
      {act.error ? <Failed error={act.error} compact /> : null}
      {underWay && can("segmenters.cancel") ? ask("cancel") : null}
      {(state === "cancelled" || state === "failed") && can("segmenters.resume") ? (
        <Button
          loading={act.isPending}
          onClick={() => {
            act.mutate("resume");
          }}
        >
          {t("segmenters.do.resume")}
        </Button>
      ) : null}
      {segmenter.sha256 && !segmenter.active && can("segmenters.activate") ? ask("activate", true) : null}
      {segmenter.active && can("segmenters.deactivate") ? ask("deactivate") : null}
      {asking ? (
        <Confirm
          opened
          title={t(`segmenters.ask.${asking}.title`)}
          action={t(`segmenters.do.${asking}`)}
          busy={act.isPending}
          close={() => {
            setAsking(null);
          }}
          confirm={() => {
            act.mutate(asking);
          }}
        >
          {t(`segmenters.ask.${asking}.text`)}
        </Confirm>
      ) : null}
    </>
  );
}
