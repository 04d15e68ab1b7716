import { Button, Kbd } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useCan } from "~/api/session";
import { Failed } from "~/ui/states";

/** To the next case that waits for review: the one below in the list, then from the top; N does it too. */
export function NextCase({ exam }: { exam: string }) {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = useNavigate();
  const next = useMutation({
    mutationFn: async () => {
      const below = await api.exams({ review: "waiting", after: exam, page_size: 1 });
      if (below.results[0]) return below.results[0].id;
      const top = await api.exams({ review: "waiting", page_size: 2 });
      return top.results.find((one) => one.id !== exam)?.id ?? null;
    },
    onSuccess: (found) => {
      if (found) void navigate({ to: "/cases/$examId", params: { examId: found } });
    },
  });
  const allowed = can("reports.list");
  // Not while writing: useHotkeys leaves inputs, text areas and selects alone by itself.
  useHotkeys(allowed ? [["n", () => { next.mutate(); }]] : []);
  if (!allowed) return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={next.isPending}
        rightSection={<Kbd size="xs">N</Kbd>}
        onClick={() => {
          next.mutate();
        }}
      >
        {t("nextCase.action")}
      </Button>
      {next.data === null ? <span role="status">{t("nextCase.none")}</span> : null}
      {next.error ? <Failed error={next.error} compact /> : null}
    </>
  );
}
