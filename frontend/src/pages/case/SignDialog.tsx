import { Alert, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import type { ExamDetail, Review } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { Failed } from "~/ui/states";
import type { Judgement } from "./judgement";

interface SignDialogProps {
  opened: boolean;
  close: () => void;
  review: Review;
  exam: ExamDetail;
  judgement: Judgement;
}

/** The last look before nothing can be changed any more: what is signed, and one's password again. */
export function SignDialog({ opened, close, review, exam, judgement }: SignDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const sign = useMutation({
    mutationFn: () => api.signReview(review.id, { password, revision: review.revision }),
    onSuccess: async () => {
      client.setQueryData(queries.reviewOf(exam.id).queryKey, null);
      close();
      await Promise.all([
        client.invalidateQueries({ queryKey: ["reports"] }),
        client.invalidateQueries({ queryKey: ["exams"] }),
      ]);
    },
    onSettled: () => {
      setPassword("");
    },
  });
  const words = [t(`review.decision.${judgement.decision}`), judgement.stage].filter(Boolean).join(", ");

  function submit(event: FormEvent) {
    event.preventDefault();
    sign.mutate();
  }

  return (
    <Dialog
      opened={opened}
      close={() => {
        sign.reset();
        close();
      }}
      title={t("sign.title")}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" data-testid="sign-judgement">
            {t("sign.text", { judgement: words })}
          </Text>
          {exam.patient.simulated ? (
            <Alert color="grape" p="xs">
              <Text size="sm">{t("sign.simulated")}</Text>
            </Alert>
          ) : null}
          <Text size="sm" c="dimmed">
            {t("sign.research")}
          </Text>
          <PasswordInput
            label={t("sign.password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value);
            }}
          />
          {sign.error ? <Failed error={sign.error} compact /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("common.notNow")}
            </Button>
            <Button type="submit" loading={sign.isPending} disabled={!password}>
              {t("sign.confirm")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
