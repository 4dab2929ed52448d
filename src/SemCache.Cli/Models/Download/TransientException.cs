namespace SemCache.Cli.Models.Download;

/// <summary>An attempt failed in a way that may pass. Never leaves <see cref="FileDownload"/>.</summary>
/// <param name="message">What happened, to follow the address in a sentence.</param>
/// <param name="retryAfter">The pause that the mirror asked for.</param>
internal sealed class TransientException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
