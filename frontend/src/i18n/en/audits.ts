/** Words of a dataset's intake audit. */
export const audits = {
  intakeAudit: {
    title: "Intake audit",
    lead: "What in this version could let a network score without looking at the liver.",
    none: "This version was frozen before versions were audited. Freeze the labelled pairs again to have it audited.",
    severity: { fine: "fine", notice: "look", warning: "warning" },
    byChance: "by chance {{expected}}",
    p: "p = {{p}}",
    measure: "{{measure}} {{effect}}",
    picture: "Picture of {{patient}} ({{part}})",
    same: "{{correlation}} alike",
    counts: "Patients by {{subject}} and stage",
    subject: { site: "site", scanner: "scanner", format: "picture format", kind: "still or cine" },
    question: {
      "exact-duplicates": "Is one picture there twice?",
      "near-duplicates": "Is one picture there twice, saved differently?",
      "labels-follow-order": "Do the stages follow the order in which patients came?",
      "labels-drift": "Did the mix of stages change over time?",
      confounded: "Does the {{subject}} tell the stage?",
    },
    answer: {
      none: "No two patients share one.",
      pairs: "{{count}} pairs of different patients; see in which parts they are.",
      "labels-follow-order": "Share of patients followed by one of the same stage",
      "labels-drift": "Spearman's rank correlation of stage and order",
      confounded: "Cramér's V, corrected for bias",
      same: "It is the same for all patients.",
    },
    remedy: {
      "exact-duplicates": "Find out whose picture it is. If two records are one patient, merge them; then freeze again.",
      "near-duplicates": "Find out whose picture it is. If two records are one patient, merge them; then freeze again.",
      "labels-follow-order":
        "Files that came sorted by stage may differ in more than the liver (day, device, export). Compare how they were recorded.",
      "labels-drift": "Check that the settings of the scanner did not change with the mix of stages.",
      confounded:
        "A network can learn the {{subject}} instead of the liver. Read results for each apart, leave one out, or balance the stages within it.",
    },
  },
};
