import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month. `str()` gives "2024-10", `label` gives 「2024年10月」."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1 <= self.year <= 9999):
            raise ValueError("月份应在1到12之间。")

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Reads "2024-10". Raises ValueError with a message for the user."""
        found = WRITTEN.fullmatch(text.strip())
        if not found or not 1 <= int(found[2]) <= 12 or found[1] == "0000":
            raise ValueError(f"看不懂月份“{text.strip()[:20]}”。请写成年-月，例如 2024-10。")
        return cls(int(found[1]), int(found[2]))

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def next(self) -> "Month":
        return self + 1

    @property
    def previous(self) -> "Month":
        return self + -1

    @property
    def label(self) -> str:
        return f"{self.year}年{self.number}月"

    def day(self, number: int) -> date:
        """That day of the month, or its last day when the month is shorter."""
        return self.first_day.replace(day=min(number, self.last_day.day))

    def __add__(self, months: int) -> "Month":
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def __sub__(self, other: "Month") -> int:
        """How many months `other` lies behind."""
        return (self.year - other.year) * 12 + self.number - other.number

    def __contains__(self, day: date) -> bool:
        return Month.of(day) == self

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
