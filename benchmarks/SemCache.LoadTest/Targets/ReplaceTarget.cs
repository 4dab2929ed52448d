using SemCache.LoadTest.Content;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Targets;

/// <summary>
/// Stores that replace entries by the like, prompt and response: the log, the maps and the index are written to, and what
/// every lookup has to find stays the same.
/// </summary>
internal sealed class ReplaceTarget(
    string name, ServerConnections connections, Corpus corpus, string inNamespace, Popularity popularity)
    : GrpcTarget(name, connections)
{
    protected override Task<CallOutcome> AskAsync(
        ServerConnection connection, Random random, CancellationToken cancellation) => EndAsync(
            connection.Cache.StoreAsync(
                corpus.Store(inNamespace, popularity.Next(random)), cancellationToken: cancellation),
            default(object),
            static (answer, _) => CallOutcome.Answered(
                answer.EntryId.Length == 0 ? $"not admitted: {answer.Message}" : null),
            cancellation);
}
