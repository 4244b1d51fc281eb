# Opsmeter in one container: docker build -t opsmeter . && docker run -p 5080:5080 -v opsmeter-data:/data opsmeter
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
# The build takes charts, fonts and prices from npm.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates nodejs npm \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# What packages are restored from goes first: it changes rarely, and its layer is kept.
COPY global.json Directory.Build.props Directory.Packages.props Npm.targets BannedSymbols.txt .editorconfig .npmrc package.json package-lock.json ./
COPY Opsmeter.Core/Opsmeter.Core.csproj Opsmeter.Core/
COPY Opsmeter.Web/Opsmeter.Web.csproj Opsmeter.Web/
RUN dotnet restore Opsmeter.Web/Opsmeter.Web.csproj --use-current-runtime -p:PublishReadyToRun=true
COPY . .
# Compiled ahead of time, as far as that goes: a restart takes a second, and the first requests after it are not slow.
RUN dotnet publish Opsmeter.Web/Opsmeter.Web.csproj --no-restore -c Release -o /app --use-current-runtime --self-contained false \
      -p:PublishReadyToRun=true -p:UseAppHost=false

FROM ${RUNTIME_IMAGE}
# Budgets are counted in the zones of tzdata.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends tzdata \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app ./
COPY LICENSE ./
RUN mkdir /data && chown 1654:1654 /data
USER 1654
# One heap, collected every 16 MB: a container has little memory, and processors with large caches would let much gather. And
# two arenas of the C library, which would make up to eight for each processor.
ENV ASPNETCORE_URLS=http://+:5080 \
    ASPNETCORE_HTTP_PORTS= \
    Storage__DataDirectory=/data \
    DOTNET_EnableDiagnostics=0 \
    DOTNET_gcServer=0 \
    DOTNET_GCgen0size=0x1000000 \
    MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 5080
# Asks with the app itself: nothing else in the image can.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["dotnet", "Opsmeter.Web.dll", "--health"]
ENTRYPOINT ["dotnet", "Opsmeter.Web.dll"]
