FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/siepp
WORKDIR /src
# The pinned dependencies first: they change less often than the code, so this layer is kept.
# `--build-arg LOCK=requirements-otel.lock` gives an image that can send traces.
ARG LOCK=requirements.lock
COPY requirements.lock requirements-otel.lock ./
RUN /opt/siepp/bin/pip install --require-hashes --requirement "$LOCK"
COPY pyproject.toml LICENSE ./
COPY app app
COPY migrations migrations
COPY notifications notifications
RUN /opt/siepp/bin/pip install --no-deps --no-build-isolation . \
    # Compiled here: where it runs nothing can be written.
    && /opt/siepp/bin/python -m compileall -q /opt/siepp/lib

FROM python:3.12-slim
ENV PATH=/opt/siepp/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/var/lib/siepp
# pg_dump and pg_restore, for `siepp backup` of PostgreSQL in its own form (of servers up to this version).
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --gid 0 --home-dir /var/lib/siepp --create-home siepp \
    # Whichever user id it runs with, its group is 0 (as OpenShift has it): the group may write here, and nowhere else.
    && chmod 0770 /var/lib/siepp
COPY --from=build /opt/siepp /opt/siepp
# With the default settings the database and the written mails are here; uploads lie in /tmp until they are read. Both
# are to be writable, the rest may be read-only.
WORKDIR /var/lib/siepp
VOLUME /var/lib/siepp
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["siepp", "serve", "--host", "0.0.0.0", "--port", "8000"]
