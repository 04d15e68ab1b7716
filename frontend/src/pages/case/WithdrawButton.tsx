import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import type { Band } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { isReason } from "~/ui/Reasoned";
import { Failed } from "~/ui/states";

/** Takes an image out of use at once; an administrator finds it in quarantine. */
export function WithdrawButton({ image, band }: { image: string; band: Band }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState("");
  const withdraw = useMutation({
    mutationFn: () => api.withdrawImage(image, reason),
    onSuccess: () => {
      setOpened(false);
      for (const key of ["exams", "quarantine", "reads", "uploads"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-label={`${t("withdraw.action")}, ${band}`}
        onClick={() => {
          setOpened(true);
        }}
      >
        {t("withdraw.action")}
      </Button>
      <Dialog
        opened={opened}
        close={() => {
          setOpened(false);
        }}
        title={t("withdraw.title")}
      >
        <Stack>
          <Text size="sm">{t("withdraw.text")}</Text>
          <Textarea
            label={t("quarantine.why")}
            description={t("quarantine.whyHint")}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          {withdraw.error ? <Failed error={withdraw.error} compact /> : null}
          <Group justify="flex-end">
            <Button
              variant="default"
              onClick={() => {
                setOpened(false);
              }}
            >
              {t("common.notNow")}
            </Button>
            <Button
              disabled={!isReason(reason)}
              loading={withdraw.isPending}
              onClick={() => {
                withdraw.mutate();
              }}
            >
              {t("withdraw.confirm")}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
