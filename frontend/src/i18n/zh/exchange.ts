/** 模型导出与导入的文字。 */
import type { exchange as english } from "../en/exchange";

export const exchange: typeof english = {
  exchange: {
    export: "导出",
    open: "导入模型",
    title: "导入模型",
    text: "由另一个 HepaStage 导出的压缩包。先加载并在您的数据集上评估，之后才连同此处得到的指标进入模型库。",
    file: "模型压缩包",
    choose: "选择文件",
    dataset: "评估所用数据集",
    datasetHint: "使用该版本的全部患者；若模型由其训练，则只用测试部分。",
    noDataset: "请先冻结数据集：未在此评估过的模型不能进入模型库。",
    name: "此处名称",
    nameHint: "留空则沿用其自称。",
    submit: "导入并评估",
    openModel: "打开模型",
    underway: "可以关闭此窗口：评估会继续，完成后模型会列入模型库。",
    openJob: "打开任务",
    again: "选择其他文件",
    inCard: "训练参数见模型卡。",
    importedBy: "由 {{name}} 导入，在 {{dataset}} 上评估",
  },
};
