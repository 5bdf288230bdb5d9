#!/bin/sh
# What the whole test suite needs beside Python packages: a Chromium with a Chinese font, PostgreSQL, Redis.
# The two servers also come as Python packages, so only the browser can be missing for good.
set -eu
missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$missing postgresql"
command -v redis-server >/dev/null || command -v valkey-server >/dev/null || missing="$missing redis-server"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "正在安装测试所需程序：$missing"
    # A package that starts a server at installation would hold its port; tests start their own.
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing >/dev/null || true
fi
case "$missing" in
*chromium*)
    command -v chromium >/dev/null || { echo "缺少 Chromium，浏览器测试无法运行；请安装 chromium 和 fonts-noto-cjk 后重试。" >&2; exit 1; }
    ;;
esac
