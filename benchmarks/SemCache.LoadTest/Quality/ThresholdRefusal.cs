using Grpc.Core;
using SemCache.LoadTest.Commands;

namespace SemCache.LoadTest.Quality;

/// <summary>Explains the one refusal that a server in its default configuration answers quality lookups with.</summary>
internal static class ThresholdRefusal
{
    /// <summary>Awaits lookups with thresholds of their own.</summary>
    /// <exception cref="LoadTestException">The server refused the threshold.</exception>
    public static async Task<T> ExplainAsync<T>(Task<T> lookups)
    {
        try
        {
            return await lookups;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.InvalidArgument)
        {
            throw new LoadTestException(
                $"The server refused a lookup: {refusal.Status.Detail}{Environment.NewLine}"
                + "Thresholds below the namespace's own are allowed only by a server that is configured with "
                + "SemCache__NamespaceDefaults__MinThreshold=0 (one started with --start is).",
                refusal);
        }
    }
}
