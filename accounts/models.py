from __future__ import annotations

from datetime import date
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.choices import PostKind, Role, SuggestionState
from accounts.permissions import COUNTY_LIAISON_PERMISSIONS, LIAISON_PERMISSIONS, ROLE_PERMISSIONS
from accounts.querysets import GrantQuerySet, PostQuerySet, SuggestionQuerySet, UserQuerySet
from calendars import clock
from counties.models import County
from departments.models import Department


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, username: str) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. Rights come from dated grants and posts alone; nobody is a superuser."""

    username = models.CharField("用户名", max_length=60, validators=[UnicodeUsernameValidator()])
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("电话", max_length=30, blank=True)
    email = models.EmailField("邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField("创建时间", auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(Lower("username"), name="username_unique_ignoring_case"),)

    def __str__(self) -> str:
        return self.name or self.username

    def may(self, permission: str) -> bool:
        """Whether today's grants and posts give `permission`. Row access is asked of querysets, not here."""
        return permission in self.permissions

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Permission names held today (Asia/Shanghai); empty for a disabled account."""
        if not self.is_active:
            return frozenset()
        held = [ROLE_PERMISSIONS[role] for role in self.roles]
        if any(post.department_id for post in self.current_posts):
            held.append(LIAISON_PERMISSIONS)
        if any(post.county_id for post in self.current_posts):
            held.append(COUNTY_LIAISON_PERMISSIONS)
        return frozenset().union(*held)

    @cached_property
    def roles(self) -> frozenset[str]:
        today = clock.today()
        return frozenset(grant.role for grant in self.grants.all() if grant.holds_on(today))

    @cached_property
    def current_posts(self) -> list[Post]:
        return self.posts_on(clock.today())

    def posts_on(self, on: date) -> list[Post]:
        """Posts held on that day, A角 and B角 alike."""
        return [post for post in self.posts.all() if post.holds_on(on)]

    @cached_property
    def departments(self) -> frozenset[int]:
        """Keys of the own departments today, with those they took over from."""
        return with_predecessors({post.department_id for post in self.current_posts if post.department_id})

    @cached_property
    def counties(self) -> frozenset[int]:
        """Keys of the counties in which a post is held today."""
        return frozenset(post.county_id for post in self.current_posts if post.county_id)

    def forget_rights(self) -> None:
        """Drop what was read of grants and posts, so that the next question asks the database again."""
        for name in ("permissions", "roles", "current_posts", "departments", "counties"):
            self.__dict__.pop(name, None)
        getattr(self, "_prefetched_objects_cache", {}).clear()


def with_predecessors(department_ids: set[int]) -> frozenset[int]:
    """The departments themselves and every department merged into one of them, however long ago."""
    known, newest = set(department_ids), set(department_ids)
    while newest:
        newest = set(Department.objects.filter(successor__in=newest).values_list("pk", flat=True)) - known
        known |= newest
    return frozenset(known)


class PasswordHistory(models.Model):
    """A password that was replaced, as its hash, so that the last ones are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "历史密码"
        ordering = ("-pk",)


class Grant(models.Model):
    """A role given to a user from one day to another; an open end means until further notice."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name="用户")
    role = models.CharField("角色", max_length=20, choices=Role)
    valid_from = models.DateField("自", default=clock.today)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("user", "role"), condition=Q(valid_to=None), name="grant_open_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="grant_dates_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"

    def holds_on(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Post(models.Model):
    """A person's duty in a department or a county. Duties belong to departments; people hold posts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name="人员")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="单位"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name="县（市、区）"
    )
    kind = models.CharField("角色", max_length=10, choices=PostKind, default=PostKind.PRIMARY)
    valid_from = models.DateField("自", default=clock.today)
    valid_to = models.DateField("至", null=True, blank=True)
    away_from = models.DateField("离岗自", null=True, blank=True)
    away_to = models.DateField("离岗至", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(department__isnull=False, county__isnull=True)
                | Q(department__isnull=True, county__isnull=False),
                name="post_in_department_or_county",
            ),
            models.UniqueConstraint(
                fields=("department",),
                condition=Q(kind="primary", valid_to=None),
                name="one_open_primary_post_per_department",
            ),
            models.UniqueConstraint(
                fields=("county",), condition=Q(kind="primary", valid_to=None), name="one_open_primary_post_per_county"
            ),
            models.UniqueConstraint(
                fields=("user", "department"), condition=Q(valid_to=None), name="department_post_open_once"
            ),
            models.UniqueConstraint(
                fields=("user", "county"), condition=Q(valid_to=None), name="county_post_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(away_from=None, away_to=None) | Q(away_to__gte=F("away_from")), name="post_absence_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.user}（{self.get_kind_display()}）"

    @property
    def place(self) -> Department | County:
        return self.department or self.county

    def holds_on(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def away_on(self, on: date) -> bool:
        return self.away_from is not None and self.away_from <= on <= self.away_to


class Suggestion(models.Model):
    """意见建议: what a user tells the office about the system (国办函〔2026〕12号 asks for such an entry)."""

    author = models.ForeignKey(User, models.PROTECT, related_name="suggestions", verbose_name="提出人")
    page = models.CharField("所在页面", max_length=300, blank=True)
    text = models.TextField("内容", max_length=1000)
    state = models.CharField("状态", max_length=10, choices=SuggestionState, default=SuggestionState.OPEN)
    answer = models.TextField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    created_at = models.DateTimeField("提出时间", default=clock.now)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "意见建议"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.text[:30]
