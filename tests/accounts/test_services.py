from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from knox.models import AuthToken

from accounts import services
from accounts.choices import EXCLUSIVE_ROLES, PostKind, Role, SuggestionState
from accounts.errors import Refused
from accounts.guards import NotAllowed
from accounts.models import Grant, Post, User
from accounts.services.passwords import LETTERS, initial_password
from audit.models import AuditEvent
from calendars import clock
from tests.accounts import people

pytestmark = pytest.mark.django_db
BUSINESS = [Role.OFFICE_ADMIN, Role.OFFICE_STAFF, Role.LEADER]


def refused(code):
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def actions():
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def new_user(by, **changes):
    return services.create_user(**{"username": "li", "name": "李四", "by": by} | changes)


def test_a_user_gets_a_one_time_password_that_is_not_kept(admin):
    user, password = new_user(admin, phone="0551-62650000")

    assert user.check_password(password)
    assert (user.must_change_password, user.phone) == (True, "0551-62650000")
    event = AuditEvent.objects.order_by("sequence").last()
    assert (event.action, event.actor_name) == ("user.created", "王管理")
    assert password not in event.payload


def test_initial_passwords_differ_and_fill_three_kinds_of_letters_and_a_sign():
    drawn = {initial_password() for _ in range(200)}

    assert len(drawn) == 200
    assert all(all(set(word) & set(kind) for kind in LETTERS) and word.count("-") == 2 for word in drawn)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "ADMIN"}, "username_taken"),
        ({"username": "a b"}, "invalid"),
        ({"name": ""}, "invalid"),
        ({"email": "nobody"}, "invalid"),
        ({"password": "short"}, "password_weak"),
    ],
)
def test_a_bad_user_is_refused(admin, changes, code):
    with refused(code):
        new_user(admin, **changes)

    assert User.objects.count() == 1


def test_two_names_that_differ_in_case_cannot_both_exist_even_when_the_check_is_raced(admin, monkeypatch):
    monkeypatch.setattr("accounts.querysets.UserQuerySet.named", lambda self, name: self.none())

    with refused("username_taken"):
        new_user(admin, username="Admin")


def test_nobody_else_may_touch_users(security):
    user = people.person()

    for act in (
        lambda: new_user(security),
        lambda: services.disable_user(user, by=security),
        lambda: services.enable_user(user, by=security),
        lambda: services.reset_password(user, by=security),
        lambda: services.change_profile(user, phone="1", email="", by=security),
        lambda: services.change_user(user, name="x", phone="", email="", by=security),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_initial_password_of_the_office_must_be_changed(admin):
    with pytest.raises(ValueError, match="must be changed"):
        new_user(admin, must_change=False)


def test_disabling_takes_every_right_and_token_at_once(admin, department):
    user = people.liaison(department)
    AuthToken.objects.create(user=user)

    services.disable_user(user, by=admin)

    assert people.fresh(user).permissions == frozenset()
    assert user.auth_token_set.count() == 0
    with refused("already_done"):
        services.disable_user(user, by=admin)
    services.enable_user(user, by=admin)
    assert people.fresh(user).may("report.file")
    with refused("already_done"):
        services.enable_user(user, by=admin)


def test_nobody_disables_himself(admin):
    people.person("另一管理员", Role.OFFICE_ADMIN)

    with refused("own_account"):
        services.disable_user(admin, by=admin)


def test_the_last_office_admin_stays(admin, security):
    with refused("last_admin"):
        services.disable_user(admin, by=None)
    with refused("last_admin"):
        services.end_grant(admin.grants.get(), by=security)

    second = people.person("另一管理员", Role.OFFICE_ADMIN)
    services.disable_user(second, by=admin)
    with refused("last_admin"):  # a disabled administrator is none
        services.end_grant(admin.grants.get(), by=security)


def test_a_successor_who_begins_later_or_ends_soon_does_not_make_the_last_admin_expendable(admin, security):
    tomorrow = clock.today() + timedelta(days=1)
    later, soon = people.person("明日"), people.person("今日")
    services.grant_role(later, role=Role.OFFICE_ADMIN, by=security, valid_from=tomorrow)
    services.grant_role(soon, role=Role.OFFICE_ADMIN, by=security, valid_to=clock.today())

    with refused("last_admin"):
        services.end_grant(admin.grants.get(), by=security)


def test_a_reset_password_is_one_time_and_the_old_one_is_gone(admin):
    user = people.person()

    password = services.reset_password(user, by=admin)

    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password(people.PASSWORD)
    assert user.must_change_password
    assert password not in AuditEvent.objects.order_by("sequence").last().payload
    with refused("own_account"):
        services.reset_password(admin, by=admin)


def test_the_own_password_changes_and_the_last_five_are_not_taken_again():
    user = people.person()
    words = [f"Bai-shu-lin-{number}" for number in range(5)]
    for word in words:
        services.change_password(user, word, by=user)

    for used in words:
        with refused("password_weak"):
            services.change_password(user, used, by=user)
    services.change_password(user, people.PASSWORD, by=user)  # the sixth back
    assert user.check_password(people.PASSWORD)


def test_contact_data_is_changed_by_its_owner_and_recorded_with_before_and_after():
    user = people.person()

    services.change_profile(user, phone="13800000000", email="", by=user)
    services.change_profile(user, phone="13800000000", email="", by=user)

    assert actions().count("user.profile_changed") == 1
    assert "13800000000" in AuditEvent.objects.get(action="user.profile_changed").payload


def test_grants_belong_to_the_security_admin_and_nobody_grants_himself(admin, security):
    user = people.person()

    with pytest.raises(NotAllowed):
        services.grant_role(user, role=Role.OFFICE_STAFF, by=admin)
    with refused("own_grant"):
        services.grant_role(security, role=Role.AUDITOR, by=security)
    with refused("own_grant"):
        services.end_grant(security.grants.get(), by=security)
    grant = services.grant_role(user, role=Role.OFFICE_STAFF, by=security)
    assert people.fresh(user).may("report.review")
    with pytest.raises(NotAllowed):
        services.end_grant(grant, by=admin)


@pytest.mark.parametrize("exclusive", sorted(EXCLUSIVE_ROLES))
@pytest.mark.parametrize("other", [*BUSINESS, *sorted(EXCLUSIVE_ROLES)])
def test_powers_are_kept_apart_both_ways(security, exclusive, other):
    if other == exclusive:
        return
    first, second = people.person("甲", exclusive), people.person("乙", other)

    with refused("powers_mixed"):
        services.grant_role(first, role=other, by=security)
    with refused("powers_mixed"):
        services.grant_role(second, role=exclusive, by=security)


@pytest.mark.parametrize("exclusive", sorted(EXCLUSIVE_ROLES))
def test_posts_and_the_three_administrators_are_kept_apart_both_ways(admin, security, department, exclusive):
    apart, liaison = people.person("甲", exclusive), people.liaison(department)
    post = liaison.posts.get()

    with refused("powers_mixed"):
        services.open_post(apart, by=admin, department=people.department("省财政厅"))
    with refused("powers_mixed"):
        services.hand_over_post(post, to=apart, by=admin)
    with refused("powers_mixed"):
        services.grant_role(liaison, role=exclusive, by=security)
    post.refresh_from_db()
    assert (post.user, post.valid_to) == (liaison, None)


def test_a_role_is_not_given_twice_for_the_same_days(security):
    user = people.person()
    today = clock.today()
    services.grant_role(user, role=Role.LEADER, by=security, valid_to=today + timedelta(days=5))

    with refused("already_granted"):
        services.grant_role(user, role=Role.LEADER, by=security)
    with refused("dates_wrong"):
        services.grant_role(user, role=Role.LEADER, by=security, valid_to=today - timedelta(days=1))
    services.grant_role(user, role=Role.LEADER, by=security, valid_from=today + timedelta(days=6))


def test_a_role_ends_at_the_next_request(security):
    old, new = people.person("旧", Role.LEADER), people.person("新", Role.LEADER)
    Grant.objects.filter(user=old).update(valid_from=date(2020, 1, 1), valid_to=clock.today() + timedelta(days=9))

    for user in (old, new):
        grant = user.grants.get()
        services.end_grant(grant, by=security)
        assert people.fresh(user).permissions == frozenset()
        with refused("already_ended"):
            services.end_grant(grant, by=security)

    assert old.grants.get().valid_to == clock.today() - timedelta(days=1)
    assert actions().count("grant.ended") == 2


def test_a_post_needs_exactly_one_place(admin, department):
    user = people.person()

    with refused("place_required"):
        services.open_post(user, by=admin)
    with refused("place_required"):
        services.open_post(user, by=admin, department=department, county=people.county())


def test_a_department_has_one_primary_and_any_number_of_backups(admin, department):
    people.liaison(department, "甲")

    with refused("primary_taken"):
        services.open_post(people.person("乙"), by=admin, department=department)
    for name in ("丙", "丁"):
        services.open_post(people.person(name), by=admin, department=department, kind=PostKind.BACKUP)
    assert Post.objects.filter(department=department).count() == 3


def test_the_database_keeps_one_open_primary_even_when_the_check_is_raced(department):
    people.liaison(department, "甲")

    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(user=people.person("乙"), department=department)


def test_a_post_that_would_overlap_a_later_one_is_refused(admin, department):
    later = clock.today() + timedelta(days=10)
    services.open_post(people.person("甲"), by=admin, department=department, valid_from=later)

    with refused("primary_taken"):
        services.open_post(people.person("乙"), by=admin, department=department)


def test_nobody_holds_two_posts_in_one_department(admin, department):
    user = people.liaison(department)

    with refused("already_posted"):
        services.open_post(user, by=admin, department=department, kind=PostKind.BACKUP)


def test_a_disabled_user_or_a_closed_department_gets_no_post(admin, department):
    user = people.person()
    services.disable_user(user, by=admin)
    with refused("user_disabled"):
        services.open_post(user, by=admin, department=department)

    department.valid_to = clock.today() - timedelta(days=1)
    department.save()
    with refused("place_closed"):
        services.open_post(people.person(), by=admin, department=department)


def test_a_hand_over_takes_effect_at_the_next_request(admin, department):
    old, new = people.liaison(department, "旧"), people.person("新")
    post = old.posts.get()

    services.hand_over_post(post, to=new, by=admin)

    assert people.fresh(old).departments == frozenset()
    assert people.fresh(new).departments == {department.pk}
    assert people.fresh(new).may("report.file")
    assert not people.fresh(old).may("report.file")
    post.refresh_from_db()
    assert post.valid_to == clock.today() - timedelta(days=1)
    event = AuditEvent.objects.get(action="post.handed_over")
    assert (event.actor_name, old.username in event.payload, new.username in event.payload) == ("王管理", True, True)
    with refused("already_ended"):
        services.hand_over_post(post, to=people.person("慢"), by=admin)


def test_a_post_opened_today_by_mistake_is_handed_over_today(admin, department):
    old, new = people.person("错"), people.person("对")
    post = services.open_post(old, by=admin, department=department)

    services.hand_over_post(post, to=new, by=admin)

    assert people.fresh(old).departments == frozenset()
    assert people.fresh(new).departments == {department.pk}


def test_a_hand_over_can_be_arranged_for_a_later_day(admin, department):
    old, new = people.liaison(department, "旧"), people.person("新")
    later = clock.today() + timedelta(days=3)

    services.hand_over_post(old.posts.get(), to=new, by=admin, on=later)

    assert people.fresh(old).departments == {department.pk}
    assert people.fresh(new).departments == frozenset()
    assert [post.user.name for post in Post.objects.current(later)] == ["新"]


def test_the_backup_becomes_primary_in_the_same_step(admin, department):
    primary, backup = people.liaison(department, "甲"), people.liaison(department, "乙", PostKind.BACKUP)

    services.hand_over_post(primary.posts.get(), to=backup, by=admin)

    current = Post.objects.current(clock.today())
    assert [(post.user.name, post.kind) for post in current] == [("乙", PostKind.PRIMARY)]


def test_a_hand_over_is_refused_to_the_same_or_a_disabled_person_and_by_others(admin, security, department):
    old, gone = people.liaison(department, "旧"), people.person("走")
    services.disable_user(gone, by=admin)
    post = old.posts.get()

    with refused("same_person"):
        services.hand_over_post(post, to=old, by=admin)
    with refused("user_disabled"):
        services.hand_over_post(post, to=gone, by=admin)
    for act in (
        lambda: services.hand_over_post(post, to=admin, by=security),
        lambda: services.open_post(gone, by=security, department=department),
        lambda: services.end_post(post, by=security),
        lambda: services.set_absence(post, away_from=None, away_to=None, by=old),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(Post.objects.values_list("user__name", "valid_to")) == [("旧", None)]


def test_a_post_ends_at_once(admin, department):
    user = people.liaison(department)
    post = user.posts.get()

    services.end_post(post, by=admin)

    assert not people.fresh(user).may("report.file")
    with refused("already_ended"):
        services.end_post(post, by=admin)


def test_an_absence_is_recorded_and_cleared(admin, department):
    post = people.liaison(department).posts.get()
    first, last = date(2026, 5, 1), date(2026, 5, 7)

    services.set_absence(post, away_from=first, away_to=last, by=admin)
    assert [post.away_on(day) for day in (first, last, date(2026, 5, 8))] == [True, True, False]
    services.set_absence(post, away_from=None, away_to=None, by=admin)
    assert post.away_from is None

    for wrong in ((last, first), (first, None), (None, last)):
        with refused("dates_wrong"):
            services.set_absence(post, away_from=wrong[0], away_to=wrong[1], by=admin)
    services.end_post(post, by=admin)
    with refused("already_ended"):
        services.set_absence(post, away_from=first, away_to=last, by=admin)


def test_a_suggestion_is_written_by_anybody_and_answered_by_the_office(admin):
    user = people.person()
    suggestion = services.write_suggestion(text=" 字太小 ", by=user, page="/plans/1/")

    with pytest.raises(NotAllowed):
        services.answer_suggestion(suggestion, answer="好", by=user)
    with refused("text_required"):
        services.answer_suggestion(suggestion, answer=" ", by=admin)
    services.answer_suggestion(suggestion, answer="已改", by=admin)

    assert (suggestion.text, suggestion.state, suggestion.answer) == ("字太小", SuggestionState.ANSWERED, "已改")
    with refused("text_required"):
        services.write_suggestion(text=" ", by=user)
    with refused("text_too_long"):
        services.write_suggestion(text="字" * 1001, by=user)


def test_a_refused_change_leaves_no_audit_row(admin):
    before = actions()

    with refused("username_taken"):
        new_user(admin, username="admin")

    assert actions() == before
