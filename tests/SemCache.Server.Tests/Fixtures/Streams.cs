namespace SemCache.Server.Tests.Fixtures;

/// <summary>Streams of a call, read to their end.</summary>
public static class Streams
{
    public static async Task<List<T>> ReadToEndAsync<T>(this IAsyncStreamReader<T> stream)
    {
        var all = new List<T>();
        await foreach (T item in stream.ReadAllAsync())
        {
            all.Add(item);
        }

        return all;
    }
}
