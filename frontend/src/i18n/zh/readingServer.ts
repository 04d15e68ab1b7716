/** What the server says about outlines and reads, by its stable code. */
export const reading: Record<string, { message: string; remedy: string }> = {
  "outline-refused": { message: "这不是该帧内的肝脏轮廓。", remedy: "请在图像内绘制至少三个角点的闭合多边形。" },
  "outline-nothing-to-segment": { message: "没有可写入 DICOM SEG 的肝脏轮廓。", remedy: "请先勾画肝脏，或导出可容纳空轮廓的 labelme 或 COCO。" },
  "outline-image-unknown": { message: "文件所指的图像不在此处，或不属于您的中心。", remedy: "请保留导出时的图像名称，以及 SEG 对图像的引用。" },
  "outline-crosses-itself": { message: "轮廓与自身相交，内外不明。", remedy: "请移动角点使边不再相交，或使用“整理”。" },
  "outline-conflict": { message: "在您修改期间轮廓已有新的修订。", remedy: "请查看两个版本并选择；没有任何内容被覆盖。" },
  "outline-in-the-way": { message: "该帧现已有另一轮廓。", remedy: "请先将该帧现有的轮廓移入回收站。" },
  blinded: { message: "您需盲法阅读该患者，其分期暂对您隐藏。", remedy: "请先锁定您对该患者的阅片结果。" },
  "audit-blinded": { message: "您有待盲法阅读的检查，导出会透露其分期。", remedy: "请先锁定您的阅片结果，或请另一位管理员导出。" },
  "not-assigned": { message: "该检查未分配给您阅读。", remedy: "请阅读您队列中的检查，或申请分配。" },
  "reader-refused": { message: "其中有人不能作为该检查的阅片者。", remedy: "请选择该检查所在中心的在用人员。" },
  "own-assignment": { message: "您不能收回或恢复自己的盲法阅片分配。", remedy: "请由另一位研究员或管理员操作。" },
  "assignment-not-restored": {
    message: "该阅片分配无法恢复。",
    remedy: "请查看该检查现由谁阅片；如有需要，先收回其他人的分配。",
  },
  "already-read": { message: "该检查已阅读，结果已锁定。", remedy: "锁定的结果不可更改；分歧请通过裁定解决。" },
  "quality-reason-missing": { message: "质量低于合格时须说明原因。", remedy: "请至少选择一个原因。" },
  "nothing-to-settle": { message: "没有需要裁定的分歧。", remedy: "请裁定两份已锁定且不一致的阅片结果。" },
  "wrong-settlers": { message: "裁定者不符合要求。", remedy: "请由第三人裁定，或由两位阅片者共同决定。" },
  "biopsy-stands": { message: "该检查已有活检或手术分期。", remedy: "如确要以共识替代，请明确说明。" },
  "no-consensus-stage": { message: "阅片者尚未就分期达成一致。", remedy: "需要两份一致的锁定结果，或给出分期的裁定。" },
};
