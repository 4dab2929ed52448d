using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Peers;

/// <summary>What every peer is asked alike: a text, and the response that belongs to it.</summary>
internal sealed record Question(string Text, string Response)
{
    /// <summary>The questions of lookups that hit.</summary>
    public static Question[] Of(IEnumerable<Probe> hits) =>
        [.. hits.Select(hit => new Question(hit.Request.Prompt.Text, hit.Response!))];

    /// <summary>What is wrong with a response; null when nothing is.</summary>
    public string? Check(string? response) =>
        response is null ? "nothing found" : response == Response ? null : "the response of another prompt";
}
