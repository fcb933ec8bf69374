# The commands of the project. PYTHON=/path/to/python3 chooses the Python for .venv,
# PORT=8123 the port of `make run`.
.POSIX:
.PHONY: help run test train train-eval accuracy confidence messages client lock fmt check landed clean

help:
	@echo "make run         set up and start the application on this machine"
	@echo "make stop        stop it, and what killed processes have left running"
	@echo "make status      what runs here, and where its data and logs are"
	@echo "make reset       begin anew: moves all data aside, after asking (YES=1 unasked, UNDO=1 back)"
	@echo "make test        set up and run every test"
	@echo "make fmt         format the code"
	@echo "make check       linters, types, directions of imports, templates, migrations, advisories"
	@echo "make train       train the parsing model (hours); make train-eval measures it"
	@echo "make accuracy    measure extraction on the coded articles; writes docs/accuracy.md"
	@echo "make confidence  weigh the signs of confidence on the coded articles"
	@echo "make messages    gather what pages say for translation, and compile it (GNU gettext)"
	@echo "make client      write the Python client's types anew from the API's description"
	@echo "make chaos       kill every program with -9 while documents come in, and compare (20 minutes)"
	@echo "make bench       measure reading, writing and extraction at scale (CLAIMS=1000000; 20 minutes)"
	@echo "make fuzz-api SITE=http://… KEY=cck_…   try the API of a server for trials against its description"
	@echo "make lock        write the lock files anew from pyproject.toml"
	@echo "make landed NAME=first-light   record the migrations and some data of a landing"
	@echo "make clean       remove .venv and caches; var/ with its data stays"

run:
	@requirements/install.sh run
	@exec .venv/bin/python -m embedded run

# These need no package, so they work without .venv too.
.PHONY: stop status reset
STDLIB = $$(test -x .venv/bin/python && echo .venv/bin/python || echo "$${PYTHON:-python3}")

stop:
	@exec $(STDLIB) -m embedded stop

status:
	@exec $(STDLIB) -m embedded status

reset:
	@exec $(STDLIB) -m embedded reset $(YES:1=yes) $(UNDO:1=undo)

test:
	@requirements/install.sh test
	@exec .venv/bin/python .ci/gate.py test

train:
	@requirements/install.sh run
	@exec .venv/bin/python -m training.train

train-eval:
	@requirements/install.sh run
	@exec .venv/bin/python -m training.evaluate

accuracy:
	@requirements/install.sh run
	@exec .venv/bin/python -m training.accuracy --write

# Gathers new words into locale/*/LC_MESSAGES/django.po; once translated there, run it again.
messages:
	@requirements/install.sh run
	@.venv/bin/python manage.py makemessages --locale uk --no-location --no-obsolete --ignore .venv \
		--ignore var --ignore training --ignore tests --ignore static --ignore docs
	@exec .venv/bin/pybabel --quiet compile --directory locale --domain django

client:
	@requirements/install.sh run
	@mkdir -p var
	@.venv/bin/python manage.py spectacular --format openapi-json --file var/openapi.json
	@exec .venv/bin/python clients/python/records_from_schema.py <var/openapi.json

confidence:
	@requirements/install.sh run
	@exec .venv/bin/python -m training.confidence --write

.PHONY: chaos
chaos:
	@requirements/install.sh run
	@exec .venv/bin/python -m benchmarks.chaos

# Datasette, which readers of such a table would have otherwise, in an environment of its own.
.PHONY: bench
bench: var/datasette/bin/datasette
	@requirements/install.sh run
	@exec .venv/bin/python -m benchmarks --claims "$${CLAIMS:-100000}" --into var/bench.md \
		--datasette var/datasette/bin/datasette

var/datasette/bin/datasette: requirements/bench.txt
	@requirements/install.sh run
	@.venv/bin/python -m venv --clear var/datasette
	@var/datasette/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		--only-binary :all: --require-hashes -r requirements/bench.txt
	@touch $@

.PHONY: fuzz-api
fuzz-api:
	@requirements/install.sh test
	@exec .venv/bin/python -m benchmarks.fuzz $(SITE) $(KEY)

lock:
	@requirements/install.sh dev
	@requirements/lock.sh

fmt:
	@requirements/install.sh dev
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

check:
	@requirements/install.sh dev
	@exec .venv/bin/python .ci/gate.py check

landed:
	@requirements/install.sh test
	@exec .venv/bin/python -m tests.migrations.record $(NAME)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
