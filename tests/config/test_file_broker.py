"""The file transport under a power cut: real processes, real files."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from kombu import Connection
from kombu.utils.json import loads

from config.env import BASE_DIR
from config.file_broker import LEFT_OVER_AFTER, clear_left_overs

QUEUE = "errands"
UNREADABLE = {"empty": b"", "half": b'{"body": "eyJ', "bytes": b"\xff\xfe\x00"}
WRITER = """
import sys
from tests.config.test_file_broker import open_queue
with open_queue(sys.argv[1]) as queue:
    print("ready", flush=True)
    while True:
        queue.put("x" * 2_000_000)
"""
READER = """
import sys
from queue import Empty
from tests.config.test_file_broker import open_queue
with open_queue(sys.argv[1]) as queue:
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        try:
            message = queue.get(block=True, timeout=2)
        except Empty:
            break
        print(message.payload, flush=True)
        message.ack()
"""


@contextmanager
def open_queue(folder):
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder)}
    with Connection("filesystem://", transport="config.file_broker:Transport", transport_options=options) as broker:
        yield broker.SimpleQueue(QUEUE)


def take(queue):
    message = queue.get(timeout=5)
    message.ack()
    return message.payload


def run(program, folder):
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


def close(process):
    process.stdin.close()
    process.stdout.close()
    process.wait()


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_message_nobody_can_read_stops_nobody(tmp_path, content):
    (tmp_path / f"0_old.{QUEUE}.msg").write_bytes(content)
    with open_queue(tmp_path) as queue:
        queue.put("the next")

        assert take(queue) == "the next"
    assert not list(tmp_path.iterdir())


def test_whoever_is_killed_while_writing_leaves_no_half_message(tmp_path):
    for _ in range(8):
        writer = run(WRITER, tmp_path)
        time.sleep(0.05)
        os.killpg(writer.pid, signal.SIGKILL)
        close(writer)

    messages = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
    assert messages
    assert all(loads(path.read_text()) for path in messages)


def test_two_readers_share_the_messages_and_get_none_twice(tmp_path):
    with open_queue(tmp_path) as queue:
        for number in range(200):
            queue.put(f"{number}")
    readers = [run(READER, tmp_path) for _ in range(2)]
    for reader in readers:
        reader.stdin.write("\n")
        reader.stdin.flush()
    taken = [reader.stdout.read().split() for reader in readers]
    for reader in readers:
        close(reader)

    assert sorted(taken[0] + taken[1], key=int) == [f"{number}" for number in range(200)]
    assert all(taken)


def test_messages_come_in_the_order_they_were_put(tmp_path):
    with open_queue(tmp_path) as queue:
        for number in range(12):
            queue.put(number)

        assert [take(queue) for _ in range(12)] == list(range(12))


def test_left_overs_are_cleared_after_an_hour_only(tmp_path):
    old, fresh = (tmp_path / f".{name}.{QUEUE}.msg" for name in ("old", "fresh"))
    old.touch()
    fresh.touch()
    os.utime(old, times=(0, time.time() - LEFT_OVER_AFTER - 60))

    clear_left_overs(tmp_path)

    assert list(tmp_path.iterdir()) == [fresh]
