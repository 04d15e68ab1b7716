"""People who sign in through the hospital's identity provider (OpenID Connect): who they are here.

Nobody gets in by having an account there alone. A person is known by the provider's subject identifier; the
first time, by one of two ways that the operator has to switch on:

- ``OIDC_ROLES``: a group of the directory stands for a role and sites. Looked at with every sign-in, so that
  whoever left the group is out (sessions and tokens too), and whoever changed has another role.
- ``OIDC_MATCH_CLAIM``: an administrator made the account beforehand, nobody ever chose a password for it, and
  this claim is its user name.

An account that has a password is never taken over by a claim, and a bound one never signs in by password:
the provider looks after passwords and second factors. Where ``SECOND_FACTOR`` wants one of this user, the ID
token has to say that one was used (``amr``, RFC 8176).
"""

from __future__ import annotations

import logging
import unicodedata
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from ml.spec import HepaStageError
from webapp.accounts import people
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.audit import services as audit
from webapp.oidc_roles import GroupRole, entitled

log = logging.getLogger(__name__)

# Of RFC 8176, those that stand for more than a password.
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "sc", "swk", "fpt", "face", "iris", "retina", "vbm"})
_SUBJECT_LONGEST = 191  # of allauth's column; the specification says 255 ASCII characters at most


class NotEntitled(HepaStageError):
    """The identity provider knows this person, and nothing says that they may come in here."""

    code = "provider-not-entitled"
    remedy = "Ask an administrator to let you in, with the group or the account that this house expects."
    http_status = 403


class ProviderNameTaken(HepaStageError):
    """Somebody else has this user name, with a password."""

    code = "provider-name-taken"
    remedy = "Ask an administrator: an account with a password is never taken over."
    http_status = 409


class ProviderSecondFactor(HepaStageError):
    """This house wants a second factor, and the identity provider did not ask for one."""

    code = "provider-second-factor"
    remedy = "Sign in there with a second factor, or ask its administrators to require one."
    http_status = 403


class ProviderFailed(HepaStageError):
    """The identity provider did not answer, or not as it should."""

    code = "provider-failed"
    remedy = "Try again; then tell an administrator, who finds the reason in the log."
    http_status = 502


def bound(user: User) -> bool:
    """Whether this user signs in through the provider that is switched on now, and only there."""
    return bool(settings.OIDC_ISSUER) and _accounts().filter(user=user).exists()


def sign_in(*, claims: dict[str, Any], request: Any = None) -> User:
    """The user that these verified claims stand for, made or brought up to date.

    Raises NotEntitled, ProviderNameTaken, ProviderSecondFactor, ProviderFailed, or LastAdministrator.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_LONGEST:
        raise ProviderFailed("The identity provider did not say who this is.")
    account = _accounts().select_related("user").filter(uid=subject).first()
    right = entitled(_groups(claims), settings.OIDC_ROLES)
    if settings.OIDC_ROLES and right is None:
        if account is not None:
            people.sign_out_everywhere(user=account.user, actor=None, request=request)
        raise NotEntitled("None of your groups may come in here.")
    with transaction.atomic():
        user = account.user if account is not None else _first_time(subject, claims, right, request)
        if not user.is_active:
            raise NotEntitled("This account is switched off.")
        if right is not None:
            user = _bring_up_to_date(user, right, request)
        if user.second_factor_required and not SECOND_FACTORS & set(_texts(claims.get("amr"))):
            raise ProviderSecondFactor("The identity provider asked for no second factor.")
    return user


def _accounts() -> Any:
    """Bound to the issuer's address, so that another provider's subjects are strangers."""
    return SocialAccount.objects.filter(provider=settings.OIDC_ISSUER)


def _first_time(subject: str, claims: dict[str, Any], right: GroupRole | None, request: Any) -> User:
    name = _name(claims)
    user = User.objects.select_for_update().filter(username__iexact=name).first()
    waiting = user is not None and not user.has_usable_password() and user.last_login is None
    if user is not None and not (waiting and settings.OIDC_MATCH_CLAIM and not _accounts().filter(user=user)):
        raise ProviderNameTaken("Somebody here has this user name already.")
    if user is None:
        if right is None:
            raise NotEntitled("No account was made for you here.")
        user = people.create_user(
            username=name, role=right.role, sites=_sites(right), actor=None, request=request,
            first_name=str(claims.get("given_name") or "")[:150],
            last_name=str(claims.get("family_name") or "")[:150],
        )  # fmt: skip
    SocialAccount.objects.create(provider=settings.OIDC_ISSUER, uid=subject, user=user)
    audit.record(actor=user, action="user.bound-to-provider", object=user, request=request)
    return user


def _bring_up_to_date(user: User, right: GroupRole, request: Any) -> User:
    sites = _sites(right)
    same_sites = {site.pk for site in sites} == {site.pk for site in user.sites.all()}
    if user.effective_role == right.role and same_sites:
        return user
    changes = {} if user.effective_role == right.role else {"role": Role(right.role)}
    return people.change_user(user=user, actor=None, changes=changes, sites=sites, request=request)


def _sites(right: GroupRole) -> list[Site]:
    found = list(Site.objects.filter(code__in=right.sites))
    if unknown := set(right.sites) - {site.code for site in found}:
        log.error("OIDC_ROLES names sites that do not exist: %s", ", ".join(sorted(unknown)))
    if not found and right.role != Role.ADMINISTRATOR:
        raise NotEntitled("The site of your group does not exist here.")
    return found


def _name(claims: dict[str, Any]) -> str:
    claim = settings.OIDC_MATCH_CLAIM or "preferred_username"
    name = unicodedata.normalize("NFKC", str(claims.get(claim) or "")).strip()
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        name = ""
    if not 0 < len(name) <= 150:
        log.error("the identity provider sent no usable user name in the claim %r", claim)
        raise NotEntitled("The identity provider told no user name for you.")
    return name


def _groups(claims: dict[str, Any]) -> list[str]:
    return _texts(claims.get(settings.OIDC_GROUPS_CLAIM))


def _texts(value: Any) -> list[str]:
    """A claim that is a text or a list of texts."""
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
