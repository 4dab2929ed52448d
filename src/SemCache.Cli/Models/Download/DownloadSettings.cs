namespace SemCache.Cli.Models.Download;

/// <summary>How patient a download is.</summary>
/// <param name="Retries">
/// Attempts after a failed one, 0 or more; an attempt that brought bytes begins the count anew.
/// </param>
/// <param name="FirstPause">Pause before the first retry; each further one doubles it.</param>
/// <param name="LongestPause">Longest pause, also when the mirror asks for a longer one.</param>
/// <param name="Timeout">Longest wait for an answer, and for the next bytes of it.</param>
internal sealed record DownloadSettings(int Retries, TimeSpan FirstPause, TimeSpan LongestPause, TimeSpan Timeout)
{
    public const int DefaultRetries = 5;

    private const int MostDoublings = 20;

    public static DownloadSettings Of(int retries, TimeSpan timeout) =>
        new(retries, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), timeout);

    /// <summary>The pause before a retry, counted from 1.</summary>
    public TimeSpan PauseBefore(int retry, TimeSpan? asked)
    {
        var pause = asked ?? FirstPause * Math.Pow(2, Math.Min(retry - 1, MostDoublings));
        return pause < LongestPause ? pause : LongestPause;
    }
}
