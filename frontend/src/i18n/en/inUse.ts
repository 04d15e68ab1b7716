/** Words of a model in use. */
export const inUse = {
  inUse: {
    title: "In use",
    none: "This model has not staged anybody at your sites yet.",
    lead: "Shares with their 95 % intervals. About {{share}} of familiar patients are called unfamiliar by chance; more say that the pictures that come in have changed.",
    alarm:
      "More patients than the expected {{share}} have pictures unlike those of the training: another machine, another setting, or other patients. Look at them before relying on the answers; evaluate the model on them, or train a new one with them.",
    total: "Altogether",
    columns: {
      period: "Month",
      answers: "Answers",
      stages: "S0 / S1 / S2 / S3 / S4",
      wide: "Too little ruled out",
      unfamiliar: "Unlike the training",
      signed: "Signed",
      changed: "Stage changed",
      notStaged: "Cannot be staged",
    },
  },
};
