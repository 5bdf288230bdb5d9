import re
from pathlib import Path

import tasks
from tasks.audit_labels import LABELS

ACTION = re.compile(r'"((?:plan|item|period|report|coordination|county_note|department)\.[a-z_]+)"')
# Permission names share the shape; they are what `require` asks for.
PERMISSION = re.compile(r'(?:require\(\w+, |may\(|NotAllowed\()"[a-z_.]+"')


def test_every_action_has_its_words_and_no_words_are_left_over():
    services = Path(tasks.__file__).parent / "services"
    sources = (PERMISSION.sub("", path.read_text(encoding="utf-8")) for path in services.glob("*.py"))

    assert {action for source in sources for action in ACTION.findall(source)} == set(LABELS)
