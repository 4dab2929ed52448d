namespace SemCache.Core;

/// <summary>Options of one namespace as configured. What is null is taken from the defaults.</summary>
public sealed class NamespaceOptions
{
    /// <summary>Lowest cosine similarity at which an entry may be considered, −1…1.</summary>
    public double? Threshold { get; set; }

    /// <summary>Lowest threshold that a request may ask for, −1…1. Default: the namespace's threshold.</summary>
    public double? MinThreshold { get; set; }

    /// <summary>Highest threshold that a request may ask for, −1…1. Default: 1.</summary>
    public double? MaxThreshold { get; set; }

    /// <summary>Time to live of entries that do not bring their own, above zero and at most <see cref="MaxTtl"/>.</summary>
    public TimeSpan? Ttl { get; set; }

    /// <summary>Longest time to live that a store may ask for, above zero and at most 36,500 days.</summary>
    public TimeSpan? MaxTtl { get; set; }

    /// <summary>
    /// Finish reasons whose responses are admitted, compared without regard to case, separated by commas. A response
    /// that names none is always admitted.
    /// </summary>
    public string? AdmittedFinishReasons { get; set; }
}

/// <summary>Options of one namespace with every default filled in.</summary>
/// <param name="Threshold">Lowest similarity at which an entry may be considered.</param>
/// <param name="MinThreshold">Lowest threshold that a request may ask for.</param>
/// <param name="MaxThreshold">Highest threshold that a request may ask for.</param>
/// <param name="Ttl">Time to live of entries that do not bring their own.</param>
/// <param name="MaxTtl">Longest time to live that a store may ask for.</param>
/// <param name="AdmittedFinishReasons">Finish reasons whose responses are admitted.</param>
public sealed record NamespaceSettings(
    double Threshold,
    double MinThreshold,
    double MaxThreshold,
    TimeSpan Ttl,
    TimeSpan MaxTtl,
    IReadOnlyList<string> AdmittedFinishReasons)
{
    /// <summary>The threshold shipped for the default model; docs/decisions tells how it was measured.</summary>
    public const double DefaultThreshold = 0.96;

    /// <summary>Longest time to live that may be configured.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromDays(36_500);

    private static readonly TimeSpan _defaultTtl = TimeSpan.FromDays(30);
    private static readonly TimeSpan _defaultMaxTtl = TimeSpan.FromDays(365);

    /// <summary>Fills what <paramref name="own"/> leaves open from <paramref name="defaults"/>, then from the product.</summary>
    public static NamespaceSettings Resolve(NamespaceOptions? own, NamespaceOptions defaults)
    {
        double threshold = own?.Threshold ?? defaults.Threshold ?? DefaultThreshold;
        TimeSpan maxTtl = own?.MaxTtl ?? defaults.MaxTtl ?? _defaultMaxTtl;
        TimeSpan ttl = own?.Ttl ?? defaults.Ttl ?? (_defaultTtl < maxTtl ? _defaultTtl : maxTtl);
        string finishReasons = own?.AdmittedFinishReasons ?? defaults.AdmittedFinishReasons ?? "stop";
        return new NamespaceSettings(
            threshold,
            own?.MinThreshold ?? defaults.MinThreshold ?? threshold,
            own?.MaxThreshold ?? defaults.MaxThreshold ?? 1,
            ttl,
            maxTtl,
            finishReasons.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
