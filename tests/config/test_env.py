from pathlib import Path

import pytest

from config import env
from config.env import BadSetting
from config.secrets import made_once

MOUNTS = "overlay / overlay rw 0 0\nserver:/share /mnt/share nfs4 rw 0 0\n/dev/sdb1 /mnt/share/disk ext4 rw 0 0\n"


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
        ({"TESTING": "1", "CLOCK_AT": "2024-10-25T18:00:00"}, "CLOCK_AT 缺少时区，例如 +08:00。"),
    ],
)
def test_a_bad_value_stops_with_one_line(tmp_path, variables, told):
    with pytest.raises(BadSetting) as stopped:
        read(tmp_path, **variables)

    assert str(stopped.value) == f"配置错误：{told}"


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
    for_tests = {"testing", "clock_at", "defences_off", "failpoints"}
    names = {name.upper() for name in env.Environment.__dataclass_fields__ if name not in for_tests}

    assert {name for name in names if f"\n#{name}=" not in example} == set()


def test_key_is_made_once_and_private(tmp_path):
    first = made_once(tmp_path / "secret.key")

    assert made_once(tmp_path / "secret.key") == first
    assert len(bytes.fromhex(first)) == 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
