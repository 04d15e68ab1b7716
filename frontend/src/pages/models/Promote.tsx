import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useCan } from "~/api/session";
import type { ModelVersion } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { Confirm } from "~/ui/Confirm";
import { Failed } from "~/ui/states";
import { Withheld } from "~/ui/Withheld";

/** Makes a model the one that stages patients, after showing what it can do. */
export function Promote({ model, compact }: { model: ModelVersion; compact?: boolean }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const promote = useMutation({
    mutationFn: () => api.promote(model.id, "champion"),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["models"] });
    },
  });
  if (!can("models.promote") || model.aliases.includes("champion")) return null;
  return (
    <>
      <Button
        size={compact ? "compact-xs" : "sm"}
        variant={compact ? "default" : "filled"}
        onClick={() => {
          promote.reset();
          setAsking(true);
        }}
      >
        {t("models.promote")}
      </Button>
      <Confirm
        opened={asking}
        title={t("models.promoteTitle", { name: model.name })}
        action={t("models.promote")}
        busy={promote.isPending}
        close={() => {
          setAsking(false);
        }}
        confirm={() => {
          promote.mutate();
        }}
      >
        <Stack gap="xs">
          <Text size="sm">{t("models.promoteText")}</Text>
          {model.withheld ? (
            <Withheld />
          ) : (
            <>
              <Text size="sm">
                {t("metrics.accuracy")}: {format.metric(model.metrics.accuracy)}
              </Text>
              <Text size="sm">
                {t("metrics.auc_macro")}: {format.metric(model.metrics.auc_macro)}
              </Text>
            </>
          )}
          {promote.error ? <Failed error={promote.error} compact /> : null}
        </Stack>
      </Confirm>
    </>
  );
}
