namespace SemCache.LoadTest.Peers;

/// <summary>What the figures of `peers` are called by, and what each of them does for a caller.</summary>
internal static class PeerNames
{
    public const string ExactServer = "exact: SemCache Lookup, gRPC";
    public const string ExactGarnet = "exact: Garnet GET, RESP";
    public const string ExactEngine = "exact: SemCache in process";
    public const string SemanticServer = "semantic: SemCache Lookup, gRPC";
    public const string SemanticGarnet = "semantic: embed here, Garnet VSIM + GET";
    public const string SemanticEngine = "semantic: SemCache in process";

    private const string Matches = "compares the stored prompt, expiry, scope and age; counts what is saved; durable";
    private const string Decides = "embeds, searches, reads exact vectors back, guards, verifier: a decision";

    /// <summary>What a call does, and what it leaves to its caller.</summary>
    public static IReadOnlyList<(string Name, string Does, string Leaves)> Work { get; } =
    [
        (ExactServer, Matches, "-"),
        (ExactGarnet, "the value of a key, from memory only", "prompts and scopes as keys; durability"),
        (ExactEngine, Matches, "no server: one process has it to itself"),
        (SemanticServer, Decides, "-"),
        (SemanticGarnet, "the nearest element, however far, and its value", "threshold, guards, verification, scopes"),
        (SemanticEngine, Decides, "no server: one process has it to itself"),
    ];
}
