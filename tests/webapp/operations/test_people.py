"""The demonstration's people."""

from __future__ import annotations

import pytest

from webapp.accounts.models import User
from webapp.accounts.roles import Role
from webapp.operations import people

pytestmark = pytest.mark.django_db


def test_the_first_run_makes_one_user_per_role_and_tells_their_passwords():
    passwords = people.first_users()
    assert set(passwords) == {role.value for role in Role}
    for name, password in passwords.items():
        user = User.objects.get(username=name)
        assert user.check_password(password)
        assert user.role == name
        assert [site.code for site in user.sites.all()] == ["DEMO"]
    assert len(set(passwords.values())) == 4


def test_later_runs_make_nobody_and_tell_nothing():
    people.first_users()
    assert people.first_users() == {}


def test_a_given_password_is_used(monkeypatch):
    monkeypatch.setenv("HEPASTAGE_DEMO_PASSWORD", "fixed-for-a-test")
    assert set(people.first_users().values()) == {"fixed-for-a-test"}
