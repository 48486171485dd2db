# TypeScript runs as it is: no build stage. Secrets come from the environment or from mounted files, never from here.
FROM node:24-slim
ENV NODE_ENV=production METALGAP_HOST=0.0.0.0 METALGAP_DATA=/tmp/metalgap
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# optional packages hold the embedded Postgres and native speed-ups: a container has a Postgres of its own
RUN npm ci --omit=dev --omit=optional --ignore-scripts --cache=/tmp/npm && rm -rf /tmp/*
COPY bin bin
COPY src src
COPY workers workers
COPY migrations migrations
COPY config config
# a checkout may be readable for its owner only
RUN chmod -R a+rX package.json bin src workers migrations config && ln -s /app/bin/metalgap.js /usr/local/bin/metalgap
USER node
EXPOSE 8640
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8640/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["metalgap"]
CMD ["start"]
