using SemCache.LoadTest.Content;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Sizes;

/// <summary>What became of rewordings, each asked once.</summary>
/// <param name="Asked">How many.</param>
/// <param name="AmongTen">Whose own entry was among the ten nearest that the search found.</param>
/// <param name="Served">That were answered with their own entry's response.</param>
/// <param name="ServedOther">That were answered with another's: wrong, unless the texts mean the same.</param>
/// <param name="Fit">Those that were answered with their own: what is timed.</param>
internal sealed record Findings(
    int Asked, int AmongTen, int Served, int ServedOther, [property: System.Text.Json.Serialization.JsonIgnore] Probe[] Fit)
{
    private const int Nearest = 10;

    // Few at a time: a verifier that has too much to do gives up.
    private const int InFlight = 2;

    /// <summary>The share whose own entry was among the ten nearest.</summary>
    public double RecallAtTen => (double)AmongTen / Asked;

    /// <summary>The share that was answered with its own entry.</summary>
    public double ServedShare => (double)Served / Asked;

    /// <summary>The share that was answered with another entry.</summary>
    public double ErrorRate => (double)ServedOther / Asked;

    /// <summary>Asks rewordings of entries that are spread over the namespace.</summary>
    public static async Task<Findings> AskAsync(
        ServerConnections connections, Corpus corpus, FilledNamespace filled, int most, CancellationToken cancellation)
    {
        int[] numbers = [.. filled.Spread(most)];
        Probe[] probes = [.. numbers.Select(number => corpus.Reworded(filled.Name, number))];
        LookupRequest[] asked = [.. probes.Select(probe => probe.Request)];
        LookupResponse[] answers = await connections.LookupAllAsync(InFlight, asked, cancellation);
        // A lookup that shows its candidates searches all the way; what is answered is measured by those that do not.
        LookupResponse[] explained = await connections.LookupAllAsync(
            InFlight, [.. asked.Select(Explained)], cancellation);
        bool[] isOwn = [.. probes.Zip(answers, (probe, answer) => probe.Check(answer) is null)];
        return new Findings(
            probes.Length,
            explained.Where((answer, i) => answer.Candidates.Any(near => near.Prompt.Text == corpus.Texts[numbers[i]])).Count(),
            isOwn.Count(own => own),
            answers.Where((answer, i) => answer.Outcome != Outcome.Miss && !isOwn[i]).Count(),
            [.. probes.Where((_, i) => isOwn[i])]);
    }

    private static LookupRequest Explained(LookupRequest request)
    {
        LookupRequest explained = request.Clone();
        explained.Candidates = Nearest;
        explained.Explain = true;
        return explained;
    }
}
