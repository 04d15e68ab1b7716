"""Which models may stage patients, and going back to the one before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.training import services
from webapp.training.errors import NothingToRollBack, PromotionBarred
from webapp.training.models import Alias, ModelVersion, Run
from webapp.training.registry import ModelDamaged

Finished = Callable[..., Run]


def _promote(run: Run, actor: User, alias: str = "champion") -> ModelVersion:
    return services.promote(model=run.model, alias=alias, actor=actor)


def test_nobody_is_champion_before_the_first_promotion(db: None) -> None:
    assert services.champion() is None


def test_a_promoted_model_is_the_champion_and_the_act_is_recorded(
    finished: Finished, researcher: User
) -> None:
    run = finished("One")
    _promote(run, researcher)
    assert services.champion() == run.model
    entry = Entry.objects.get(action="model.promoted")
    assert (entry.actor, entry.detail["alias"], entry.detail["sha256"]) == (
        researcher,
        "champion",
        run.model.sha256,
    )


def test_promoting_the_holder_again_changes_nothing(finished: Finished, researcher: User) -> None:
    run = finished("One")
    _promote(run, researcher)
    _promote(run, researcher)
    assert Alias.objects.count() == 1


def test_aliases_are_independent(finished: Finished, researcher: User) -> None:
    one, two = finished("One"), finished("Two")
    _promote(one, researcher)
    _promote(two, researcher, "challenger")
    assert services.champion() == one.model
    _promote(two, researcher)
    assert services.champion() == two.model


def test_a_paper_protocol_model_is_never_promoted(finished: Finished, researcher: User) -> None:
    run = finished("Optimist", protocol="paper")
    with pytest.raises(PromotionBarred) as refusal:
        _promote(run, researcher)
    assert refusal.value.code == "paper-protocol-not-promotable"
    assert services.champion() is None


def test_a_model_without_a_strict_evaluation_is_not_promoted(finished: Finished, researcher: User) -> None:
    run = finished("Unproven")
    ModelVersion.objects.update(metrics={})
    with pytest.raises(PromotionBarred) as refusal:
        services.promote(model=ModelVersion.objects.get(run=run), alias="champion", actor=researcher)
    assert refusal.value.code == "strict-evaluation-missing"


def test_a_model_whose_files_changed_is_not_promoted(finished: Finished, researcher: User) -> None:
    run = finished("Damaged")
    weights = run.model.folder / "model.safetensors"
    weights.chmod(0o644)
    weights.write_bytes(weights.read_bytes()[:-4] + b"\xff\xff\xff\xff")
    with pytest.raises(ModelDamaged):
        _promote(run, researcher)


def test_a_rollback_goes_back_step_by_step(finished: Finished, researcher: User) -> None:
    one, two, three = finished("One"), finished("Two"), finished("Three")
    for run in (one, two, three):
        _promote(run, researcher)
    assert services.roll_back(alias="champion", actor=researcher) == two.model
    assert services.roll_back(alias="champion", actor=researcher) == one.model
    with pytest.raises(NothingToRollBack):
        services.roll_back(alias="champion", actor=researcher)
    assert services.champion() == one.model
    assert Alias.objects.count() == 5  # nothing of the history was removed


def test_after_a_rollback_and_a_new_promotion_the_way_back_is_to_what_was_rolled_back_to(
    finished: Finished, researcher: User
) -> None:
    one, two, three = finished("One"), finished("Two"), finished("Three")
    _promote(one, researcher)
    _promote(two, researcher)
    services.roll_back(alias="champion", actor=researcher)
    _promote(three, researcher)
    assert services.roll_back(alias="champion", actor=researcher) == one.model


def test_nothing_to_roll_back(db: None, researcher: User) -> None:
    with pytest.raises(NothingToRollBack):
        services.roll_back(alias="champion", actor=researcher)


def test_the_database_allows_one_holder_of_an_alias(finished: Finished, researcher: User) -> None:
    run = finished("One")
    _promote(run, researcher)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(name="champion", model=run.model)
