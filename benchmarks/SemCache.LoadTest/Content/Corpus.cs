using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.V1;

namespace SemCache.LoadTest.Content;

/// <summary>Texts to fill a server with, the responses that belong to them, and texts that stay unknown to it.</summary>
internal sealed class Corpus(IReadOnlyList<string> texts, int entries, int responseBytes)
{
    private const int MostProbes = 10_000;

    /// <summary>How many of the texts are stored.</summary>
    public int Entries => entries;

    /// <summary>How many rewordings, and how many unknown texts, are asked.</summary>
    public int Probes => ProbesOf(entries);

    /// <summary>All texts: those that are stored, then the unknown ones.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>How many texts are needed: those that are stored and those that are not.</summary>
    public static int TextsNeeded(int entries) => entries + ProbesOf(entries);

    /// <summary>Stores the text of this number.</summary>
    public StoreRequest Store(string inNamespace, int number) =>
        Requests.Store(inNamespace, texts[number], ResponseOf(number));

    /// <summary>Asks for a stored text in its own words.</summary>
    public Probe Exact(string inNamespace, int number) =>
        new(Requests.Lookup(inNamespace, texts[number]), Outcome.ExactHit, ResponseOf(number));

    /// <summary>Asks for a stored text in other words.</summary>
    public Probe Reworded(string inNamespace, int number) => new(
        Requests.Lookup(inNamespace, Rewordings.Of(texts[number], number)), Outcome.SemanticHit, ResponseOf(number));

    /// <summary>Asks for a text that is not stored.</summary>
    public Probe Unknown(string inNamespace, int number) =>
        new(Requests.Lookup(inNamespace, texts[entries + number]), Outcome.Miss, null);

    private static int ProbesOf(int entries) => Math.Min(entries, MostProbes);

    private string ResponseOf(int number) => Responses.Of(number, responseBytes);
}
