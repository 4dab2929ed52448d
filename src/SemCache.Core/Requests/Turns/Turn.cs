namespace SemCache.Core.Requests.Turns;

/// <summary>A turn that was taken, or the reason why there was none. Dispose it, once, when the work is done.</summary>
internal readonly struct Turn : IDisposable
{
    private readonly TurnQueue? _queue;
    private readonly long _began;

    /// <summary>A turn that has begun.</summary>
    public Turn(TurnQueue queue, long began) => (_queue, _began) = (queue, began);

    /// <summary>No turn.</summary>
    public Turn(Exception refusal) => Refusal = refusal;

    /// <summary>
    /// Why the work must not be done; null when it may be. A value, to be thrown by whoever owes the caller an exception: each
    /// method that an exception passes on its way costs as much as a search does.
    /// </summary>
    public Exception? Refusal { get; }

    public void Dispose() => _queue?.Release(_began);
}
