"""The question every service asks first: may this person do that?"""


class NotAllowed(Exception):
    """The actor holds no right to this act. Pages answer 404, as for something that does not exist."""


def require(user, permission: str) -> None:
    """Raise NotAllowed unless today's grants and posts of `user` give `permission`."""
    if not user.may(permission):
        raise NotAllowed(permission)
