"""The one typed reader of environment variables: every name, its type and its default stand in `Environment`.

A bad value stops the program at once with one line that an administrator can act on.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
BOOLEANS = {"1": True, "on": True, "true": True, "yes": True, "0": False, "off": False, "false": False, "no": False}
NETWORK_FILE_SYSTEMS = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "glusterfs", "fuse.sshfs", "fuse.glusterfs",
}  # fmt: skip
DEAF_AFTER = 180  # seconds; a worker that handled nothing for so long is started anew
MAIL_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
MAIL_FORM = "应形如 smtp+tls://用户名:密码@主机:端口，用户名和密码中的特殊字符写成 %40 这样的形式。"
ADDRESS = re.compile(r"[\w.+-]+@[A-Za-z0-9.-]+", re.ASCII)
T = TypeVar("T")


class BadSetting(SystemExit):
    """A setting that cannot be used. As a SystemExit it prints its one line and ends with code 1, without a trace."""

    def __init__(self, name: str, problem: str):
        super().__init__(f"配置错误：{name} {problem}")


@dataclass(frozen=True)
class Environment:
    """What the surroundings say, checked. `.env.example` lists the same names."""

    data_dir: Path
    database_url: str | None
    redis_url: str | None
    secret_key: str | None
    audit_key: str | None
    allowed_hosts: tuple[str, ...]
    trusted_proxies: int
    https: bool
    debug: bool
    bind: str
    port: int
    log_level: str
    mail_url: str | None
    mail_from: str | None
    site_url: str | None
    testing: bool
    clock_at: str | None
    defences_off: frozenset[str]
    failpoints: frozenset[str]
    deaf_after: float


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every setting. Raises BadSetting (a SystemExit) at the first one that cannot be used."""
    testing = _boolean(variables, "TESTING", default=False)
    https = _boolean(variables, "HTTPS", default=False)
    debug = _boolean(variables, "DEBUG", default=False)
    if debug and https:
        raise BadSetting("DEBUG", "不能与 HTTPS=on 同时打开：调试页会泄露内部信息。")
    mail_url = _optional(variables, "MAIL_URL", _mail_url)
    mail_from = _optional(variables, "MAIL_FROM", _mail_from)
    site_url = _optional(variables, "SITE_URL", _site_url)
    if mail_url and not mail_from:
        raise BadSetting("MAIL_FROM", "未设置：发送邮件需要发件地址。")
    if mail_url and not site_url:
        raise BadSetting("SITE_URL", "未设置：邮件中的链接需要本系统的网址。")
    if https and site_url and not site_url.startswith("https://"):
        raise BadSetting("SITE_URL", "应以 https:// 开头，因为 HTTPS=on。")
    return Environment(
        data_dir=_data_dir(variables),
        database_url=_optional(variables, "DATABASE_URL", _database_url),
        redis_url=_optional(variables, "REDIS_URL", _redis_url),
        secret_key=_optional(variables, "SECRET_KEY", _long_secret),
        audit_key=_optional(variables, "AUDIT_KEY", _hex_secret),
        allowed_hosts=_list(variables, "ALLOWED_HOSTS") or ("localhost", "127.0.0.1", "[::1]"),
        trusted_proxies=_optional(variables, "TRUSTED_PROXIES", _small_number) or 0,
        https=https,
        debug=debug,
        bind=variables.get("BIND") or "127.0.0.1",
        port=_optional(variables, "PORT", _port) or 8000,
        log_level=_optional(variables, "LOG_LEVEL", _log_level) or "INFO",
        mail_url=mail_url,
        mail_from=mail_from,
        site_url=site_url,
        testing=testing,
        # Test switches are not read at all in a real installation, so they cannot be left on by accident.
        clock_at=_optional(variables, "CLOCK_AT", _moment) if testing else None,
        defences_off=frozenset(_list(variables, "DEFENCES_OFF")) if testing else frozenset(),
        failpoints=frozenset(_list(variables, "FAILPOINTS")) if testing else frozenset(),
        deaf_after=float((testing and variables.get("DEAF_AFTER")) or DEAF_AFTER),
    )


def database_config(url: str) -> dict:
    """Django's settings for a DATABASE_URL (already checked by `read`)."""
    return environ.Env.db_url_config(url)


def mail_config(url: str) -> dict:
    """Django's settings for a MAIL_URL (already checked by `read`)."""
    parts = urlsplit(url)
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or MAIL_PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


def file_system_of(path: Path, mounts: str | None = None) -> str:
    """Type of the file system that holds `path`, from /proc/mounts; empty where the machine does not tell."""
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text()
        except OSError:
            return ""
    best, kind = "", ""
    for line in mounts.splitlines():
        _, mount_point, file_system, *_ = line.split()
        inside = path == Path(mount_point) or Path(mount_point) in path.parents
        if inside and len(mount_point) >= len(best):
            best, kind = mount_point, file_system
    return kind


def refuse_network_file_system(folder: Path, mounts: str | None = None) -> None:
    """SQLite's write-ahead log needs shared memory and real locks, which network file systems do not give."""
    kind = file_system_of(folder.resolve(), mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise BadSetting(
            "DATA_DIR", f"位于网络文件系统（{kind}），内置数据库会损坏：请改用本机磁盘，或设置 DATABASE_URL。"
        )


def _optional(variables: Mapping[str, str], name: str, convert: Callable[[str, str], T]) -> T | None:
    value = variables.get(name, "").strip()
    return convert(name, value) if value else None


def _boolean(variables: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = variables.get(name, "").strip().lower()
    if not value:
        return default
    if value not in BOOLEANS:
        raise BadSetting(name, f"应为 on 或 off，现在是“{value}”。")
    return BOOLEANS[value]


def _list(variables: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in variables.get(name, "").split(",") if part.strip())


def _data_dir(variables: Mapping[str, str]) -> Path:
    folder = Path(variables.get("DATA_DIR") or "var")
    folder = folder if folder.is_absolute() else BASE_DIR / folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting("DATA_DIR", f"无法建立目录 {folder}：{error.strerror}。") from None
    if not os.access(folder, os.W_OK):
        raise BadSetting("DATA_DIR", f"目录 {folder} 不可写。")
    return folder


def _database_url(name: str, value: str) -> str:
    scheme = urlsplit(value).scheme
    if scheme not in {"postgres", "postgresql", "sqlite"}:
        raise BadSetting(name, "应以 postgres:// 或 sqlite:// 开头。")
    try:
        environ.Env.db_url_config(value)
    except Exception as error:  # the library raises several unrelated kinds
        raise BadSetting(name, f"无法解析：{type(error).__name__}。") from None
    return value


def _redis_url(name: str, value: str) -> str:
    if urlsplit(value).scheme not in {"redis", "rediss", "redis+socket"}:
        raise BadSetting(name, "应以 redis://、rediss:// 或 redis+socket:// 开头。")
    return value


def _mail_url(name: str, value: str) -> str:
    """The value holds a password, so no message repeats any of it."""
    parts = _address_parts(name, value, MAIL_FORM)
    if parts.scheme not in MAIL_PORTS:
        raise BadSetting(name, "应以 smtp://、smtps:// 或 smtp+tls:// 开头。")
    words = [unquote(part or "") for part in (parts.username, parts.password)]
    if any(words) and not all(words):
        raise BadSetting(name, "用户名和密码应同时写，或都不写。")
    if not all(word.isascii() and word.isprintable() for word in words):
        raise BadSetting(name, "用户名和密码只能用英文字符。")
    return value


def _mail_from(name: str, value: str) -> str:
    """An address, or a name and an address: 月调度 <yuediaodu@example.cn>."""
    address = parseaddr(value)[1]
    if not value.isprintable() or not ADDRESS.fullmatch(address):
        raise BadSetting(name, f"应为邮箱地址，例如 月调度 <yuediaodu@example.cn>，现在是“{value}”。")
    return value


def _site_url(name: str, value: str) -> str:
    """Scheme, host and port alone; the pages lie at the root."""
    form = f"应形如 https://主机名，后面不带路径，现在是“{value}”。"
    parts = _address_parts(name, value, form)
    if parts.scheme not in {"http", "https"} or parts.username is not None or not value.isascii():
        raise BadSetting(name, form)
    return value.rstrip("/")


def _address_parts(name: str, value: str, form: str) -> SplitResult:
    """Refuses what is no address of a server alone; a port that is no number shows only when it is read."""
    try:
        parts = urlsplit(value)
        good = parts.hostname and parts.port != 0 and parts.path in {"", "/"} and not (parts.query or parts.fragment)
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value:
        raise BadSetting(name, form)
    return parts


def _long_secret(name: str, value: str) -> str:
    if len(value) < 32:
        raise BadSetting(name, "太短：至少 32 个字符。")
    return value


def _hex_secret(name: str, value: str) -> str:
    try:
        bytes.fromhex(value)
    except ValueError:
        raise BadSetting(name, "应为十六进制数字。") from None
    return _long_secret(name, value)


def _small_number(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 9:
        raise BadSetting(name, f"应为 0 至 9 的整数，现在是“{value}”。")
    return int(value)


def _port(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 65535:
        raise BadSetting(name, f"应为 1 至 65535 的整数，现在是“{value}”。")
    return int(value)


def _log_level(name: str, value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise BadSetting(name, f"应为 DEBUG、INFO、WARNING 或 ERROR，现在是“{value}”。")
    return value.upper()


def _moment(name: str, value: str) -> str:
    """An instant with its zone, or @FILE that holds one (the clock reads the file itself, at every call)."""
    if value.startswith("@"):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadSetting(name, f"应为带时区的时刻，例如 2024-10-25T17:59:00+08:00，现在是“{value}”。") from None
    if moment.tzinfo is None:
        raise BadSetting(name, "缺少时区，例如 +08:00。")
    return value
