"""Users and sites in Django's own administration pages, whose door is the site's own sign-in page."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect

from webapp.accounts.models import Site, User


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "role", "is_active"]
    list_filter = ["role", "sites", "is_active"]
    filter_horizontal = ["sites"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email", "language"]}),
        ("Work", {"fields": ["role", "sites"]}),
        ("Access", {"fields": ["is_active", "is_staff", "is_superuser"]}),
    ]


def _sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Not Django's page, which knows no second factor."""
    if request.user.is_authenticated:
        return HttpResponseForbidden(
            "Only administrators, with their second factor set up where it is required."
        )
    return HttpResponseRedirect("/signin?next=/admin/")


def _may_enter(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.is_active and user.is_staff and not user.second_factor_due


for model in (
    SocialAccount,
    SocialApp,
    SocialToken,
):  # the provider is the environment's, bindings are audited
    admin.site.unregister(model)
admin.site.login = _sign_in  # type: ignore[method-assign]
admin.site.has_permission = _may_enter  # type: ignore[method-assign]
