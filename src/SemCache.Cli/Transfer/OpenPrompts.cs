using System.Collections.Concurrent;
using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>
/// The prompts on their way to the server. A prompt that comes again waits for its predecessor: what is in flight at
/// the same time may be stored in any order, and the last line of a file has to win. One sender; any thread may close.
/// </summary>
internal sealed class OpenPrompts
{
    /// <summary>By hash of what makes an entry replace another. Two prompts of one hash wait for each other, no more.</summary>
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _open = new();

    public async ValueTask OpenAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        var key = KeyOf(request);
        if (_open.TryGetValue(key, out var predecessor))
        {
            await predecessor.Task.WaitAsync(cancellationToken);
        }

        _open[key] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Close(StoreRequest request)
    {
        if (_open.TryRemove(KeyOf(request), out var done))
        {
            done.SetResult();
        }
    }

    private static int KeyOf(StoreRequest request) =>
        HashCode.Combine(request.Namespace, request.Scope, request.Prompt);
}
