"""What a run page shows is the event log: after a reload, in a second browser, and past a cut socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.api import Api
from tests.browser.house import House
from tests.browser.pages import Run

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]
SPEC: dict[str, Any] = {
    "architecture": "hf",
    "transfer": {"first": False, "second": False},
    "augmentation": {"policy": "none"},
    "epochs": 60,
    "patience": 60,
    "batch_size": 16,
}


@pytest.fixture
def running(dataset: str, api: Callable[[str], Api]) -> Iterator[dict[str, Any]]:
    """A run that has finished an epoch and has many to go; cancelled afterwards."""
    researcher = api("researcher")
    run = researcher.launch("Watched", dataset, SPEC)
    researcher.wait_for_epoch(run["job"]["id"], seconds=300)
    yield run
    researcher.post(f"runs/{run['id']}/cancel/")
    researcher.wait_for_job(run["job"]["id"], seconds=120, state="cancelled")


def complete(run: Run) -> dict[int, str]:
    """The events on the page; asserts that none is missing or doubled."""
    log = run.log()
    assert list(log) == list(range(min(log), max(log) + 1))
    return log


def same(one: dict[int, str], other: dict[int, str]) -> bool:
    """Whether two logs agree wherever both have an event."""
    common = one.keys() & other.keys()
    return bool(common) and all(one[number] == other[number] for number in common)


def test_a_reload_and_a_second_browser_show_the_same_run(
    running: dict[str, Any], open_as: Callable[..., Page]
) -> None:
    first = Run(open_as("researcher")).open(running["id"])
    first.wait_for_points(1)
    before = complete(first)
    points = first.points

    first.page.reload()
    first.wait_for_points(1)
    assert first.points >= points
    assert same(complete(first), before)

    second = Run(open_as("researcher")).open(running["id"])
    second.wait_for_points(1)
    assert same(complete(second), complete(first))


def test_a_cut_socket_comes_back_and_nothing_is_missing(
    running: dict[str, Any], open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    sockets: list[WebSocketRoute] = []

    def through(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/ws/jobs/**", through)
    run = Run(page).open(running["id"])
    run.wait_for_points(1)
    expect(page.get_by_test_id("job-progress")).to_contain_text("Live")
    seen = run.last_seq

    sockets[-1].close(code=1011, reason="cut by the test")
    expect(page.get_by_test_id("job-progress")).to_contain_text("Live", timeout=30_000)
    assert len(sockets) >= 2
    assert f"after={0}" not in sockets[-1].url.split("?")[-1], "the socket asks for everything again"

    expect(page.locator(f"[data-testid=event-log] tr[data-seq='{seen + 2}']")).to_be_visible(timeout=60_000)
    complete(run)


def test_without_sockets_the_page_still_moves(running: dict[str, Any], open_as: Callable[..., Page]) -> None:
    page = open_as("researcher")
    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011, reason="refused"))
    run = Run(page).open(running["id"])
    run.wait_for_points(1)
    expect(page.get_by_test_id("job-progress")).to_contain_text("asking every two seconds")
    seen = run.last_seq
    expect(page.locator(f"[data-testid=event-log] tr[data-seq='{seen + 1}']")).to_be_visible(timeout=60_000)
    complete(run)


def test_a_page_says_when_the_server_is_away_and_goes_on_when_it_is_back(
    house: House, open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    page.goto("/jobs")
    away = page.get_by_test_id("server-away")
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    expect(away).to_be_hidden()
    house.supervisor().stopProcess("web")
    try:
        expect(away).to_be_visible(timeout=10_000)
        expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    finally:
        house.supervisor().startProcess("web")
    expect(away).to_be_hidden(timeout=60_000)
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
