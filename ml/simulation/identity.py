"""Invented people: names, numbers, dates. Realistic enough that de-identification has work to do.

Nobody exists behind them: identifiers come from a hash of (seed, site, index) and the telephone
numbers from a block that is reserved for fiction.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

FAMILY = (
    ("Wang", "王"),
    ("Li", "李"),
    ("Zhang", "张"),
    ("Liu", "刘"),
    ("Chen", "陈"),
    ("Yang", "杨"),
    ("Zhao", "赵"),
    ("Huang", "黄"),
    ("Zhou", "周"),
    ("Wu", "吴"),
    ("Xu", "徐"),
    ("Sun", "孙"),
    ("Ma", "马"),
    ("Zhu", "朱"),
    ("Hu", "胡"),
    ("Guo", "郭"),
    ("Lin", "林"),
    ("He", "何"),
    ("Gao", "高"),
    ("Liang", "梁"),
)
GIVEN = {
    "M": (
        ("Wei", "伟"),
        ("Qiang", "强"),
        ("Lei", "磊"),
        ("Jun", "军"),
        ("Yong", "勇"),
        ("Jie", "杰"),
        ("Tao", "涛"),
        ("Chao", "超"),
        ("Ming", "明"),
        ("Gang", "刚"),
        ("Ping", "平"),
        ("Hui", "辉"),
    ),
    "F": (
        ("Fang", "芳"),
        ("Na", "娜"),
        ("Min", "敏"),
        ("Jing", "静"),
        ("Li", "丽"),
        ("Yan", "艳"),
        ("Juan", "娟"),
        ("Xia", "霞"),
        ("Xiuying", "秀英"),
        ("Lan", "兰"),
        ("Hong", "红"),
        ("Ting", "婷"),
    ),
}
HOSPITALS = ("Simulated City Hospital", "Simulated University Hospital", "Simulated County Hospital")


def fingerprint(*parts: object) -> int:
    """A 128-bit number that depends on ``parts`` alone."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:16], "big")


def make_uid(*parts: object) -> str:
    """A DICOM UID under 2.25 (UUID-derived, PS3.5 B.2) that is the same for the same ``parts``."""
    return f"2.25.{uuid.UUID(int=fingerprint('uid', *parts), version=4).int}"


def patient_id(seed: int, site: str, index: int) -> str:
    """Hospital number of patient ``index``; not in the order of the index, so nothing can be read off it."""
    # The multiplication permutes 0 … 9,999,999, so numbers of one cohort never collide.
    offset = fingerprint("patient", seed, site) % 10_000_000
    return f"{_site_prefix(site)}{(index * 7_368_787 + offset) % 10_000_000:07d}"


def _site_prefix(site: str) -> str:
    letters = "".join(c for c in site.upper() if c.isascii() and c.isalnum())
    return (letters or "SITE")[:4]


@dataclass(frozen=True)
class Person:
    """Identity of one simulated patient and of the visit."""

    patient_id: str
    family: tuple[str, str]
    given: tuple[str, str]
    sex: str
    birth: date
    visit: date
    hour: int
    telephone: str
    national_id: str
    physician: str
    operator: str
    hospital: str
    accession: str

    @property
    def age(self) -> int:
        """Full years at the visit."""
        return (
            self.visit.year
            - self.birth.year
            - ((self.visit.month, self.visit.day) < (self.birth.month, self.birth.day))
        )

    @property
    def latin_name(self) -> str:
        """As DICOM writes it: ``Zhang^Wei``."""
        return f"{self.family[0]}^{self.given[0]}"

    @property
    def full_name(self) -> str:
        """Latin and ideographic component groups (PS3.5 6.2.1.1)."""
        return f"{self.latin_name}={self.family[1]}^{self.given[1]}"

    @property
    def screen_name(self) -> str:
        """As scanners burn it into the picture."""
        return f"{self.family[0].upper()}, {self.given[0]}"


def invent(rng: np.random.Generator, *, seed: int, site: str, index: int, severity: float) -> Person:
    """One person; age rises gently with severity, as in chronic hepatitis B."""
    sex = "M" if rng.random() < 0.66 else "F"
    age = float(np.clip(rng.normal(37 + 2.6 * severity, 9.5), 18, 78))
    visit = date(2023, 1, 9) + timedelta(days=int(rng.integers(0, 700)))
    birth = visit - timedelta(days=int(age * 365.25))
    number = patient_id(seed, site, index)
    surname = [FAMILY[i][0] for i in rng.integers(0, len(FAMILY), 2)]
    return Person(
        patient_id=number,
        family=FAMILY[rng.integers(len(FAMILY))],
        given=GIVEN[sex][rng.integers(len(GIVEN[sex]))],
        sex=sex,
        birth=birth,
        visit=visit,
        hour=int(rng.integers(8, 17)),
        telephone=f"555-01{rng.integers(100):02d}",
        national_id=f"SIM{fingerprint('national', number) % 10**15:015d}",
        physician=f"{surname[0]}^Dr",
        operator=f"{surname[1]}^Op",
        hospital=HOSPITALS[fingerprint("hospital", site) % len(HOSPITALS)],
        accession=f"A{fingerprint('accession', number) % 10**9:09d}",
    )
