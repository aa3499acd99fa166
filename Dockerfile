# syntax=docker/dockerfile:1

# docker build -t avatar-chat-server .
# docker run -p 8080:8080 --read-only avatar-chat-server      (settings: --env-file .env, where there is one)
#
# The face model of 400 MB is mounted at /app/pretrained_models, or comes into the image with
# --build-arg MODEL_URL=https://huggingface.co/myned-ai/wav2arkit_cpu/resolve/main
#
# `npm run rehearse:image` goes through these steps without a container engine; keep to what it knows.

ARG NODE_IMAGE=node:24-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

# Everything there is, to build with and to develop in.
FROM ${NODE_IMAGE} AS development
WORKDIR /app
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
EXPOSE 8080
ENTRYPOINT ["/usr/bin/tini-static", "--", "node", "--watch", "--disable-warning=ExperimentalWarning", "src/main.ts"]

# What the package holds, and nothing else: the files a user of npm would get.
FROM development AS build
RUN node --disable-warning=ExperimentalWarning scripts/build.ts \
  && mkdir /release \
  && tar -xzf "$(npm pack --ignore-scripts --silent)" -C /release --strip-components=1

# What it needs to run, without what only compilers read, and of the ONNX runtime only this platform's binary.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
RUN find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
    ! -path "*/$(node -p 'process.platform + "/" + process.arch')" -exec rm -rf {} + \
  && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete

FROM build AS model
ARG MODEL_URL=""
RUN mkdir -p /models \
  && if [ -n "$MODEL_URL" ]; then node --disable-warning=ExperimentalWarning scripts/download-model.ts "$MODEL_URL" /models; fi

# No shell, no package manager, nobody's home: glibc, certificates, Node, and the server.
FROM ${RUNTIME_IMAGE} AS production
LABEL org.opencontainers.image.title="avatar-chat-server" \
  org.opencontainers.image.description="Gives a voice AI a face: sound and 52 ARKit blendshape weights over a WebSocket" \
  org.opencontainers.image.source="https://github.com/myned-ai/avatar-chat-server" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=development /usr/bin/tini-static /usr/local/bin/node /usr/local/bin/
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /release ./
COPY --from=model /models ./pretrained_models
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["node", "dist/src/health-check.js"]
# tini: a process with number 1 does not die of a signal that it does not handle yet, and reaps nobody.
ENTRYPOINT ["tini-static", "--", "node", "dist/src/main.js"]
