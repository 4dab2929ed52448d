using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SemCache.Core.Diagnostics;

namespace SemCache.Server.Hosting;

/// <summary>
/// Exports metrics for Prometheus at <c>/metrics</c> and, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, metrics and
/// traces by OTLP. Without that endpoint no spans are made at all.
/// </summary>
internal static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(WebApplicationBuilder builder)
    {
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(SemCacheMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        if (!string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]))
        {
            telemetry
                .WithTracing(traces => traces
                    .AddSource(SemCacheMetrics.ActivitySourceName)
                    .AddAspNetCoreInstrumentation())
                .UseOtlpExporter();
        }
    }
}
