namespace SemCache.Cli;

/// <summary>What a command's exit code says. Scripts rely on these numbers: they never change their meaning.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int Miss = 3;
    public const int NotAdmitted = 4;
    public const int Unavailable = 5;
    public const int Refused = 6;
    public const int LimitReached = 7;
    public const int PartlyFailed = 8;
    public const int NotProved = 9;
    public const int Faulty = 10;
    public const int Damaged = 11;
    public const int Interrupted = 130;

    private static readonly Dictionary<int, string> _meanings = new()
    {
        [Ok] = "done; for lookup: a hit",
        [Unexpected] = "unexpected error",
        [Usage] = "wrong usage: the command line or a given file makes no sense",
        [Miss] = "miss",
        [NotAdmitted] = "not admitted: the response may not be reused",
        [Unavailable] = "server unreachable, unavailable or not answering in time",
        [Refused] = "request refused: invalid argument, unknown or not permitted",
        [LimitReached] = "limit reached",
        [PartlyFailed] = "partly failed: some lines were bad",
        [NotProved] = "not proved: the data is too small, or contradicts what was to be proved",
        [Faulty] = "faulty: a vector index has problems",
        [Damaged] = "damaged: a log or a backup has problems",
        [Interrupted] = "interrupted",
    };

    /// <summary>All codes in ascending order.</summary>
    public static IEnumerable<int> All => _meanings.Keys.Order();

    /// <summary>The codes that every command which talks to a server may end with.</summary>
    public static IReadOnlyList<int> OfServerCommands { get; } =
        [Ok, Unexpected, Usage, Unavailable, Refused, LimitReached, Interrupted];

    public static string Meaning(int code) => _meanings[code];
}
