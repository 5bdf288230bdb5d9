"""The settings page lists what a user may open; higher rooms add their own pages here without being imported."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Section:
    """`permission` None: for everybody who is signed in."""

    title: str
    about: str
    url_name: str
    permission: str | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_sections: list[Section] = []


def register_section(section: Section) -> None:
    """Add a page to the settings; rooms call it from `AppConfig.ready`."""
    if section not in _sections:
        _sections.append(section)


def sections_for(user) -> list[Section]:
    """The sections that `user` may open, in the order of registration."""
    return [section for section in _sections if section.permission is None or user.may(section.permission)]
