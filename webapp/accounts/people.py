"""People and sites, as an administrator manages them; passwords, which nobody else ever knows.

Nobody sets another person's password. A new person, and one who forgot it, gets a link that works once, for
a day (:func:`invitation`), handed over by whatever way the hospital trusts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from axes.utils import reset as unlock
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from ml.spec import HepaStageError
from webapp.accounts import sessions
from webapp.accounts.models import ApiToken, Site, User
from webapp.accounts.roles import Role
from webapp.audit import services as audit

EDITABLE = ("first_name", "last_name", "email", "role", "is_active")


class LastAdministrator(HepaStageError):
    """Somebody has to be able to manage the house."""

    code = "last-administrator"
    remedy = "Make somebody else an administrator first."
    http_status = 409


class NotOneself(HepaStageError):
    """Administrators do not take their own role or access away: a slip would lock them out."""

    code = "not-oneself"
    remedy = "Ask another administrator."
    http_status = 409


class PasswordRefused(HepaStageError):
    """The password is too easy to guess, or the present one is wrong."""

    code = "password-refused"
    remedy = "Use at least ten characters that are neither a common password nor like your name."


class SignsInElsewhere(HepaStageError):
    """A person of the identity provider has no password here."""

    code = "signs-in-elsewhere"
    remedy = "Use the button of the identity provider on the sign-in page."
    http_status = 409


class LinkOver(HepaStageError):
    """The link was used, is older than a day, or belongs to nobody."""

    code = "link-over"
    remedy = "Ask an administrator for a new link."
    http_status = 410


@transaction.atomic
def create_user(
    *,
    username: str,
    role: Role | str,
    sites: Iterable[Site],
    actor: User | None,
    request: Any = None,
    **names: str,
) -> User:
    """A person without a password, who gets in by :func:`invitation` or through the identity provider."""
    user = User(username=username, role=role, **names)
    user.set_unusable_password()
    user.save()
    user.sites.set(sites)
    detail = {"username": username, "role": str(role), "sites": _codes(user)}
    audit.record(actor=actor, action="user.created", object=user, request=request, detail=detail)
    return user


@transaction.atomic
def change_user(
    *,
    user: User,
    actor: User | None,
    changes: dict[str, Any],
    sites: Iterable[Site] | None = None,
    request: Any = None,
) -> User:
    """Change names, role, sites or whether a person may come in. Switching off ends sessions and tokens.

    ``actor`` is None where the identity provider says so. Raises NotOneself, LastAdministrator.
    """
    user = _locked(user, with_administrators=not {"role", "is_active"}.isdisjoint(changes))
    was_administrator = user.is_administrator and user.is_active
    before = {name: getattr(user, name) for name in EDITABLE}
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(name)
        setattr(user, name, value)
    if "role" in changes:  # the demonstration's administrator is a superuser; a role says all
        user.is_superuser = user.is_staff = user.role == Role.ADMINISTRATOR
    if was_administrator and not (user.is_administrator and user.is_active):
        if actor is not None and user.pk == actor.pk:
            raise NotOneself("You cannot take your own role or access away.")
        others = User.objects.exclude(pk=user.pk).filter(is_active=True)
        if not any(other.is_administrator for other in others):
            raise LastAdministrator("This is the last administrator.")
    user.save()
    if sites is not None:
        user.sites.set(sites)
    if not user.is_active:
        sessions.revoke_all(user=user)
    after = {name: getattr(user, name) for name in EDITABLE}
    changed = [name for name in EDITABLE if before[name] != after[name]]
    detail: dict[str, Any] = {  # names and addresses of people stay out of the log
        name: [before[name], after[name]] if name in {"role", "is_active"} else "changed" for name in changed
    }
    if sites is not None:
        detail["sites"] = _codes(user)
    audit.record(actor=actor, action="user.changed", object=user, request=request, detail=detail)
    return user


def _locked(user: User, *, with_administrators: bool) -> User:
    """The person as it stands now. Who may take an administrator away holds all of them, in one order.

    Else two administrators could remove each other at the same moment, each while the other still is one.
    """
    wanted = Q(pk=user.pk)
    if with_administrators:
        wanted |= Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True)
    found = {row.pk: row for row in User.objects.select_for_update().filter(wanted).order_by("pk")}
    if user.pk not in found:
        raise User.DoesNotExist
    return found[user.pk]


def _codes(user: User) -> list[str]:
    return sorted(site.code for site in user.sites.all())


@transaction.atomic
def invitation(*, user: User, actor: User, request: Any = None) -> str:
    """The path of a page where this person chooses a password, once, within a day.

    Also ends a lock-out after failed sign-ins. An older link stops working when the password changes.
    """
    _refuse_bound(user)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    unlock(username=user.username)
    audit.record(actor=actor, action="user.invited", object=user, request=request)
    return f"/password?uid={uid}&token={default_token_generator.make_token(user)}"


@transaction.atomic
def accept_invitation(*, uid: str, token: str, password: str, request: Any = None) -> User:
    """Choose a password by a link; ends every session and token of before."""
    try:
        user = User.objects.select_for_update().get(pk=force_str(urlsafe_base64_decode(uid)), is_active=True)
    except (User.DoesNotExist, ValueError, OverflowError, ValidationError) as error:
        raise LinkOver("This link does not work any more.") from error
    if not default_token_generator.check_token(user, token):
        raise LinkOver("This link does not work any more.")
    _refuse_bound(user)
    _set_password(user, password)
    sessions.revoke_all(user=user)
    ApiToken.objects.usable().filter(user=user).delete()
    audit.record(actor=user, action="user.password-chosen", object=user, request=request)
    return user


@transaction.atomic
def change_password(*, user: User, old: str, new: str, session_key: str | None, request: Any = None) -> None:
    """One's own; every other session of the user ends."""
    if not user.check_password(old):
        raise PasswordRefused("The present password is wrong.", remedy="Type it again.")
    _set_password(user, new)
    sessions.revoke_all(user=user, but=session_key)
    audit.record(actor=user, action="user.password-changed", object=user, request=request)


def _refuse_bound(user: User) -> None:
    from webapp.accounts import external

    if external.bound(user):
        raise SignsInElsewhere("This person signs in through the identity provider.")


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRefused(" ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def sign_out_everywhere(*, user: User, actor: User | None, request: Any = None) -> int:
    """End all sessions and tokens of a person; how many."""
    count = sessions.revoke_all(user=user)
    count += ApiToken.objects.usable().filter(user=user).delete()[0]
    audit.record(actor=actor, action="user.signed-out", object=user, request=request, detail={"ended": count})
    return count


@transaction.atomic
def create_site(*, code: str, name: str, actor: User, request: Any = None) -> Site:
    site = Site.objects.create(code=code, name=name)
    audit.record(
        actor=actor, action="site.created", object=site, site=site, request=request, detail={"code": code}
    )
    return site


@transaction.atomic
def rename_site(*, site: Site, name: str, actor: User, request: Any = None) -> Site:
    """The code stays: it stands in files and tables."""
    before, site.name = site.name, name
    site.save(update_fields=["name"])
    audit.record(
        actor=actor,
        action="site.renamed",
        object=site,
        site=site,
        request=request,
        detail={"name": [before, name]},
    )
    return site
