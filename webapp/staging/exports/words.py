"""What a printed report says, in the two languages; the same words as the case page uses."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]

WORDS: dict[str, dict[Language, str]] = {
    "title": {"en": "Liver fibrosis staging report", "zh": "肝纤维化分期报告"},
    "lead": {
        "en": "Paired high- and low-frequency ultrasound",
        "zh": "高频与低频超声配对",
    },
    "simulated": {
        "en": "SIMULATED DATA: says nothing about a real patient.",
        "zh": "模拟数据：不说明任何真实患者的情况。",
    },
    "research": {"en": "Not a medical device; for research.", "zh": "非医疗器械；仅供研究。"},
    "superseded": {
        "en": "SUPERSEDED by version {version}",
        "zh": "已被第 {version} 版取代",
    },
    "patient": {"en": "Patient", "zh": "患者"},
    "pseudonym": {"en": "Pseudonym", "zh": "假名"},
    "sex": {"en": "Sex", "zh": "性别"},
    "sex.F": {"en": "female", "zh": "女"},
    "sex.M": {"en": "male", "zh": "男"},
    "sex.O": {"en": "other", "zh": "其他"},
    "age": {"en": "Age", "zh": "年龄"},
    "years": {"en": "{years} years", "zh": "{years} 岁"},
    "site": {"en": "Site", "zh": "中心"},
    "exam": {"en": "Exam date (shifted)", "zh": "检查日期（已偏移）"},
    "version": {"en": "Version", "zh": "版本"},
    "conclusion": {"en": "Conclusion of the reviewer", "zh": "审阅结论"},
    "cannot-be-staged": {"en": "Cannot be staged", "zh": "无法分期"},
    "agree": {"en": "The reviewer agrees with the model.", "zh": "审阅者同意模型结果。"},
    "change": {
        "en": "The reviewer changed the stage; the model's answer was {stage}.",
        "zh": "审阅者更改了分期；模型结果为 {stage}。",
    },
    "cannot": {
        "en": "The reviewer finds that the exam cannot be staged; the model's answer was {stage}.",
        "zh": "审阅者认为本次检查无法分期；模型结果为 {stage}。",
    },
    "reasons": {"en": "Reasons", "zh": "理由"},
    "note": {"en": "Note", "zh": "备注"},
    "amended": {"en": "Amended because", "zh": "修订理由"},
    "images": {"en": "Images", "zh": "图像"},
    "picture": {"en": "{band}, frame {frame}", "zh": "{band}，第 {frame} 帧"},
    "outlined": {"en": "liver outlined", "zh": "已勾画肝脏"},
    "HF": {"en": "High frequency", "zh": "高频"},
    "LF": {"en": "Low frequency", "zh": "低频"},
    "answer": {"en": "Answer of the model", "zh": "模型结果"},
    "likeliest": {"en": "Likeliest stage", "zh": "最可能分期"},
    "probability": {"en": "Probability", "zh": "概率"},
    "threshold.S2": {"en": "≥ S2, significant fibrosis", "zh": "≥ S2，显著纤维化"},
    "threshold.S3": {"en": "≥ S3, advanced fibrosis", "zh": "≥ S3，进展期纤维化"},
    "threshold.S4": {"en": "S4, early cirrhosis", "zh": "S4，早期肝硬化"},
    "set": {"en": "Prediction set at {coverage} coverage", "zh": "预测集（覆盖率 {coverage}）"},
    "referral.wide-prediction-set": {
        "en": "More than two stages cannot be ruled out: refer to a specialist.",
        "zh": "不能排除的分期多于两个：请转专科医师评估。",
    },
    "referral.unfamiliar-pictures": {
        "en": "The pictures are unlike those that the model learned from: refer to a specialist.",
        "zh": "图像与模型训练所用图像不相似：请转专科医师评估。",
    },
    "bands": {"en": "Bands used", "zh": "所用频段"},
    "seconds": {"en": "Prediction time", "zh": "预测用时"},
    "serum": {"en": "Serum scores", "zh": "血清学指标"},
    "none": {"en": "not computed", "zh": "未计算"},
    "origin": {"en": "Where this comes from", "zh": "来源"},
    "model": {"en": "Model", "zh": "模型"},
    "weights": {"en": "Weights (SHA-256)", "zh": "权重（SHA-256）"},
    "dataset": {"en": "Training dataset", "zh": "训练数据集"},
    "code": {"en": "Code", "zh": "程序"},
    "image": {"en": "Image {band} (SHA-256)", "zh": "图像 {band}（SHA-256）"},
    "content": {"en": "Content of this report (SHA-256)", "zh": "本报告内容（SHA-256）"},
    "previous": {"en": "Content of the version before", "zh": "上一版本内容"},
    "signature": {"en": "Signature", "zh": "签名"},
    "signed": {
        "en": "Signed electronically by {name} ({username}, {role}) with the password of the account.",
        "zh": "由 {name}（{username}，{role}）以账户密码电子签名。",
    },
    "role.clinician": {"en": "clinician", "zh": "临床医师"},
    "role.administrator": {"en": "administrator", "zh": "管理员"},
    "page": {"en": "Page {page}", "zh": "第 {page} 页"},
    "reason.texture": {"en": "texture of the parenchyma", "zh": "肝实质回声"},
    "reason.capsule": {"en": "capsule or surface", "zh": "包膜或表面"},
    "reason.vessels": {"en": "vessels", "zh": "血管"},
    "reason.shape": {"en": "size or shape of the liver", "zh": "肝脏大小或形态"},
    "reason.clinical-values": {"en": "clinical or serum values", "zh": "临床或血清学指标"},
    "reason.earlier-exam": {"en": "earlier examination", "zh": "既往检查"},
    "reason.wrong-region": {"en": "the model looked at the wrong place", "zh": "模型关注的部位不对"},
    "reason.model-uncertain": {"en": "the model is too uncertain", "zh": "模型过于不确定"},
    "reason.image-quality": {"en": "image quality, artefact or blur", "zh": "图像质量、伪影或模糊"},
    "reason.no-liver": {"en": "no liver parenchyma in view", "zh": "视野内无肝实质"},
    "reason.band-missing-or-wrong": {"en": "a band is missing or wrong", "zh": "频段缺失或有误"},
    "reason.other-liver-disease": {"en": "another liver disease", "zh": "其他肝病"},
    "reason.unlike-training-data": {
        "en": "unlike what the model learned from",
        "zh": "与训练数据不相似",
    },
    "reason.other": {"en": "other (see the note)", "zh": "其他（见备注）"},
}


def say(language: Language, key: str, **holes: object) -> str:
    """The words of a key with its holes filled.

    >>> say("en", "page", page=2)
    'Page 2'
    """
    return WORDS[key][language].format(**holes)
