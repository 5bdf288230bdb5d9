from pathlib import Path

import pytest

from config import env
from config.env import BadSetting
from config.secrets import made_once

MOUNTS = "overlay / overlay rw 0 0\nserver:/share /mnt/share nfs4 rw 0 0\n/dev/sdb1 /mnt/share/disk ext4 rw 0 0\n"
MAIL_FORM = "应形如 smtp+tls://用户名:密码@主机:端口，用户名和密码中的特殊字符写成 %40 这样的形式。"


def mail_from_told(value):
    return f"MAIL_FROM 应为邮箱地址，例如 月调度 <yuediaodu@example.cn>，现在是“{value}”。"


def site_url_told(value):
    return f"SITE_URL 应形如 https://主机名，后面不带路径，现在是“{value}”。"


def read(tmp_path, **variables):
    return env.read({"DATA_DIR": str(tmp_path), **variables})


def test_defaults_run_on_this_machine_alone(tmp_path):
    read_now = read(tmp_path)

    assert (read_now.bind, read_now.port, read_now.https, read_now.debug) == ("127.0.0.1", 8000, False, False)
    assert read_now.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (read_now.database_url, read_now.redis_url) == (None, None)


def test_values_are_converted(tmp_path):
    read_now = read(tmp_path, PORT="8080", HTTPS="On", ALLOWED_HOSTS="a.example, b.example", TRUSTED_PROXIES="2")

    assert (read_now.port, read_now.https, read_now.trusted_proxies) == (8080, True, 2)
    assert read_now.allowed_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"PORT": "80a"}, "PORT 应为 1 至 65535 的整数，现在是“80a”。"),
        ({"PORT": "0"}, "PORT 应为 1 至 65535 的整数，现在是“0”。"),
        ({"PORT": "65536"}, "PORT 应为 1 至 65535 的整数，现在是“65536”。"),
        ({"PORT": "８０"}, "PORT 应为 1 至 65535 的整数，现在是“８０”。"),
        ({"HTTPS": "maybe"}, "HTTPS 应为 on 或 off，现在是“maybe”。"),
        ({"HTTPS": "on", "DEBUG": "on"}, "DEBUG 不能与 HTTPS=on 同时打开：调试页会泄露内部信息。"),
        ({"DATABASE_URL": "mysql://u:p@h/d"}, "DATABASE_URL 应以 postgres:// 或 sqlite:// 开头。"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL 应以 redis://、rediss:// 或 redis+socket:// 开头。"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY 太短：至少 32 个字符。"),
        ({"AUDIT_KEY": "z" * 40}, "AUDIT_KEY 应为十六进制数字。"),
        ({"AUDIT_KEY": "ab" * 8}, "AUDIT_KEY 太短：至少 32 个字符。"),
        ({"TRUSTED_PROXIES": "10.0.0.1"}, "TRUSTED_PROXIES 应为 0 至 9 的整数，现在是“10.0.0.1”。"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL 应为 DEBUG、INFO、WARNING 或 ERROR，现在是“loud”。"),
        ({"MAIL_URL": "smtp://h:25"}, "MAIL_FROM 未设置：发送邮件需要发件地址。"),
        ({"MAIL_URL": "smtp://h", "MAIL_FROM": "a@b.cn"}, "SITE_URL 未设置：邮件中的链接需要本系统的网址。"),
        ({"MAIL_URL": "mail.example.cn:25"}, f"MAIL_URL {MAIL_FORM}"),
        ({"MAIL_URL": "http://h"}, "MAIL_URL 应以 smtp://、smtps:// 或 smtp+tls:// 开头。"),
        ({"MAIL_URL": "smtp://u:secret@h:port"}, f"MAIL_URL {MAIL_FORM}"),
        ({"MAIL_URL": "smtp://u:secret@h:0"}, f"MAIL_URL {MAIL_FORM}"),
        ({"MAIL_URL": "smtp://u:sec/ret@h:25"}, f"MAIL_URL {MAIL_FORM}"),
        ({"MAIL_URL": "smtp://u:sec#ret@h:25"}, f"MAIL_URL {MAIL_FORM}"),
        ({"MAIL_URL": "smtp://[::1:25"}, f"MAIL_URL {MAIL_FORM}"),
        ({"MAIL_URL": "smtp://u@h"}, "MAIL_URL 用户名和密码应同时写，或都不写。"),
        ({"MAIL_URL": "smtp://u:%E5%AF%86@h"}, "MAIL_URL 用户名和密码只能用英文字符。"),
        ({"MAIL_URL": "smtp://u:a%0Ab@h"}, "MAIL_URL 用户名和密码只能用英文字符。"),
        ({"MAIL_FROM": "月调度"}, mail_from_told("月调度")),
        ({"MAIL_FROM": "a@b.cn\nBcc: x@y.cn"}, mail_from_told("a@b.cn\nBcc: x@y.cn")),
        ({"SITE_URL": "diaodu.example.cn"}, site_url_told("diaodu.example.cn")),
        ({"SITE_URL": "https://h/path"}, site_url_told("https://h/path")),
        ({"SITE_URL": "https://u:p@h"}, site_url_told("https://u:p@h")),
        ({"SITE_URL": "https://调度.中国"}, site_url_told("https://调度.中国")),
        ({"SITE_URL": "http://h", "HTTPS": "on"}, "SITE_URL 应以 https:// 开头，因为 HTTPS=on。"),
        ({"TESTING": "1", "CLOCK_AT": "2024-10-25T18:00:00"}, "CLOCK_AT 缺少时区，例如 +08:00。"),
    ],
)
def test_a_bad_value_stops_with_one_line(tmp_path, variables, told):
    with pytest.raises(BadSetting) as stopped:
        read(tmp_path, **variables)

    assert str(stopped.value) == f"配置错误：{told}"


@pytest.mark.parametrize(
    ("url", "host", "port", "account", "encrypted"),
    [
        ("smtp://mail.example.cn", "mail.example.cn", 25, ("", ""), (False, False)),
        ("smtp://mail.example.cn:2525", "mail.example.cn", 2525, ("", ""), (False, False)),
        ("smtps://a:b@10.0.0.5", "10.0.0.5", 465, ("a", "b"), (True, False)),
        ("smtp+tls://a%40h.cn:p%40%3A%2F%23@h", "h", 587, ("a@h.cn", "p@:/#"), (False, True)),
    ],
)
def test_mail_server_is_read_from_one_address(tmp_path, url, host, port, account, encrypted):
    given = read(tmp_path, MAIL_URL=url, MAIL_FROM="月调度 <a@b.cn>", SITE_URL="https://diaodu.example.cn/")

    server = env.mail_config(given.mail_url)
    assert (server["EMAIL_HOST"], server["EMAIL_PORT"]) == (host, port)
    assert (server["EMAIL_HOST_USER"], server["EMAIL_HOST_PASSWORD"]) == account
    assert (server["EMAIL_USE_SSL"], server["EMAIL_USE_TLS"]) == encrypted
    assert (given.mail_from, given.site_url) == ("月调度 <a@b.cn>", "https://diaodu.example.cn")


def test_data_folder_that_cannot_be_made_stops(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BadSetting, match="DATA_DIR 无法建立目录"):
        env.read({"DATA_DIR": str(tmp_path / "file" / "below")})


def test_test_switches_are_ignored_in_a_real_installation(tmp_path):
    switches = {"CLOCK_AT": "2024-10-25T18:00:00+08:00", "DEFENCES_OFF": "version", "FAILPOINTS": "job.claimed"}

    real = read(tmp_path, **switches)
    test = read(tmp_path, TESTING="1", **switches)

    assert (real.clock_at, real.defences_off, real.failpoints) == (None, frozenset(), frozenset())
    assert test.clock_at == "2024-10-25T18:00:00+08:00"
    assert (test.defences_off, test.failpoints) == ({"version"}, {"job.claimed"})


@pytest.mark.parametrize(
    ("folder", "kind"), [("/var/data", "overlay"), ("/mnt/share/data", "nfs4"), ("/mnt/share/disk/data", "ext4")]
)
def test_file_system_is_that_of_the_longest_mount(folder, kind):
    assert env.file_system_of(Path(folder), MOUNTS) == kind


def test_built_in_database_is_refused_on_a_network_file_system():
    env.refuse_network_file_system(Path("/mnt/share/disk/data"), MOUNTS)
    with pytest.raises(BadSetting, match="网络文件系统（nfs4）"):
        env.refuse_network_file_system(Path("/mnt/share/data"), MOUNTS)


def test_every_setting_stands_in_the_example_file():
    example = (env.BASE_DIR / ".env.example").read_text()
    for_tests = {"testing", "clock_at", "defences_off", "failpoints", "deaf_after"}
    names = {name.upper() for name in env.Environment.__dataclass_fields__ if name not in for_tests}

    assert {name for name in names if f"\n#{name}=" not in example} == set()


def test_key_is_made_once_and_private(tmp_path):
    first = made_once(tmp_path / "secret.key")

    assert made_once(tmp_path / "secret.key") == first
    assert len(bytes.fromhex(first)) == 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
