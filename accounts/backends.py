from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class RightsBackend(AuthenticationBackend):
    """Signs in by user name in any case, and brings each request's user with the rows its rights follow from."""

    def authenticate(self, request, **credentials):
        if request is not None:
            request.password_tried = True  # not reached while axes keeps the name locked
        return super().authenticate(request, **credentials)

    def get_user(self, user_id):
        user = User.objects.with_rights().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
