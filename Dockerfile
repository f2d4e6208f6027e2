# syntax=docker/dockerfile:1
# One image per app: docker build --target bridge|analyzer|analyzer-gpu|dashboard .

FROM node:24-bookworm-slim AS workspace
WORKDIR /undertone
COPY package.json package-lock.json .npmrc ./
COPY apps/analyzer/package.json apps/analyzer/
COPY apps/dashboard/package.json apps/dashboard/
COPY apps/sfu-bridge/package.json apps/sfu-bridge/
COPY examples/conference/package.json examples/conference/
COPY libs/dsp/package.json libs/dsp/
COPY libs/http/package.json libs/http/
COPY libs/models/package.json libs/models/
COPY libs/overlay/package.json libs/overlay/
COPY libs/tap/package.json libs/tap/
COPY libs/theme/package.json libs/theme/
COPY libs/wire/package.json libs/wire/

FROM workspace AS development
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error

FROM development AS build
COPY . .
RUN npm run build

# Built again only when mediasoup or the recipe changes: about four minutes on two cores.
FROM node:24-bookworm-slim AS worker
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make cmake flatbuffers-compiler libflatbuffers-dev libuv1-dev libssl-dev libsrtp2-dev \
  && rm -rf /var/lib/apt/lists/*
COPY --from=development /undertone/node_modules/mediasoup/worker /mediasoup/worker
COPY tools/mediasoup-worker /recipe
RUN cmake -S /recipe -B /worker -DWORKER_SOURCE=/mediasoup/worker && cmake --build /worker --parallel "$(nproc)"

FROM workspace AS bridge-dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error --omit=dev --omit=optional -w @undertone/sfu-bridge

FROM workspace AS dashboard-dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error --omit=dev --omit=optional -w @undertone/dashboard

# onnxruntime-node brings its library for every platform; 45 of 288 MB are for this one.
FROM workspace AS analyzer-dependencies
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error --omit=dev --omit=optional -w @undertone/analyzer \
  && find node_modules/onnxruntime-node/bin -mindepth 3 -type d ! -path "*/linux/$(node -p process.arch)" -exec rm -r {} +

# The binding and libtensorflow 2.9.1 (for CUDA 11.2, cuDNN 8.1) are downloaded by the package's own install script.
FROM workspace AS analyzer-gpu-dependencies
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error --omit=dev -w @undertone/analyzer \
  && find node_modules/onnxruntime-node/bin -mindepth 3 -type d ! -path "*/linux/$(node -p process.arch)" -exec rm -r {} +
ENV PATH=/undertone/node_modules/.bin:$PATH
RUN cd node_modules/@tensorflow/tfjs-node-gpu && node scripts/install.js gpu download && test -f lib/napi-v*/tfjs_binding.node

FROM node:24-bookworm-slim AS bridge
RUN apt-get update \
  && apt-get install -y --no-install-recommends libuv1 libssl3 libsrtp2-1 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /undertone
COPY --from=worker /worker/mediasoup-worker /usr/local/bin/mediasoup-worker
COPY --from=bridge-dependencies /undertone ./
COPY docker/health-check.mjs docker/
COPY --from=build /undertone/libs/dsp/dist libs/dsp/dist
COPY --from=build /undertone/libs/http/dist libs/http/dist
COPY --from=build /undertone/libs/wire/dist libs/wire/dist
COPY --from=build /undertone/apps/sfu-bridge/web-dist apps/sfu-bridge/web-dist
COPY --from=build /undertone/apps/sfu-bridge/dist apps/sfu-bridge/dist
ENV NODE_ENV=production HOST=0.0.0.0 MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
USER node
EXPOSE 4100 44400-44403/tcp 44400-44403/udp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "docker/health-check.mjs", "http://127.0.0.1:4100/ready"]
CMD ["node", "apps/sfu-bridge/dist/main.js"]

# What NVIDIA's Vulkan driver needs, which the container toolkit brings in: for the WebGPU engine.
FROM node:24-bookworm-slim AS analyzer
RUN apt-get update \
  && apt-get install -y --no-install-recommends libvulkan1 libglvnd0 libxext6 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /undertone
COPY --from=analyzer-dependencies /undertone ./
COPY docker/health-check.mjs docker/
COPY libs/models/pretrained libs/models/pretrained
COPY --from=build /undertone/libs/dsp/dist libs/dsp/dist
COPY --from=build /undertone/libs/models/dist libs/models/dist
COPY --from=build /undertone/libs/http/dist libs/http/dist
COPY --from=build /undertone/libs/wire/dist libs/wire/dist
COPY --from=build /undertone/apps/analyzer/dist apps/analyzer/dist
ENV NODE_ENV=production HOST=0.0.0.0
USER node
EXPOSE 4200
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "docker/health-check.mjs", "http://127.0.0.1:4200/ready"]
CMD ["node", "apps/analyzer/dist/main.js"]

# CUDA 11.8 serves what was built for 11.2 (the libraries keep their names through CUDA 11), and knows newer GPUs.
FROM nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04 AS analyzer-gpu
COPY --from=workspace /usr/local/bin/node /usr/local/bin/node
RUN useradd --uid 1000 --create-home node
WORKDIR /undertone
COPY --from=analyzer-gpu-dependencies /undertone ./
COPY docker/health-check.mjs docker/
COPY libs/models/pretrained libs/models/pretrained
COPY --from=build /undertone/libs/dsp/dist libs/dsp/dist
COPY --from=build /undertone/libs/models/dist libs/models/dist
COPY --from=build /undertone/libs/http/dist libs/http/dist
COPY --from=build /undertone/libs/wire/dist libs/wire/dist
COPY --from=build /undertone/apps/analyzer/dist apps/analyzer/dist
# Without this TensorFlow takes all of the GPU's memory at once.
ENV NODE_ENV=production HOST=0.0.0.0 ANALYZER_ENGINE=tfjs-gpu TF_FORCE_GPU_ALLOW_GROWTH=true
USER node
EXPOSE 4200
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s CMD ["node", "docker/health-check.mjs", "http://127.0.0.1:4200/ready"]
CMD ["node", "apps/analyzer/dist/main.js"]

FROM node:24-bookworm-slim AS dashboard
WORKDIR /undertone
COPY --from=dashboard-dependencies /undertone ./
COPY docker/health-check.mjs docker/
COPY docs/model-card.md docs/
COPY --from=build /undertone/libs/http/dist libs/http/dist
COPY --from=build /undertone/libs/wire/dist libs/wire/dist
COPY --from=build /undertone/libs/overlay/web-dist libs/overlay/web-dist
COPY --from=build /undertone/apps/dashboard/web-dist apps/dashboard/web-dist
COPY --from=build /undertone/apps/dashboard/dist apps/dashboard/dist
# A volume takes the owner of the folder that it is mounted over.
RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 DATA_FOLDER=/data
VOLUME /data
USER node
EXPOSE 4300
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "docker/health-check.mjs", "http://127.0.0.1:4300/ready"]
CMD ["node", "apps/dashboard/dist/main.js"]
