"""Password policy (GB/T 22239-2019 8.1.4.1 asks for complexity and change; the lists go beyond). Wired in settings."""

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

KINDS = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
LONGEST = 128


class LengthValidator:
    def __init__(self, shortest: int):
        self.shortest = shortest

    def validate(self, password, user=None):
        if not self.shortest <= len(password) <= LONGEST:
            raise ValidationError(f"密码要有 {self.shortest} 至 {LONGEST} 个字符。", code="password_length")

    def get_help_text(self):
        return f"至少 {self.shortest} 个字符。"


class KindsValidator:
    """At least `kinds` of: lower case, upper case, digits, signs (Chinese characters count as none)."""

    def __init__(self, kinds: int):
        self.kinds = kinds

    def validate(self, password, user=None):
        found = sum(any(test(letter) for letter in password) for test in KINDS)
        if found < self.kinds:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self):
        return f"大写字母、小写字母、数字、符号四类中至少要有 {self.kinds} 类。"


class HistoryValidator:
    """Refuses the present password and those before it, `settings.PASSWORD_HISTORY` in all."""

    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        earlier = list(user.old_passwords.values_list("password", flat=True)[: settings.PASSWORD_HISTORY - 1])
        if any(check_password(password, used) for used in (user.password, *earlier)):
            raise ValidationError(self.get_help_text(), code="password_used")

    def get_help_text(self):
        return f"不能与最近 {settings.PASSWORD_HISTORY} 次用过的密码相同。"


READ_AS = str.maketrans("@013$5", "aoiess")
PADDING = "0123456789!.#*-_@"


class CommonValidator(password_validation.CommonPasswordValidator):
    """Django's list of twenty thousand, in our words: also with signs for letters (P@ssw0rd) and padded (…2024!)."""

    def validate(self, password, user=None):
        lowered = password.lower().strip()
        stem = lowered.rstrip(PADDING)
        if {lowered, stem, lowered.translate(READ_AS), stem.translate(READ_AS)} & self.passwords:
            raise ValidationError(self.get_help_text(), code="password_common")

    def get_help_text(self):
        return "不能用容易被猜到的常见密码。"


class OwnWordsValidator:
    """Refuses what an outsider tries first: the unit, the system, the person."""

    def validate(self, password, user=None):
        lowered = password.lower()
        words = {word.lower() for word in settings.PASSWORD_BLOCKED_WORDS}
        if user is not None:
            words |= {user.username.lower(), user.name, user.phone, user.email.split("@")[0].lower()}
        if any(len(word) >= 2 and word in lowered for word in words):
            raise ValidationError(self.get_help_text(), code="password_words")

    def get_help_text(self):
        return "不能包含单位、系统名称或本人的用户名、姓名、电话、邮箱。"
