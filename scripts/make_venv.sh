#!/bin/sh
# Makes .venv with a Python of 3.11 or later. PYTHON names another interpreter.
set -eu
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$candidate
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "需要 Python 3.11 或更新版本；请安装后重试，或用 PYTHON=路径 指定。" >&2
    exit 1
fi
if ! "$found" -c 'import ensurepip' 2>/dev/null; then # Debian splits it off
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "缺少 Python 的 venv 组件；请安装（Debian：apt install python3-venv）后重试。" >&2
        exit 1
    fi
fi
exec "$found" -m venv .venv
