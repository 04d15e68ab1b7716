"""What the files under docker/ say, as data: instructions of the Dockerfile, services of a compose file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.conftest import ROOT

DOCKER = ROOT / "docker"


@dataclass
class BuildStage:
    """One FROM and what follows it."""

    base: str
    name: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def values(self, instruction: str) -> list[str]:
        return [value for name, value in self.instructions if name == instruction]


def build_stages() -> dict[str, BuildStage]:
    """The stages of the Dockerfile by name."""
    text = (DOCKER / "Dockerfile").read_text("utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    stages: dict[str, BuildStage] = {}
    current: BuildStage | None = None
    for line in filter(None, (line.strip() for line in text.splitlines())):
        instruction, _, value = line.partition(" ")
        if instruction == "FROM":
            base, _, name = value.partition(" AS ")
            current = stages[name] = BuildStage(base, name)
        else:
            assert current is not None, line
            current.instructions.append((instruction, " ".join(value.split())))
    return stages


def effective(name: str, instruction: str) -> str | None:
    """The last such instruction of a stage or of those that it is built on."""
    stages = build_stages()
    while name in stages:
        found = stages[name].values(instruction)
        if found:
            return found[-1]
        name = stages[name].base
    return None


def compose(name: str = "compose.yaml") -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DOCKER / name).read_text("utf-8"))
    return found


def command_of(service: str) -> list[str]:
    """What a container of this service runs: its own command, else the image's."""
    described = compose()["services"][service]
    if "command" in described:
        return list(described["command"])
    return list(json.loads(effective(described["build"]["target"], "CMD") or "[]"))
