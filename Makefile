# `make help` lists what can be done. Everything works from a bare checkout with Python 3.11 or later.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo test test-nightly lint format bench kills fuzz nightly clean
PY := .venv/bin/python
MANAGE := $(PY) manage.py
PIP := $(PY) -m pip install -qq --disable-pip-version-check
# The example lives in its own folder and its own database, whatever the environment or .env say.
DEMO := DATABASE_URL= REDIS_URL= DATA_DIR=var/demo
TYPED := $(filter-out tests/%,$(wildcard */services.py */services/*.py */querysets.py */querysets/*.py */jobs.py))

KILLS := tests/reliability/test_kills.py tests/reliability/test_outages.py

help: ## 显示本说明
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: .venv/.run ## 建立 .venv 并安装运行所需的包

.venv/bin/python:
	@sh scripts/make_venv.sh

.venv/.run: requirements.txt | .venv/bin/python
	@echo "正在安装所需的包（第一次约一分钟）……"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/.dev: requirements.txt requirements-dev.txt | .venv/bin/python
	@echo "正在安装测试和检查所需的包……"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/.run

setup-dev: .venv/.dev ## 另外安装测试和检查所需的包

run: setup ## 启动系统：网站、后台作业、定时检查（PORT=端口，默认 8000）
	@$(MANAGE) prepare
	@exec $(MANAGE) up

demo: setup ## 启动演示系统，数据与正式系统分开（FRESH=1 重建）
	@if [ -n "$(FRESH)" ]; then rm -rf var/demo; fi
	@$(DEMO) $(MANAGE) prepare --no-bootstrap
	@$(DEMO) $(MANAGE) demo
	@exec env $(DEMO) $(MANAGE) up

test: setup-dev ## 全部测试：SQLite、PostgreSQL 与 Redis、Chromium
	@sh scripts/get_test_programs.sh
	@$(PY) -m pytest -n 2 -m "not browser and not nightly and not release"
	@$(PY) -m tests.services $(PY) -m pytest -n 2 -m "both_databases and not browser and not nightly and not release"
	@$(PY) -m pytest -n 2 -m "browser and not nightly and not release"
	@$(PY) -m tests.services $(PY) -m pytest -m "browser and both_databases and not nightly and not release"

test-nightly: setup-dev ## 耗时较长的测试
	@sh scripts/get_test_programs.sh
	@$(PY) -m tests.services $(PY) -m pytest -m "nightly or (not browser and not release)"
	@$(PY) -m pytest -m "nightly"

kills: setup-dev ## 断电、中断、重复启动试验（约半小时），得出 docs/reliability.md 的表
	@sh scripts/get_test_programs.sh
	@rm -f var/kills.md && mkdir -p var
	@KILLS_TABLE=var/kills.md $(PY) -m pytest -q -m "nightly or not nightly" $(KILLS)
	@KILLS_TABLE=var/kills.md $(PY) -m tests.services $(PY) -m pytest -q -m "nightly or not nightly" $(KILLS)
	@cat var/kills.md

nightly: lint test test-nightly bench ## 每晚：检查、全部测试、性能

lint: setup-dev ## 代码检查：ruff、djade、mypy
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@.venv/bin/mypy $(TYPED)
	@$(MANAGE) makemigrations --check --dry-run

format: setup-dev ## 统一代码格式
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .
	@.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

bench: setup-dev ## 测量 design 第 6 节的各项数字
	@$(PY) scripts/bench.py
	@$(PY) scripts/bench_tick.py
	@$(PY) -m tests.services $(PY) scripts/bench_tick.py
	@DATABASE_URL= REDIS_URL= $(PY) scripts/bench_import.py
	@$(PY) -m tests.services $(PY) scripts/bench_import.py

fuzz: setup-dev ## 解析器模糊测试（SECONDS=每类秒数）
	@$(PY) -W ignore -m tests.documents.fuzz $(or $(SECONDS),600)

clean: ## 删除虚拟环境和缓存（不动数据）
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
