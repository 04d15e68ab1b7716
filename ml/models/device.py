"""Where a network runs and in which precision; both are recorded with the run."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Literal, TypeVar

import torch
from torch import nn

from ml.spec import HepaStageError

Precision = Literal["fp32", "bf16"]
Network = TypeVar("Network", bound=nn.Module)

MALLOPT = {-3: 2**31 - 1, -1: 2**31 - 1, -2: 2**28}
"""Of <malloc.h>: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD."""

PROBE_GAIN = 1.1  # bf16 has to be this much faster, so that noise alone never chooses it


class DeviceUnavailable(HepaStageError):
    """The asked-for device is not there."""

    code = "device-unavailable"
    remedy = "Leave the device out to use what is there, or say --device cpu."


def resolve_device(name: str = "auto") -> torch.device:
    """``auto`` is CUDA where there is one, else the CPU."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceUnavailable(f"There is no device called {name!r}.", code="device-unknown") from error
    if device.type == "cuda" and not torch.cuda.is_available():
        raise DeviceUnavailable("No CUDA device was found on this machine.")
    if device.type not in {"cpu", "cuda"}:
        raise DeviceUnavailable(f"Networks run on cpu or cuda, not on {device.type}.", code="device-unknown")
    return device


def keep_freed_memory() -> None:
    """Tell glibc to keep freed memory instead of giving it back and asking for it at every batch.

    A training step on a CPU spends up to half of its time on the page faults that this avoids (60
    instead of 38 pictures a core-second). It is a setting of the whole process, so programs ask for
    it, libraries do not; ``MALLOC_MMAP_THRESHOLD_`` and its kin in the environment do the same.
    Without effect where the C library is another one.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        for option, value in MALLOPT.items():
            mallopt(option, value)


def place(network: Network, device: torch.device) -> Network:
    """On the device and in channels-last order, which the convolutions of both CPU and GPU prefer."""
    return network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def autocast(device: torch.device, precision: Precision) -> torch.autocast:
    """bfloat16 arithmetic where ``precision`` says so; weights and the loss stay in fp32.

    fp16 is never used: on a CPU it is hundreds of times slower, on a GPU it needs loss scaling.
    """
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bf16")


def choose_precision(
    wanted: Literal["auto", "fp32", "bf16"],
    device: torch.device,
    build: Callable[[], nn.Module],
    planes: int,
) -> Precision:
    """Resolve ``auto`` by the processor time of training steps of the network itself in each precision."""
    if wanted != "auto":
        return wanted
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return "fp32"
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            network = place(build(), device).train()
            batch = torch.rand(2, planes, 256, 256)
        gain = _step_seconds(network, batch, "fp32") / _step_seconds(network, batch, "bf16")
    finally:
        torch.set_num_threads(threads)
    return "bf16" if gain > PROBE_GAIN else "fp32"


def _step_seconds(network: nn.Module, batch: torch.Tensor, precision: Precision) -> float:
    """Fewest seconds of processor time of four steps after a warm-up.

    Processor time of one thread, because it hardly depends on what else the machine is doing.
    """
    fewest = float("inf")
    for attempt in range(5):
        began = time.process_time()
        with autocast(batch.device, precision):
            loss = network(batch).float().square().mean()
        loss.backward()
        network.zero_grad()
        if attempt:
            fewest = min(fewest, time.process_time() - began)
    return fewest
