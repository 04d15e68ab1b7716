import type { Dictionary } from "../en";

/** 分割模型页面与病例页裁剪视图的文字。 */
export const segmentation: Pick<Dictionary, "crops" | "segmenters"> = {
  crops: {
    title: "模型所见",
    liver: "肝脏",
    region: "超声区域",
    absent: "未找到肝脏",
    unused: "未使用",
    label: "{{band}}，第 {{frame}} 帧：{{words}}",
  },
  segmenters: {
    title: "分割模型",
    lead: "在图像中定位肝脏的网络。启用中的模型提供轮廓建议，并裁剪此后冻结的数据集。",
    name: "名称",
    train: "训练分割模型",
    active: "使用中",
    figures: "指标",
    caption: "在未参与训练的已勾画图像上；均值及其 95 % 区间（按图像自助抽样）。",
    cropLabel: "裁剪到肝脏",
    cropHint: "由 {{name}} 定位；未找到肝脏的图像显示整个区域。",
    cropNone: "没有启用的分割模型：图像显示超声区域。",
    hash: "权重的 SHA-256",
    use: "用途",
    useActive: "向标注员提供轮廓建议，并裁剪按肝脏裁剪冻结的数据集。",
    useIdle: "未启用。用它训练的模型会继续使用它。",
    examples: "示例",
    examplesText: "未参与训练的图像，由差到好。橙色虚线：人工勾画；蓝色实线：模型找到。",
    example: "第 {{number}} / {{count}} 幅留出图像，含人工轮廓与模型轮廓",
    none: {
      title: "尚无分割模型",
      text: "请用 labelme 轮廓训练（演示数据含 500 例正常肝脏），或用此处勾画的轮廓训练。",
    },
    metric: {
      dice: "Dice 系数",
      hausdorff: "Hausdorff 距离（像素）",
      hausdorff_95: "Hausdorff 距离，第 95 百分位（像素）",
      box_coverage: "所画方框被找到的比例",
      liver_found: "找到的肝脏",
      absence_recognised: "识别出的无肝脏图像",
    },
    form: {
      title: "训练分割模型",
      archive: "已勾画的图像",
      archiveHint: "labelme JSON 文件（标为 liver 的矩形或多边形）及其 PNG 或 JPEG 图像的 zip。",
      choose: "选择 zip 文件",
      outlines: "此处勾画的轮廓（{{count}}）",
      outlinesHint: "您所在中心的定稿轮廓；没有 zip 时至少需要 {{count}} 个。",
      sitesHint: "使用哪些中心的轮廓，谁能看到示例。留空表示您的全部中心。",
      epochs: "轮数",
      seed: "随机种子",
      privacy: "请上传不含姓名的图像。文件名不会保留。",
    },
    do: { cancel: "取消", resume: "继续", activate: "启用", deactivate: "停用" },
    ask: {
      cancel: { title: "取消此训练？", text: "将在当前批次后停止。继续时从最后一轮开始。" },
      activate: {
        title: "启用此分割模型？",
        text: "此后由它提供轮廓建议并裁剪新的数据集。已有模型仍使用训练时的分割模型。",
      },
      deactivate: {
        title: "停用此分割模型？",
        text: "在启用另一个之前不再提供轮廓建议。用它训练的模型会继续使用它。",
      },
    },
  },
};
