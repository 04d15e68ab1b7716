import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { Confirm } from "~/ui/Confirm";
import { Failed } from "~/ui/states";

/** Gives the champion's place back to whoever held it before. */
export function RollBack() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const rollBack = useMutation({
    mutationFn: () => api.rollBack("champion"),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ["models"] });
    },
  });
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          rollBack.reset();
          setAsking(true);
        }}
      >
        {t("models.rollback")}
      </Button>
      <Confirm
        opened={asking}
        title={t("models.rollbackTitle")}
        action={t("models.rollback")}
        busy={rollBack.isPending}
        close={() => {
          setAsking(false);
        }}
        confirm={() => {
          rollBack.mutate();
        }}
      >
        <Stack gap="xs">
          <Text size="sm">{t("models.rollbackText")}</Text>
          {rollBack.error ? <Failed error={rollBack.error} compact /> : null}
        </Stack>
      </Confirm>
    </>
  );
}
