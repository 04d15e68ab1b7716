/**
 * Sentences that the server composes with names and numbers in them (titles and messages of jobs, notes, warnings):
 * the English one with its holes, and the Chinese one. What is not here is shown as the server wrote it.
 */
export const sentences: readonly (readonly [english: string, chinese: string])[] = [
  ["Train {name} on {dataset}", "在 {dataset} 上训练 {name}"],
  ["Freeze {name}", "冻结 {name}"],
  ["Stage {name}", "为 {name} 分期"],
  ["Demonstration: simulate and import patients", "演示：仿真并导入患者"],
  ["Demonstration: freeze", "演示：冻结数据集"],
  ["Demonstration: train", "演示：启动训练"],
  ["Demonstration: promote", "演示：启用模型"],
  ["{count} of {whole} simulated patients are in.", "已导入 {count} / {whole} 位模拟患者。"],
  ["{done} of {whole} patients", "患者 {done} / {whole}"],
  ["{done} of {whole} normals", "正常对照 {done} / {whole}"],
  ["epoch {epoch} of {epochs}", "第 {epoch} / {epochs} 轮"],
  ["Writing pictures: {number} of {total}", "正在写入图像：{number} / {total}"],
  ["Testing for leaks", "正在检查泄漏"],
  [
    "This model learned from simulated images only; its answer says nothing about a patient.",
    "该模型仅由模拟图像训练；其结果不说明任何患者的情况。",
  ],
  [
    "No {missing} image: this answer rests on {band} alone and is weaker.",
    "没有 {missing} 图像：本结果仅依据 {band}，可靠性较低。",
  ],
  [
    "{band} images were not used: the model is trained on {other} alone.",
    "未使用 {band} 图像：该模型仅由 {other} 训练。",
  ],
  ["Without results yet: {names}.", "尚无结果：{names}。"],
  ["speckle {millimetres}", "散斑 {millimetres}"],
  ["sector", "扇形"],
  ["rectangle", "矩形"],
  ["unclear", "不明确"],
];
