/** What the server says about outlines and reads, by its stable code. */
export const reading: Record<string, { message: string; remedy: string }> = {
  "outline-refused": { message: "这不是该帧内的肝脏轮廓。", remedy: "请在图像内绘制至少三个角点的闭合多边形。" },
  "outline-crosses-itself": { message: "轮廓与自身相交，内外不明。", remedy: "请移动角点使边不再相交，或使用“整理”。" },
  "outline-conflict": { message: "在您修改期间轮廓已有新的修订。", remedy: "请查看两个版本并选择；没有任何内容被覆盖。" },
  "outline-in-the-way": { message: "该帧现已有另一轮廓。", remedy: "请先将该帧现有的轮廓移入回收站。" },
};
