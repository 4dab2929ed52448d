# The image holds the server, its default model, and nothing that is downloaded at run time.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# For the image's own processor: with machine code for the start, and without the ONNX Runtime of every other processor.
RUN dotnet publish -c Release -o /app src/SemCache.Server

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# Unicode normalisation needs ICU; curl is the health check. The ordinary aspnet image has ICU, but not curl.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data \
    && chown app:app /data
WORKDIR /app
COPY --from=build /app .
USER app
VOLUME /data
# Inside a container, loopback is nobody's: listen on all of the container's addresses and publish what is needed.
ENV SemCache__Storage__Path=/data \
    Kestrel__Endpoints__Grpc__Url=http://0.0.0.0:5080 \
    Kestrel__Endpoints__Http__Url=http://0.0.0.0:5081 \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false
EXPOSE 5080 5081
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD curl --fail --silent http://127.0.0.1:5081/readyz || exit 1
ENTRYPOINT ["dotnet", "SemCache.Server.dll"]
