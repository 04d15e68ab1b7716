/** Numbers, dates and sizes in the reader's language, always with their unit. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Metric } from "~/api/types";

export const NOTHING = "–";

export function formatsFor(language: string) {
  const decimals = (digits: number) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const percentage = new Intl.NumberFormat(language, {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium" });
  const present = (value: number | null | undefined): value is number =>
    typeof value === "number" && Number.isFinite(value);

  return {
    count: (value: number | null | undefined) => (present(value) ? whole.format(value) : NOTHING),
    decimal: (value: number | null | undefined, digits = 2) =>
      present(value) ? decimals(digits).format(value) : NOTHING,
    percent: (value: number | null | undefined) => (present(value) ? percentage.format(value) : NOTHING),
    /** `0.812 (0.744–0.871)`: a value never without its interval where it has one. */
    metric: (metric: Metric | null | undefined) => {
      if (!metric || !present(metric.value)) return NOTHING;
      const three = decimals(3);
      if (!present(metric.low) || !present(metric.high)) return three.format(metric.value);
      return `${three.format(metric.value)} (${three.format(metric.low)}–${three.format(metric.high)})`;
    },
    seconds: (value: number | null | undefined) => {
      if (!present(value)) return NOTHING;
      if (value < 1) return `${whole.format(value * 1000)} ms`;
      if (value < 60) return `${decimals(value < 10 ? 2 : 1).format(value)} s`;
      const rounded = Math.round(value);
      const minutes = Math.floor(rounded / 60);
      if (minutes < 60) return `${minutes} min ${rounded % 60} s`;
      return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    },
    bytes: (value: number) => {
      if (value < 1024) return `${whole.format(value)} B`;
      if (value < 1024 ** 2) return `${decimals(0).format(value / 1024)} KiB`;
      return `${decimals(1).format(value / 1024 ** 2)} MiB`;
    },
    date: (value: string | null | undefined) => (value ? day.format(new Date(value)) : NOTHING),
    moment: (value: string | null | undefined) => (value ? moment.format(new Date(value)) : NOTHING),
    clock: (value: string | null | undefined) => (value ? clock.format(new Date(value)) : NOTHING),
  };
}

export type Formats = ReturnType<typeof formatsFor>;

export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsFor(i18n.language), [i18n.language]);
}
