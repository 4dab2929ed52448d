namespace SemCache.StorageBench.Appends;

/// <summary>A way to make a response durable.</summary>
internal interface IAppendTarget : IAsyncDisposable
{
    /// <summary>Appends one record; returns when it is durable.</summary>
    /// <param name="writer">Number of the caller, from 0.</param>
    /// <param name="number">Counts the caller's appends, from 0.</param>
    ValueTask AppendAsync(int writer, int number);
}
