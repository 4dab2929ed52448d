namespace SemCache.Cli.Models.Download;

/// <summary>A file could not be had. The message is a sentence for the caller.</summary>
/// <param name="exitCode">What the command ends with.</param>
/// <param name="code">The kind of failure for programs.</param>
internal sealed class DownloadException(int exitCode, string code, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string Code { get; } = code;

    /// <summary>Whether the same command would fail again.</summary>
    public bool IsFinal => ExitCode != Cli.ExitCode.Unavailable;

    /// <summary>Nothing answers, or not in time, or again and again only with errors that may pass.</summary>
    public static DownloadException Unavailable(string message) =>
        new(Cli.ExitCode.Unavailable, "UNAVAILABLE", message);

    /// <summary>The mirror says no, and will do so again.</summary>
    public static DownloadException Refused(string message) => new(Cli.ExitCode.Refused, "REFUSED", message);

    /// <summary>What came is not the file that was asked for.</summary>
    public static DownloadException WrongContent(string message) =>
        new(Cli.ExitCode.Unexpected, "WRONG_CONTENT", message);
}
