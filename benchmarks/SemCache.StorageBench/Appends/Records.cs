using SemCache.Core;
using SemCache.Core.Storage;
using SemCache.LoadTest.Texts;

namespace SemCache.StorageBench.Appends;

/// <summary>Records as a store writes them, ready made.</summary>
internal static class Records
{
    /// <summary>Components of a vector: those of the model that ships.</summary>
    private const int Dimension = 256;

    /// <summary>A record that a log with this codec could have written.</summary>
    public static byte[] Put(RecordCodec codec, int responseBytes)
    {
        var random = new Random(responseBytes);
        float[] vector = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle())];
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        return codec.EncodePut(
            new PutHeader(Partition: 1, Guid.NewGuid(), TextHash: 2, now, now.AddDays(1)),
            new StoredVector(Fingerprint: 3, vector),
            new PutContent(
                Prompt.FromText(QuestionGenerator.Take(1)[0]),
                CachedResponse.FromText(Responses.Of(0, responseBytes)),
                Usage: null,
                Tags: []));
    }
}
