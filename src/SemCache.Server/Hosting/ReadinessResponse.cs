using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SemCache.Server.Hosting;

/// <summary>The body of <c>/readyz</c>: the status, and behind a colon why it is not the best one.</summary>
internal static class ReadinessResponse
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        string[] reasons = [.. report.Entries.Values.Select(entry => entry.Description).OfType<string>()];
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(
            reasons.Length == 0 ? $"{report.Status}" : $"{report.Status}: {string.Join(' ', reasons)}");
    }
}
