# Build the image, then a publication in the folder at hand:
#   docker build -t booklet .
#   docker run --rm -v "$PWD:/publication" --user "$(id -u):$(id -g)" booklet build content/my-booklet
FROM debian:bookworm-slim

COPY . /opt/booklet
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && /opt/booklet/scripts/setup.sh \
    && rm -rf /opt/booklet/build /root/.cache /var/lib/apt/lists/*

# A user from outside has no home in here, and font caches need a place all the same.
ENV PATH=/opt/booklet/.venv/bin:$PATH \
    LANG=C.UTF-8 \
    HOME=/tmp

WORKDIR /publication
ENTRYPOINT ["booklet"]
