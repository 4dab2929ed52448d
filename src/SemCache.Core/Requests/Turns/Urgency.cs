namespace SemCache.Core.Requests.Turns;

/// <summary>How a request waits for its turn.</summary>
internal enum Urgency
{
    /// <summary>Somebody waits for the answer: goes first, and is refused rather than kept waiting for long.</summary>
    Urgent,

    /// <summary>
    /// Whoever sent it can wait: an item of a stream, a store. Gives way to what is urgent, never quite, and is never
    /// refused; whoever lets it in bounds how many there are.
    /// </summary>
    Patient,
}
