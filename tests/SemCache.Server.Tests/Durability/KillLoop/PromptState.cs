namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>What the server must answer for one prompt.</summary>
/// <param name="Version">Number of the stored response; 0 when there must be none.</param>
/// <param name="SureUntil">An answer before this must be the response.</param>
/// <param name="GoneFrom">A question from then on must not get the response any more.</param>
/// <param name="EntryId">Its entry's id; empty as long as the server has not told it.</param>
internal sealed record PromptState(int Version, DateTimeOffset SureUntil, DateTimeOffset GoneFrom, string EntryId)
{
    // Expiry is kept in coarser units than clocks tell.
    private static readonly TimeSpan _precision = TimeSpan.FromMilliseconds(10);

    public static PromptState None { get; } = new(0, DateTimeOffset.MaxValue, DateTimeOffset.MinValue, "");

    /// <summary>What a store asks for whose time to live begins at an unknown moment from now on.</summary>
    public static PromptState Stored(int version, DateTimeOffset sentAt, TimeSpan? ttl) => new(
        version, ttl is { } time ? sentAt + time - _precision : DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, "");

    /// <summary>The same, once the server has answered.</summary>
    public PromptState Acknowledged(DateTimeOffset answeredAt, TimeSpan? ttl, string entryId) => this with
    {
        GoneFrom = ttl is { } time ? answeredAt + time + _precision : DateTimeOffset.MaxValue,
        EntryId = entryId,
    };

    /// <summary>Whether the server may give this answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isEvicted">Whether it is missing what it should have, which only an eviction explains.</param>
    public bool Allows(Answer answer, out bool isEvicted)
    {
        isEvicted = answer.Version == 0 && Version > 0 && answer.AnsweredAt < SureUntil;
        return answer.Version == 0
            || (answer.Version == Version && answer.AskedAt < GoneFrom && (EntryId.Length == 0 || EntryId == answer.EntryId));
    }
}

/// <summary>What a lookup of a prompt came to.</summary>
/// <param name="Version">Number of the response that was served; 0 when none was.</param>
/// <param name="EntryId">The entry's id; empty when none was.</param>
/// <param name="AskedAt">When the lookup was sent, or earlier.</param>
/// <param name="AnsweredAt">When its answer had come, or later.</param>
internal readonly record struct Answer(int Version, string EntryId, DateTimeOffset AskedAt, DateTimeOffset AnsweredAt);
