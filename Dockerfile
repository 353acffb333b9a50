FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/siepp
WORKDIR /src
# The pinned dependencies first: they change less often than the code, so this layer is kept.
COPY requirements.lock ./
RUN /opt/siepp/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml LICENSE ./
COPY app app
COPY migrations migrations
COPY notifications notifications
RUN /opt/siepp/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim
ENV PATH=/opt/siepp/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --home-dir /var/lib/siepp --create-home siepp
COPY --from=build /opt/siepp /opt/siepp
# With the default settings the database and the written mails are here.
WORKDIR /var/lib/siepp
VOLUME /var/lib/siepp
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["siepp", "serve", "--host", "0.0.0.0", "--port", "8000"]
