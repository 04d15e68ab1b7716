/** Words of taking models out of the registry and bringing them in. */
export const exchange = {
  exchange: {
    export: "Export",
    open: "Import a model",
    title: "Import a model",
    text: "The zip that another HepaStage exported. It is loaded and evaluated on a dataset of yours; only then is it in the registry, with the metrics found here.",
    file: "Zip of the model",
    choose: "Choose a file",
    dataset: "Evaluate on",
    datasetHint: "Every patient of the version, or its test part where the model was trained from it.",
    noDataset: "Freeze a dataset first: a model that nobody has evaluated here cannot be registered.",
    name: "Name here",
    nameHint: "Empty: as it calls itself.",
    submit: "Import and evaluate",
    openModel: "Open the model",
    underway: "This window may be closed: the evaluation goes on, and the model is listed when it is done.",
    openJob: "Open the job",
    again: "Choose another file",
    inCard: "The parameters of the training are in the model card.",
    importedBy: "Imported by {{name}}, evaluated on {{dataset}}",
  },
};
