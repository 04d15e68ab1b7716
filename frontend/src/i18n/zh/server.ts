/**
 * What the server says in English, by its stable code or path. English readers get the server's own sentence, so
 * there is no English twin; `server.test.ts` checks that every code and every field has its words here.
 */
import { reading } from "./readingServer";

interface Sentence {
  message: string;
  remedy: string;
}

const EXPORT_AGAIN = "请从设备重新导出该文件。";
const UNCOMPRESSED = "请以未压缩或 JPEG 编码导出。";
const ASK = "管理员可查看隔离区中的原始文件。";
const TELL = "请重试；若仍出现，请告知管理员。";

const reports: Record<string, Sentence> = {
  "staging-unanswered": { message: "模型尚未给出结果，无法审阅。", remedy: "请等待结果，或重新分期。" },
  "review-incomplete": { message: "审阅意见不完整或自相矛盾。", remedy: "请选择与模型不同的分期和至少一个理由；理由为“其他”时请写备注。" },
  "review-changed": { message: "该草稿已在别处保存。", remedy: "请重新载入草稿；没有内容被覆盖。" },
  "review-exists": { message: "您对该结果已有一份草稿。", remedy: "请继续该草稿，或将其丢弃。" },
  "report-exists": { message: "该检查已有签名报告。", remedy: "请修订该报告；旧版本仍可查阅。" },
  "report-superseded": { message: "其间已有更新版本签名。", remedy: "请阅读新版本，并在其上修订。" },
  "report-signed": { message: "报告已签名，不能更改。", remedy: "请做修订：新版本并注明理由。" },
  "signature-refused": { message: "签名被拒绝：密码错误，或草稿属于他人。", remedy: "请输入您本人账户的密码。" },
  "no-password-to-sign-with": { message: "您的账户没有密码，无法签名。", remedy: "请为账户设置密码；签名时需要。" },
  "evidence-changed": { message: "报告所依据的文件缺失或已被改动。", remedy: "请告知管理员：从备份恢复后再签名。" },
  "report-without-outline": { message: "该报告不含肝脏轮廓。", remedy: "请勾画肝脏并定稿，然后签署修订版。" },
};

const files: Record<string, Sentence> = {
  accepted: { message: "已去除身份信息并保存。", remedy: "" },
  "band-unknown": { message: "已去除身份信息并保存；无法判断由何种探头采集。", remedy: "请人工设定高频或低频。" },
  duplicate: { message: "该图像已存在。", remedy: "无需处理。" },
  "duplicate-picture": { message: "该患者的相同图像已以另一标识符存在。", remedy: "无需处理。" },
  conflict: { message: "已有相同标识符但像素不同的图像。", remedy: `请向发送方确认哪一幅正确。${ASK}` },
  "no-ultrasound-region": {
    message: "文件未说明超声图像所在区域，因此无法遮盖图中文字。",
    remedy: `请导出带超声区域（标定）的文件。${ASK}`,
  },
  "region-outside-frame": {
    message: "超声区域大于画面：图像在测量后被裁剪或缩小，无法遮盖图中文字。",
    remedy: `请以原始尺寸导出。${ASK}`,
  },
  "region-covers-frame": {
    message: "超声区域覆盖整个画面，无法区分图中文字与图像。",
    remedy: `请导出带准确超声区域的文件。${ASK}`,
  },
  "no-identity": { message: "文件既未注明患者也未注明检查。", remedy: `请带患者编号重新导出。${ASK}` },
  "study-mismatch": {
    message: "该实例不属于所发送地址中的检查。",
    remedy: "请发送到其所属检查，或发送到不含检查的地址。",
  },
  unexpected: { message: "无法接收该文件。", remedy: `${TELL}${ASK}` },
  "zip-empty": { message: "压缩包中没有文件。", remedy: "请发送 DICOM 文件。" },
  "zip-damaged": { message: "压缩包已损坏。", remedy: "请重新打包。" },
  "zip-encrypted": { message: "压缩包已加密。", remedy: "请去除密码后发送，或直接发送文件。" },
  "zip-unsafe-name": { message: "压缩包含有指向包外的文件名。", remedy: "请用普通文件夹重新打包。" },
  "zip-link": { message: "压缩包含有链接而非文件。", remedy: "请发送文件本身。" },
  "zip-nested": { message: "压缩包内还有压缩包。", remedy: "请解开内层压缩包后发送其中文件。" },
  "zip-too-many": { message: "压缩包中文件过多。", remedy: "请分多个压缩包发送。" },
  "zip-too-large": { message: "压缩包解开后超出允许大小。", remedy: "请分多个压缩包发送。" },
  "zip-bomb": { message: "压缩包中某文件解开后远超其大小。", remedy: "请直接发送文件。" },
  "zip-method": { message: "压缩包采用了不接受的压缩方式。", remedy: "请使用普通 zip 压缩包。" },
};

const dicom: Record<string, Sentence> = {
  "file-empty": { message: "文件为空。", remedy: EXPORT_AGAIN },
  "file-too-large": { message: "文件超出允许大小。", remedy: "请缩短动态片段，或申请更高上限。" },
  "file-unreadable": { message: "无法打开文件。", remedy: "请确认文件存在且可读。" },
  "not-dicom": {
    message: "这不是 DICOM 文件（128 字节后没有 DICM 标记）。",
    remedy: "请导出为 DICOM Part 10 文件；PNG 或 JPEG 图片不可用。",
  },
  dicomdir: { message: "这是 DICOMDIR，即其他文件的索引。", remedy: "请发送其中列出的图像文件。" },
  "meta-damaged": { message: "DICOM 文件元信息损坏或不完整。", remedy: EXPORT_AGAIN },
  "transfer-syntax-missing": { message: "文件未说明像素的编码方式。", remedy: EXPORT_AGAIN },
  "transfer-syntax-refused": { message: "像素的编码方式不被接受。", remedy: UNCOMPRESSED },
  "deflate-refused": { message: "不接受 deflate 压缩的 DICOM：小文件可能解开成任意大小。", remedy: UNCOMPRESSED },
  "sop-class-refused": { message: "此类 DICOM 对象不是超声图像。", remedy: "请发送 B 型超声图像（单帧或多帧）。" },
  "modality-refused": { message: "检查类型不是超声。", remedy: "请发送 B 型超声图像（US）。" },
  "header-damaged": { message: "DICOM 头损坏或不完整。", remedy: EXPORT_AGAIN },
  "header-too-large": { message: "DICOM 头的元素远多于图像所需。", remedy: EXPORT_AGAIN },
  "header-too-deep": { message: "DICOM 头中的序列嵌套过深。", remedy: EXPORT_AGAIN },
  "uid-missing": { message: "文件没有 SOP 实例 UID，无法与其他文件区分。", remedy: EXPORT_AGAIN },
  "pixel-data-missing": { message: "文件中没有图像。", remedy: "请发送图像，而非报告或测量值。" },
  "pixel-format-refused": { message: "像素格式不是超声所用格式。", remedy: UNCOMPRESSED },
  "picture-too-large": { message: "图像或动态片段的像素超出允许数量。", remedy: "请缩短或缩小片段。" },
  "pixel-data-truncated": { message: "图像数据短于文件头所述。", remedy: EXPORT_AGAIN },
  "frame-count-wrong": { message: "帧数与图像数据不符。", remedy: EXPORT_AGAIN },
  "frame-corrupt": { message: "某一帧已损坏，无法如实解码。", remedy: EXPORT_AGAIN },
  "frame-mismatch": { message: "某一帧的尺寸或编码与文件头不符。", remedy: EXPORT_AGAIN },
  "too-slow": { message: "读取文件超出允许时间。", remedy: EXPORT_AGAIN },
  "too-much-memory": { message: "读取文件所需内存超出允许。", remedy: "请缩短或缩小片段。" },
  "reader-crashed": { message: "该文件使解码器出错。", remedy: EXPORT_AGAIN },
};

const requests: Record<string, Sentence> = {
  "invalid-request": { message: "请求无效。", remedy: "请更正标出的字段。" },
  "not-found": { message: "此处没有该内容，或它属于其他中心。", remedy: "" },
  "not-authenticated": { message: "您尚未登录。", remedy: "请登录。" },
  "permission-denied": { message: "您的角色不允许此操作。", remedy: "请向管理员申请相应角色。" },
  throttled: { message: "请求过于频繁。", remedy: "请稍候再试。" },
  "sign-in-refused": { message: "用户名或密码错误。", remedy: "请检查用户名和密码。" },
  "too-many-attempts": { message: "该用户在此地址登录失败次数过多。", remedy: "请等待一刻钟，或请管理员解锁。" },
  "server-error": { message: "服务器未能应答。", remedy: TELL },
  "site-required": { message: "您在多个中心工作，需说明文件所属中心。", remedy: "请选择一个中心。" },
  "unknown-site": { message: "没有此中心，或不属于您。", remedy: "请选择您的中心之一。" },
  "table-refused": { message: "无法读取该表格。", remedy: "请检查表格格式。" },
  "band-refused": { message: "频段只能是 HF 或 LF。", remedy: "请选择其中之一。" },
  "no-such-frame": { message: "图像没有这一帧。", remedy: "请选择存在的帧。" },
  "no-original": { message: "未保留此文件的原件。", remedy: "只有隔离的文件保留原件。" },
  "intake-unavailable": { message: "暂时无法接收文件。", remedy: TELL },
  "stored-file-missing": { message: "存储中缺少一个文件。", remedy: "请告知管理员检查存储。" },
  "multipart-damaged": {
    message: "请求内容损坏或不完整。",
    remedy: "请发送 multipart/related，每个部分一个 DICOM 文件。",
  },
  "request-too-large": { message: "请求超出允许大小。", remedy: "请先登录，或分多次发送。" },
  "unsupported-media-type": { message: "不接受此内容类型。", remedy: "请发送 DICOM 文件。" },
  "media-type-refused": { message: "不提供所要求的格式。", remedy: "请接受 DICOM、JSON、JPEG 或 PNG。" },
  "query-refused": { message: "无法理解该查询。", remedy: "可用的查询字段见说明文档。" },
  "receiver-refused": { message: "接收端设置有误。", remedy: "请更正 DICOM_AE_PEERS 后重新启动。" },
  "rendering-refused": { message: "图像参数无效。", remedy: "请更正画质、尺寸或窗宽窗位。" },
  "exam-of-another-patient": { message: "该检查属于另一位患者。", remedy: "请检查标识符。" },
};

const work: Record<string, Sentence> = {
  "no-champion-model": { message: "尚无主模型，无法分期。", remedy: "请研究员启用一个模型。" },
  "no-images": { message: "该检查没有可用图像。", remedy: "请上传高频和低频图像。" },
  "not-released": { message: "图像仍在隔离，未放行。", remedy: "请在查看后放行图像。" },
  "band-missing": { message: "模型需要的频段缺失。", remedy: "请上传该频段的图像，或人工设定频段。" },
  "staging-refused": { message: "此病例无法分期。", remedy: TELL },
  "model-unusable": { message: "模型文件无法使用。", remedy: "请启用另一个模型，或告知管理员。" },
  "model-damaged": { message: "模型文件已损坏。", remedy: "请启用另一个模型，或告知管理员。" },
  "model-not-promotable": { message: "该模型不能启用。", remedy: "请使用按严格方案评估的模型。" },
  "alias-without-predecessor": { message: "此前没有其他模型担任该角色。", remedy: "请直接启用一个模型。" },
  "alias-contested": { message: "有人同时更改了该角色。", remedy: "请刷新后重试。" },
  "experiment-refused": { message: "无法启动该实验。", remedy: "请检查所选方案与数据集。" },
  "model-folder-refused": { message: "不接受该模型文件夹。", remedy: "请使用本系统导出的模型。" },
  "comparison-refused": { message: "这些训练无法比较。", remedy: "请选择在同一数据集上完成的训练。" },
  "run-unfinished": { message: "训练尚未完成。", remedy: "请等待完成。" },
  "run-file-missing": { message: "训练没有此文件。", remedy: "请等待训练完成。" },
  "training-refused": { message: "该方案或数据集无法训练。", remedy: "请检查方案与数据集。" },
  "training-outcome-incomplete": { message: "训练结果不完整。", remedy: "请继续该训练。" },
  "transfer-source-refused": { message: "没有该第一次迁移来源。", remedy: "请使用 embedded。" },
  "dataset-impossible": { message: "现有标注不足以构成数据集。", remedy: "请录入更多病理分期。" },
  "dataset-empty": { message: "没有患者同时具有分期与两个频段。", remedy: "请上传图像并录入分期。" },
  "dataset-frozen": { message: "该版本已冻结，不可更改。", remedy: "请冻结新版本。" },
  "dataset-not-frozen": { message: "该版本尚未冻结。", remedy: "请等待冻结完成。" },
  "dataset-patients-changed": { message: "患者在冻结期间发生变化。", remedy: "请冻结新版本。" },
  "dataset-version-taken": { message: "同名版本正在生成。", remedy: "请重试。" },
  "dataset-audit-missing": { message: "该版本冻结时未经审查。", remedy: "请重新冻结已标注的图像对，新版本会附带审查。" },
  "split-leak": { message: "划分出现泄漏：同一患者或图像在两个部分。", remedy: "请告知管理员。" },
  "job-state": { message: "任务的当前状态不允许此操作。", remedy: "请刷新页面。" },
  "job-not-yours": { message: "这是他人的任务。", remedy: "请联系任务的创建者或管理员。" },
  crashed: { message: "任务因意外错误而停止。", remedy: "详情见工作进程日志。请告知系统维护者。" },
  "child-failed": { message: "执行任务的进程失败。", remedy: "详情见工作进程日志。" },
  "child-killed": { message: "执行任务的进程被终止。", remedy: "通常是内存不足：请减小批大小，或使用内存更大的机器。" },
  "child-stopped": { message: "执行任务的进程被人停止。", remedy: "请重新运行任务。" },
  "worker-lost": { message: "工作进程在执行中丢失。", remedy: "请查看工作进程日志（通常是内存不足），然后重新运行任务。" },
  "settling-failed": { message: "任务已完成，但保存结果失败。", remedy: "详情见工作进程日志；然后重新运行任务。" },
  "database-failed": { message: "执行任务时数据库出错。", remedy: "请检查数据库，然后重新运行任务。" },
  "unknown-job-kind": { message: "没有能处理此类任务的程序。", remedy: "请启动与网站版本相同的工作进程。" },
  "dataset-one-stage": { message: "所有患者为同一期，无可区分。", remedy: "请添加至少另一期的已标注图像对。" },
  "dataset-stage-too-small": { message: "某一期的患者不足以分到训练、验证和测试。", remedy: "请为该期添加更多已标注图像对，或选择不含该期的中心。" },
  "dataset-mixes-simulated": { message: "模拟患者与真实患者会混在一个数据集中。", remedy: "请选择只含其中一种的中心。" },
  "dataset-pseudonym-twice": { message: "两位患者使用了相同假名。", remedy: "请合并两条记录，或分开冻结其中心。" },
  "experiment-other-dataset": { message: "有训练不在该数据集上。", remedy: "请选择该数据集版本上的训练。" },
  "paper-protocol-not-promotable": {
    message: "该模型按“论文”方案训练，测试图像与训练图像相关，其数值不能说明新患者的情况。",
    remedy: "请用“严格”方案训练相同配置。",
  },
  "strict-evaluation-missing": { message: "该模型没有按患者在测试部分上的评估。", remedy: "请使用含测试部分的数据集训练。" },
  "job-failed": { message: "任务失败。", remedy: TELL },
};

export const server = {
  problems: { ...files, ...dicom, ...requests, ...work, ...reading, ...reports },
  spec: {
    architecture: { title: "结构" },
    transfer: {
      title: "迁移",
      first: { title: "第一次迁移", description: "用十类自然图像训练各频段编码器，再迁回其浅层。" },
      second: { title: "第二次迁移", description: "将两个已微调的频段编码器整体移入融合网络（仅融合）。" },
      source: { title: "第一次迁移来源", description: "“embedded”，或含十个类别子文件夹的图像文件夹。" },
      epochs: { title: "第一次迁移轮数" },
    },
    augmentation: {
      title: "数据增强",
      policy: { title: "策略", description: "“按分期平衡”由训练数量计算倍数；“同论文”为 ×7、4、7、6、6。" },
      rotation: { title: "旋转 0–360°" },
      crop: { title: "实质裁剪" },
      intensity: { title: "亮度与对比度（imadjust）" },
      deconvolution: {
        title: "盲去卷积",
        description: "部分样本取自锐化后的图像（Richardson–Lucy，点扩散函数由图像估计）。",
      },
    },
    protocol: { title: "划分方案" },
    epochs: { title: "轮数", description: "每个超声阶段的轮数。" },
    batch_size: { title: "批大小" },
    learning_rate: { title: "学习率", description: "Adam 的学习率。论文的 1e-4 需要多得多的轮数；若要复现请同时修改。" },
    schedule: { title: "学习率策略", description: "“余弦”在训练中降至零；“恒定”保持不变，与论文相同。" },
    weight_decay: { title: "L2 正则化" },
    patience: { title: "早停耐心（轮）" },
    precision: { title: "精度" },
    seed: { title: "随机种子" },
  },
  warnings: {
    "different-datasets": "这些训练在不同的数据集版本上测试：数值差异可能来自患者，而非模型。",
    "different-protocols": "“论文”方案的数值偏乐观：测试部分含有与训练图像相关的图像，不能与“严格”方案相比。",
    "simulated-and-real": "其中部分训练使用模拟数据，不说明患者情况。",
  },
  remedies: {
    "no-stage": "请录入病理分期，或导入分期表。",
    "stage-ambiguous": "请为该患者只保留一个当前病理分期。",
    "no-images": "请上传该患者的高频与低频图像。",
    "not-released": "请查看并放行隔离的图像。",
    "band-unknown": "请人工设定图像频段。",
    "hf-only": "请上传同一次检查的低频（凸阵）图像。",
    "lf-only": "请上传同一次检查的高频（线阵）图像。",
    "bands-in-different-exams": "高频与低频须属于同一次检查；请核对检查标识符。",
  },
  presets: {
    hf: { title: "仅高频", description: "仅高频编码器，从头训练（论文 §4.1）。" },
    lf: { title: "仅低频", description: "仅低频编码器，从头训练（论文 §4.1）。" },
    fusion_no_transfer: { title: "融合，无迁移", description: "两个频段经特征空间映射融合，从头训练。" },
    dual_transfer: { title: "双迁移融合", description: "两次迁移后训练融合网络：论文方法（§4.2）。" },
  },
};
