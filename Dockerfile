# The application's image. Web, worker, beat and the one-off migrate run from the same one and
# differ in their command (docker-compose.yml). Nothing secret is needed to build it.
FROM python:3.13-slim AS base
# One thread for arithmetic: documents are read side by side by processes, not by threads.
ENV OMP_NUM_THREADS=1 \
    PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS build
COPY requirements/production.txt requirements/
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --require-hashes -r requirements/production.txt
COPY . .
# Reading the settings draws a key for this folder, which must not be shipped.
RUN python manage.py collectstatic --no-input \
    && rm -f var/secret-key \
    && mkdir -p ../mounts/files ../mounts/evidence \
    && python -m compileall -q claims config embedded entities sources manage.py

FROM base
ARG VERSION=0.1.0
ARG REVISION=unknown
ENV CLAIMS_REVISION=${REVISION}
LABEL org.opencontainers.image.title="conflict-claims" \
      org.opencontainers.image.description="Tracks who says what about who holds which town, and what follows" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# Where the volumes are mounted, which take their owner from here.
COPY --from=build --chown=10001:10001 /mounts /
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "docker/probe.py", "http://127.0.0.1:8000/healthz"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--blocking-threads", "4", "--workers-kill-timeout", "20", \
     "config.wsgi:application"]
