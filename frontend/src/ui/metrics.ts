/** The order and the words of metrics; what the dictionary does not know keeps the server's name. */
import type { Metrics } from "~/api/types";
import { lookUp } from "~/i18n";

export const METRIC_ORDER = [
  "accuracy",
  "balanced_accuracy",
  "macro_precision",
  "macro_recall",
  "macro_f1",
  "harmonic_f1_paper",
  "specificity",
  "mcc",
  "quadratic_weighted_kappa",
  "mean_absolute_error",
  "off_by_two_rate",
  "auc_macro",
  "auc_s0",
  "auc_s1",
  "auc_s2",
  "auc_s3",
  "auc_s4",
  "auc_ge_s1",
  "auc_ge_s2",
  "auc_ge_s3",
  "auc_ge_s4",
  "brier",
  "rps",
  "ece",
  "log_loss",
];

export function metricName(name: string, otherwise?: string): string {
  return lookUp(`metrics.${name}`) ?? otherwise ?? name;
}

export function metricNames(metrics: Metrics): string[] {
  const known = METRIC_ORDER.filter((name) => name in metrics);
  return [...known, ...Object.keys(metrics).filter((name) => !METRIC_ORDER.includes(name))];
}
