namespace SemCache.Core.Diagnostics;

/// <summary>Whether the entry log can be written. The numbers are those of the metric <c>semcache.log.state</c>.</summary>
public enum LogState
{
    /// <summary>It can.</summary>
    Healthy = 0,

    /// <summary>Its device, or a quota on it, has no space left. Ends by itself when space returns.</summary>
    DiskFull = 1,

    /// <summary>Its device fails or does not answer. Ends by itself when writes succeed again.</summary>
    Failing = 2,
}

/// <summary>Whether the entry log can be written, and if not, why. While it cannot, stores are refused and lookups go on.</summary>
/// <param name="State">Whether it can.</param>
/// <param name="Reason">What the device says; empty when it can.</param>
/// <param name="Lasting">For how long it could not; zero when it can.</param>
public readonly record struct LogStatus(LogState State, string Reason, TimeSpan Lasting)
{
    /// <summary>It can be written.</summary>
    public static LogStatus Healthy { get; } = new(LogState.Healthy, "", TimeSpan.Zero);

    /// <summary>Whether it can be written.</summary>
    public bool IsHealthy => State == LogState.Healthy;
}
