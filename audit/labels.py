"""Office words for action codes. Each room registers its own; an unknown code is shown as it is."""

_labels: dict[str, str] = {
    "audit.read": "查看审计记录",
}


def register_labels(labels: dict[str, str]) -> None:
    """Add action code → office words. Raises ValueError when a code already means something else."""
    for action, words in labels.items():
        if _labels.setdefault(action, words) != words:
            raise ValueError(f"{action} is already {_labels[action]}, not {words}")


def label_of(action: str) -> str:
    return _labels.get(action, action)


def all_labels() -> list[tuple[str, str]]:
    """(code, words) in the order of the words, for a filter's choices."""
    return sorted(_labels.items(), key=lambda pair: pair[1])
